import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseReceipt } from '../../src/log/receipt.ts'
import type { Trust, TrustedKey } from '../../src/log/trust.ts'
import { type Verdict, verifyEvidence } from '../../src/log/verify.ts'
import { type Bend, CALLER, evidenceWorld, hashOf, ISSUER, signingKey } from './evidence.ts'
import { logKey } from './log-key.ts'
import { sha256 } from './naive-tree.ts'

const world = await evidenceWorld()
const { trust } = world
const REQUEST = { typ: 'assistance-request+jwt' }
const REFUSED = 'assistance-refusal+jwt'
const honest = await world.bundle('exchange')
const refusal = await world.bundle('refusal')

/** The names of the checks that failed. */
function failed({ ok, checks }: Verdict): string[] {
  const names = Object.entries(checks).filter(([, check]) => !check.ok)
  expect(ok).toBe(names.length === 0)
  for (const [, { detail }] of names) expect(detail).not.toBe('')
  return names.map(([name]) => name)
}

async function failedOf(bundle: unknown, given: Trust = trust): Promise<string[]> {
  return failed(await verifyEvidence(bundle, given, sha256))
}

/** What an answer says of a request whose jti the gateway could not read. */
function about(request: string) {
  return { request: { hash: hashOf(request) } }
}

/** The trust file with other members for the caller's, or the gateway's, one key. */
function trusting(who: 'caller' | 'gateway', change: Partial<TrustedKey>): Trust {
  const changed = [{ ...world[who].trusted, ...change }]
  return who === 'gateway'
    ? { ...trust, gateway: changed }
    : { ...trust, callers: { [CALLER]: changed } }
}

describe('verifyEvidence, honest evidence', () => {
  it('accepts an answer and a refusal, and tells what was recorded', async () => {
    const verdict = await verifyEvidence(honest, trust, sha256)
    expect(failed(verdict)).toEqual([])
    expect(verdict.size).toBe(300)
    expect(verdict.entry).toMatchObject({ caller: CALLER, outcome: 'ANSWERED' })
    expect(verdict.checks.inclusion.detail).toBe('leaf 260 of 300')
    expect(await failedOf(refusal)).toEqual([])
  })

  it('accepts it after both keys were revoked or have ended', async () => {
    const later = { revokedAt: '2026-11-21T08:00:00.001Z', validTo: '2026-12-01T00:00:00Z' }
    expect(await failedOf(honest, trusting('caller', later))).toEqual([])
    expect(await failedOf(honest, trusting('gateway', later))).toEqual([])
  })

  it('accepts the refusal of a request without a jti', async () => {
    const request = await world.caller.sign(REQUEST, { iss: CALLER, aud: ISSUER })
    const bare = await world.bundleOf('refusal', request, { answer: about(request) })
    expect(await failedOf(bare)).toEqual([])
    const named = await world.bundleOf('refusal', request)
    expect(await failedOf(named)).toEqual(['binding'])
  })

  it('accepts the refusal of a request that names a member twice, not an answer to it', async () => {
    const claims = `{"iss":"${CALLER}","aud":"${ISSUER}","jti":"j-1","ask":1,"ask":2}`
    const request = await world.caller.sign(REQUEST, claims)
    expect(await failedOf(await world.bundleOf('refusal', request))).toEqual([])
    expect(await failedOf(await world.bundleOf('exchange', request))).toEqual(['binding'])
  })
})

describe('verifyEvidence, dishonest evidence', () => {
  it('refuses a bundle with any bit flipped', async () => {
    const members = ['request', 'answer', 'entry', 'receipt'] as const
    const places = fc.constantFrom(...members).chain((member) =>
      fc.record({
        member: fc.constant(member),
        at: fc.nat(honest[member].length - 1),
        bit: fc.nat(6),
      }),
    )
    await fc.assert(
      fc.asyncProperty(places, async ({ member, at, bit }) => {
        const text = honest[member]
        const flipped = String.fromCharCode(text.charCodeAt(at) ^ (1 << bit))
        const edited = text.slice(0, at) + flipped + text.slice(at + 1)
        expect(await failedOf({ ...honest, [member]: edited })).not.toEqual([])
      }),
      { numRuns: 1500 },
    )
  })

  it('refuses parts of two honest bundles put together', async () => {
    const other = await world.bundle('exchange', { request: { jti: 'j-2' } })
    for (const member of ['request', 'answer', 'entry', 'receipt'] as const) {
      expect(await failedOf({ ...honest, [member]: other[member] })).not.toEqual([])
    }
    expect(await failedOf({ ...honest, request: honest.answer, answer: honest.request })).toContain(
      'signature',
    )
  })

  it.each<[string, Bend, string[]]>([
    ['a request of another type', { requestHeader: { typ: 'JWT' } }, ['signature']],
    ['a refusal passed as an answer', { answerHeader: { typ: REFUSED } }, ['signature']],
    ['a header with a jwk', { requestHeader: { jwk: {} } }, ['signature', 'binding']],
    ['an unknown kid', { requestHeader: { kid: 'caller-2' } }, ['signature']],
    ['a kid of the other side', { answerHeader: { kid: 'caller-1' } }, ['signature']],
    ['an unknown caller', { request: { iss: 'nobody' } }, ['signature', 'binding']],
    ['a caller named __proto__', { request: { iss: '__proto__' } }, ['signature', 'binding']],
    ['a request to another gateway', { request: { aud: 'https://b.example' } }, ['binding']],
    ['two audiences', { request: { aud: [ISSUER] } }, ['binding']],
    ['a request without a jti', { request: { jti: undefined } }, ['binding']],
    ['another jti in the answer', { answer: { request: { jti: 'j-2' } } }, ['binding']],
    ['an answer to nobody', { answer: { request: undefined } }, ['binding']],
    ['an answer to another caller', { answer: { aud: 'nobody' } }, ['binding']],
    ['an answer by another issuer', { answer: { iss: 'https://b.example' } }, ['binding']],
    ['another outcome in the answer', { answer: { outcome: 'NO_RECORD' } }, ['binding']],
    ['another outcome in the entry', { leaf: { outcome: 'NO_RECORD' } }, ['binding']],
    ['another item in the entry', { leaf: { item: 'MAR-02@1' } }, ['binding']],
    ['another caller in the entry', { leaf: { caller: 'nobody' } }, ['binding']],
    ['another request in the entry', { leaf: { requestHash: hashOf('') } }, ['binding']],
    ['another answer in the entry', { leaf: { answerHash: hashOf('') } }, ['binding']],
    ['an entry of another kind', { leaf: { kind: 'registry' } }, ['signature', 'binding']],
    ['an entry of another version', { leaf: { v: 2 } }, ['signature', 'binding']],
    ['a time before its keys', { leaf: { time: '2025-12-31T23:59:59.999Z' } }, ['signature']],
  ])('refuses %s', async (_, bend, checks) => {
    expect(await failedOf(await world.bundle('exchange', bend))).toEqual(checks)
  })

  it('refuses a refusal with another code, and an answer passed as a refusal', async () => {
    const code = await world.bundle('refusal', { answer: { code: 'rate' } })
    expect(await failedOf(code)).toEqual(['binding'])
    const typ = { answerHeader: { typ: 'assistance-answer+jwt' } }
    expect(await failedOf(await world.bundle('refusal', typ))).toEqual(['signature'])
  })

  it('refuses an entry that is not canonical, even when the log holds it', async () => {
    const entry = honest.entry.replace(',', ', ')
    const receipt = world.receiptFor(entry)
    const checks = ['signature', 'binding']
    expect(await failedOf({ ...honest, entry, receipt })).toEqual(checks)
  })

  it('refuses a checkpoint by another key, and a log that is not trusted', async () => {
    const forger = logKey(world.log.name, 'forger')
    const receipt = world.receiptFor(honest.entry, forger)
    expect(await failedOf({ ...honest, receipt })).toEqual(['checkpoint'])
    expect(await failedOf(honest, { ...trust, log: [] })).toEqual(['checkpoint'])
    const [log] = trust.log as [Trust['log'][number]]
    const renamed = { ...trust, log: [{ ...log, origin: 'other.example/log' }] }
    expect(await failedOf(honest, renamed)).toEqual(['checkpoint'])
    const rotated = { ...trust, log: [{ ...log, vkey: forger.vkey }, log] }
    expect(await failedOf(honest, rotated)).toEqual([])
  })

  it('refuses a receipt for another leaf, or with unauthenticated data', async () => {
    const { receipt } = honest
    expect(parseReceipt(receipt).index).toBe(260)
    const moved = receipt.replace('index 260', 'index 261')
    expect(await failedOf({ ...honest, receipt: moved })).toEqual(['inclusion'])
    const extra = receipt.replace('index', 'extra AQI=\nindex')
    expect(await failedOf({ ...honest, receipt: extra })).toEqual(['inclusion', 'checkpoint'])
  })

  it('counts a key only within its validity', async () => {
    const ends = { caller: '2026-11-21T07:59:00.000Z', gateway: '2026-11-21T08:00:00.000Z' }
    for (const who of ['caller', 'gateway'] as const) {
      for (const change of [
        { validFrom: '2026-11-21T08:00:00.001Z' },
        { validTo: ends[who] },
        { revokedAt: ends[who] },
        { revokedAt: 'unreadable' },
        { validFrom: '' },
      ]) {
        expect(await failedOf(honest, trusting(who, change))).toEqual(['signature'])
      }
    }
  })

  it("accepts a caller's key that ended while the request was on its way", async () => {
    const ended = { revokedAt: '2026-11-21T07:59:30.000Z' }
    expect(await failedOf(honest, trusting('caller', ended))).toEqual([])
    expect(await failedOf(honest, trusting('gateway', ended))).toEqual(['signature'])
  })

  it('takes the algorithm and the kind of key from the trust file', async () => {
    const other = (await signingKey('caller-1', 'Ed25519')).trusted
    const { jwk } = world.caller.trusted
    for (const change of [
      { alg: 'Ed25519' } as const,
      { alg: other.alg, jwk: other.jwk },
      { jwk: other.jwk },
      { jwk: { ...jwk, use: 'enc' } },
      { jwk: { ...jwk, alg: 'ES384' } },
      { jwk: { ...jwk, key_ops: ['sign'] } },
      { jwk: {} },
    ]) {
      expect(await failedOf(honest, trusting('caller', change))).toEqual(['signature'])
    }
  })
})

describe('verifyEvidence, input that is no bundle', () => {
  const all = ['signature', 'binding', 'inclusion', 'checkpoint']
  const { jwk } = world.gateway.trusted

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', JSON.stringify(honest)],
    ['a list', [honest]],
    ['an empty object', {}],
    ['a missing member', { ...honest, receipt: undefined }],
    ['a member that is no string', { ...honest, entry: { v: 1 } }],
    ['a key of its own', { ...honest, jwk }],
    ['a trust file of its own', { ...honest, trust }],
    ['a symbol', { ...honest, [Symbol('x')]: 1 }],
    ['two megabytes', { ...honest, entry: 'x'.repeat(2 ** 21) }],
    ['members of its prototype', Object.create(honest)],
    [
      'a getter that throws',
      Object.defineProperty({ ...honest }, 'entry', {
        enumerable: true,
        get: () => {
          throw new Error('never')
        },
      }),
    ],
  ])('refuses %s in every check', async (_, bundle) => {
    expect(await failedOf(bundle)).toEqual(all)
  })

  it('gives a verdict for any strings', async () => {
    const texts = fc.oneof(fc.string(), fc.constantFrom(...Object.values(honest)))
    const bundles = fc.record({ request: texts, answer: texts, entry: texts, receipt: texts })
    await fc.assert(
      fc.asyncProperty(bundles, async (bundle) => {
        const same = JSON.stringify(bundle) === JSON.stringify(honest)
        expect((await failedOf(bundle)).length === 0).toBe(same)
      }),
    )
  })

  it('gives a verdict where the trust file is broken', async () => {
    expect(await failedOf(honest, {} as Trust)).toEqual(['signature', 'binding', 'checkpoint'])
  })
})
