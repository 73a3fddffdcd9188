import fc from 'fast-check'
import * as Schema from 'typebox/schema'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { requestSchema } from '../../src/exchange/request.ts'

const compiled = Schema.Compile(z.toJSONSchema(requestSchema, { io: 'input' }) as object)

const GOOD = {
  iss: 'housing-bureau',
  aud: 'https://gateway.example',
  iat: 1_800_000_000,
  exp: 1_800_000_300,
  jti: '0f6f0c5e-3a52-4d2f-9a44-6d1d9a3c2b10',
  requester: '11990100MB9901075L',
  item: 'MAR-01@1',
  purpose: { service: 'S04', basis: 'PRH-MEASURES', scenario: 'eligibility-review' },
  case: 'ZB-2026-0311',
  official: { id: 'ZJ-0417', position: '住房保障科审核岗' },
  authorization: { kind: 'consent', ref: '核查授权书', hash: 'a'.repeat(43) },
  subject: { idNo: '990104197812170016', name: '戴如远' },
  ask: [
    { claim: 'status', equals: 'REGISTERED' },
    { claim: 'regDate', in: ['a', 1, true] },
  ],
}

const paths = [
  ...Object.keys(GOOD).map((name) => [name]),
  ['purpose', 'service'],
  ['official', 'id'],
  ['official', 'position'],
  ['authorization', 'kind'],
  ['authorization', 'ref'],
  ['authorization', 'hash'],
  ['ask', '0', 'claim'],
  ['ask', '0', 'equals'],
  ['ask', '1', 'in'],
  ['extra'],
  ['purpose', 'extra'],
  ['ask', '0', 'extra'],
]
const odd = fc.oneof(
  fc.anything(),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom(
    '',
    '\u0000',
    '𠮷'.repeat(70),
    '𠮷'.repeat(128),
    'x'.repeat(129),
    2 ** 60,
    1.5,
    -0,
    null,
  ),
  fc.constantFrom('MAR-01@0', 'MAR-01@99999', 'MAR-01\n', GOOD.jti.toUpperCase(), `${GOOD.jti}\n`),
  fc.constantFrom([], [1], Array(9).fill(1), Array(17).fill({ claim: 'a' })),
)

function changed(path: readonly string[], value: unknown): unknown {
  const copy = structuredClone(GOOD) as Record<string, unknown>
  const last = path.at(-1) as string
  const holder = path.slice(0, -1).reduce((at, name) => at[name] as Record<string, unknown>, copy)
  if (value === undefined) delete holder[last]
  else holder[last] = value
  return copy
}

describe('the compiled request schema', () => {
  it('passes a good request', () => {
    expect(compiled.Check(GOOD)).toBe(true)
    expect(requestSchema.safeParse(GOOD).success).toBe(true)
  })

  it('never passes what the zod schema refuses (but for the lifetime, judged beside it)', () => {
    fc.assert(
      fc.property(fc.constantFrom(...paths), odd, (path, value) => {
        const request = changed(path, value)
        if (!compiled.Check(request)) return
        const refused = requestSchema.safeParse(request).error?.issues ?? []
        expect(refused.filter(({ path: at }) => at.join() !== 'exp')).toEqual([])
      }),
      { numRuns: 3000 },
    )
  })
})
