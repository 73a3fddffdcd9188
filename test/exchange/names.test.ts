import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { residentAt } from '../../seed/people.ts'
import { stageSnapshot, switchSnapshot } from '../../src/connector/import.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { MATCHING, UNDECIDABLE } from '../contract/names.ts'
import { checkWholeLog, NOW, openTestGateway, type TestGateway } from '../harness.ts'

/** What a register can hold and a request can carry: well-formed text of at least one character. */
const carried = UNDECIDABLE.filter(([name]) => name !== '' && name.isWellFormed())
const CASES = [
  ...MATCHING.map(([a, b, why]) => ({ a, b, why, result: 'MATCH' })),
  ...carried.map(([a, b, why]) => ({ a, b, why, result: 'UNDETERMINED' })),
]
const question = claimsOf('family-1-husband-identity')

let gateway: TestGateway

/** Of each pair two people: one registered as the first name, one as the second. */
beforeAll(async () => {
  gateway = await openTestGateway()
  const held = CASES.flatMap(({ a, b }) => [a, b])
  const rows = held.map((name, i) => ({
    line: i + 2,
    row: { id_no: residentAt(i).idNo, name, card_status: 'VALID' },
  }))
  const { registry, store } = gateway.deps
  const register = (await registry.view()).registers.get('resident')?.register
  if (!register) throw new Error('no register of residents')
  const staged = await stageSnapshot(store.db, rows, { register, asOf: NOW, version: 'names' })
  await switchSnapshot(store.db, register.id, staged)
  await registry.refresh()
})

afterAll(checkWholeLog)

async function resultOf(index: number, name: string) {
  const subject = { idNo: residentAt(index).idNo, name }
  const ask = [{ claim: 'match', equals: true }]
  const { answer = {} } = await gateway.ask(HOUSING, { ...question, subject, ask })
  return answer.claims
}

describe('names, asked over HTTP about a register that holds the other spelling', () => {
  test('are twenty that match and twenty that cannot be decided', () => {
    expect(MATCHING.length).toBeGreaterThanOrEqual(20)
    expect(carried.length).toBeGreaterThanOrEqual(20)
  })

  test.each(CASES.map((one, i) => ({ ...one, i })))(
    '$result: $why',
    async ({ a, b, result, i }) => {
      expect(await resultOf(2 * i, b)).toEqual({ match: { result } })
      expect(await resultOf(2 * i + 1, a)).toEqual({ match: { result } })
    },
  )
})
