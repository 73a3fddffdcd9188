import { afterEach, describe, expect, test } from 'vitest'
import { eraseRecord } from '../../src/evidence/erase.ts'
import { openStrings } from '../../src/evidence/seal.ts'
import { parseLeaf } from '../../src/log/entry.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkStored, checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'

afterEach(checkWholeLog)

const identity = claimsOf('family-1-husband-identity')
const marriage = claimsOf('family-4-marriage')
const SURNAMES = [...'赵钱孙李周吴郑王冯陈褚卫']

/** What is left of a person in the sealed evidence of every record. */
async function recoverable({ deps }: TestGateway, needle: string): Promise<number[]> {
  const rows = await deps.store.db
    .selectFrom('evidence')
    .innerJoin('entry', 'entry.idx', 'evidence.idx')
    .selectAll()
    .execute()
  return rows.flatMap(({ idx, leaf, sealed, data_key, kek }) => {
    const { requestHash } = parseLeaf(leaf)
    if (!sealed || !data_key || !kek || !requestHash) return []
    const { request } = openStrings(deps.crypto, { sealed, dataKey: data_key, kek }, requestHash)
    const payload = Buffer.from(request.split('.')[1] ?? '', 'base64url').toString()
    return payload.includes(needle) ? [idx] : []
  })
}

describe('guessing', () => {
  test('of a name, in a claim or as a confirmation, is bounded like any other', async () => {
    const gateway = await openTestGateway()
    const tried = async (claims: typeof identity) => {
      const codes: unknown[] = []
      for (const surname of SURNAMES) {
        const subject = { ...claims.subject, name: `${surname}如远` }
        codes.push((await gateway.ask(HOUSING, { ...claims, subject })).problem?.code)
      }
      return codes.indexOf('probing')
    }
    expect(await tried({ ...identity, ask: [{ claim: 'match', equals: true }] })).toBe(10)
    expect(await tried({ ...marriage, ask: [{ claim: 'status' }] })).toBe(10)
  })

  test('of a range counts more than of a value', async () => {
    const gateway = await openTestGateway()
    const codes: unknown[] = []
    for (const year of [1990, 2000, 2005, 2008]) {
      const ask = [{ claim: 'regDate', atLeast: `${year}-01-01` }]
      codes.push((await gateway.ask(HOUSING, { ...marriage, ask })).problem?.code)
    }
    expect(codes).toEqual([undefined, undefined, undefined, 'probing'])
  })

  test('by a name that nothing can be compared with tells nothing of whether there is a record', async () => {
    const gateway = await openTestGateway()
    const nobody = claimsOf('mar-no-record-is-not-unmarried').subject
    for (const name of ['?', '□如远', '··', '\ue000'])
      for (const { idNo } of [marriage.subject, nobody]) {
        const { answer } = await gateway.ask(HOUSING, { ...marriage, subject: { idNo, name } })
        expect(answer?.outcome).toBe('UNDETERMINED')
      }
  })
})

describe('what a person has', () => {
  test('elsewhere is not told to who may ask about one region', async () => {
    const gateway = await openTestGateway()
    const details = claimsOf('re-details-with-consent')
    const whole = await gateway.ask(HOUSING, { ...details, ask: [{ claim: 'units' }] })
    const { claims } = whole.answer as { claims: { units: { value: { region: string }[] } } }
    const regions = claims.units.value.map(({ region }) => region)
    expect(new Set(regions).size).toBeGreaterThan(1)
    const subject = { ...details.subject, region: '990102' }
    const part = await gateway.ask(HOUSING, { ...details, subject, ask: [{ claim: 'units' }] })
    const told = part.answer as { claims: { units: { value: { region: string }[] } } }
    expect(told.claims.units.value.every(({ region }) => region === '990102')).toBe(true)
  })
})

describe('erasure', () => {
  test('takes every record of the request, and a retry does not bring it back', async () => {
    const gateway = await openTestGateway()
    await gateway.amend('agreement', 'housing-mar', { dailyQuota: 0 })
    const request = gateway.request(HOUSING, marriage)
    expect((await gateway.send(request)).status).toBe(429)
    await gateway.amend('agreement', 'housing-mar', { dailyQuota: 10 })
    expect((await gateway.send(request)).status).toBe(200)
    const name = String(marriage.subject.name)
    expect(await recoverable(gateway, name)).toHaveLength(2)
    const { jti } = JSON.parse(Buffer.from(request.split('.')[1] ?? '', 'base64url').toString())
    expect((await eraseRecord(gateway.deps, { jti })).records).toHaveLength(2)
    expect((await gateway.send(request)).problem?.code).toBe('answer-erased')
    expect(await recoverable(gateway, name)).toEqual([])
    await expect(eraseRecord(gateway.deps, { jti })).rejects.toMatchObject({ code: 'already' })
  })

  test('without an erasure entry is found', async () => {
    const gateway = await openTestGateway()
    const { index } = await gateway.ask(HOUSING, marriage)
    await gateway.deps.store.db.deleteFrom('evidence').where('idx', '=', Number(index)).execute()
    const { faults } = await checkStored(gateway.gateway)
    expect(faults).toMatchObject([{ index }])
    await gateway.close()
  })
})

describe('a request that cannot be told from its retry', () => {
  test('by a jti is told by its exact bytes', async () => {
    const gateway = await openTestGateway()
    const request = gateway.request(HOUSING, { ...marriage, jti: 7 })
    const first = await gateway.send(request)
    const size = gateway.size()
    expect(first.problem?.code).toBe('request-schema')
    expect((await gateway.send(request)).text).toBe(first.text)
    expect(gateway.size()).toBe(size)
  })
})
