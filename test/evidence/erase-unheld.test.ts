import { createHash, randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { eraseRecord } from '../../src/evidence/erase.ts'
import { closeOrphans } from '../../src/exchange/intend.ts'
import { parseLeaf } from '../../src/log/entry.ts'
import { LogUnavailable } from '../../src/log/unavailable.ts'
import { HOUSING, SERVICE_CENTRE } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { startProvider } from '../provider.ts'

afterEach(checkWholeLog)

const marriage = claimsOf('family-4-marriage')
const hashOf = (request: string) => createHash('sha256').update(request).digest('base64url')

/** A request that the day's quota refuses: retryable, so nothing holds its `jti`. */
async function refused(members = {}) {
  const gateway = await openTestGateway()
  await gateway.amend('agreement', 'housing-mar', { dailyQuota: 0 })
  const jti = randomUUID()
  const request = gateway.request(HOUSING, { ...marriage, ...members, jti })
  const { index, problem } = await gateway.send(request)
  expect(problem?.code).toBe('quota')
  return { gateway, jti, request, index: Number(index) }
}

async function sealedOf({ deps }: TestGateway) {
  const rows = await deps.store.db
    .selectFrom('evidence')
    .select('idx')
    .where('sealed', 'is not', null)
    .orderBy('idx')
    .execute()
  return rows.map(({ idx }) => idx)
}

describe('a request of which there are only refusals that may be retried', () => {
  test('is found by its jti, and its retry is not executed even where it now could be', async () => {
    const { gateway, jti, request, index } = await refused()
    const erased = await eraseRecord(gateway.deps, { jti })
    expect(erased).toMatchObject({ erased: index, records: [index], system: HOUSING })
    await gateway.amend('agreement', 'housing-mar', { dailyQuota: 10 })
    expect((await gateway.send(request)).problem?.code).toBe('answer-erased')
    expect((await gateway.read(HOUSING, `/v1/requests/${jti}`)).problem?.code).toBe('answer-erased')
    expect(gateway.calls.provider).toBe(0)
    expect(await sealedOf(gateway)).toEqual([])
    await expect(eraseRecord(gateway.deps, { jti })).rejects.toMatchObject({ code: 'already' })
    const hash = hashOf(request)
    await expect(eraseRecord(gateway.deps, { hash })).rejects.toMatchObject({ code: 'already' })
  })

  test('is found by its hash; the erasure names it without its jti', async () => {
    const { gateway, jti, request, index } = await refused()
    const { entry } = await eraseRecord(gateway.deps, { hash: hashOf(request) })
    const text = String(await gateway.deps.store.readLeaf(entry))
    expect(parseLeaf(text)).toMatchObject({ caller: HOUSING, erases: [index] })
    expect(text).not.toContain(jti)
    expect((await gateway.send(request)).problem?.code).toBe('answer-erased')
  })

  test('loses all its records, another request none', async () => {
    const { gateway, jti, request, index } = await refused()
    await gateway.send(request)
    const { index: other } = await gateway.ask(HOUSING, marriage)
    const { records } = await eraseRecord(gateway.deps, { jti })
    expect(records).toEqual([index, index + 1])
    expect(await sealedOf(gateway)).toEqual([Number(other)])
  })

  test('is one of several under its jti: the hash decides', async () => {
    const { gateway, jti, request } = await refused()
    const other = gateway.request(HOUSING, { ...marriage, case: 'ZB-2026-0777', jti })
    const { index } = await gateway.send(other)
    const ambiguous = await eraseRecord(gateway.deps, { jti }).catch((error) => error)
    expect(ambiguous.code).toBe('ambiguous')
    expect(ambiguous.message).toContain(hashOf(request))
    expect(await eraseRecord(gateway.deps, { hash: hashOf(other) })).toMatchObject({
      records: [Number(index)],
    })
  })

  test.each([
    ['another jti', { jti: randomUUID() }],
    ['another system', { system: SERVICE_CENTRE }],
    ['another hash', { hash: hashOf('') }],
    ['a hash that is a pattern', { hash: '%' }],
  ])('is not found by %s', async (_, named) => {
    const { gateway, jti, index } = await refused()
    const size = gateway.size()
    const failed = await eraseRecord(gateway.deps, { jti, ...named }).catch((error) => error)
    expect(failed.code).toBe('unknown')
    expect(gateway.size()).toBe(size)
    expect(await sealedOf(gateway)).toEqual([index])
  })

  test('is not erased under a retry that takes its jti in that moment', async () => {
    const { gateway, jti, request } = await refused()
    await gateway.amend('agreement', 'housing-mar', { dailyQuota: 10 })
    const { log } = gateway.deps
    let raced = false
    const append: typeof log.append = async (draft) => {
      if (!raced) expect((await gateway.send(request)).status).toBe(200)
      raced = true
      return log.append(draft)
    }
    const { records } = await eraseRecord({ ...gateway.deps, log: { ...log, append } }, { jti })
    expect(records).toHaveLength(2)
    expect(await sealedOf(gateway)).toEqual([])
    expect((await gateway.send(request)).problem?.code).toBe('answer-erased')
  })

  test('is erased with what was recorded of it meanwhile', async () => {
    const { gateway, jti, request } = await refused()
    const { log } = gateway.deps
    let raced = false
    const append: typeof log.append = async (draft) => {
      if (!raced) expect((await gateway.send(request)).problem?.code).toBe('quota')
      raced = true
      return log.append(draft)
    }
    const { records } = await eraseRecord({ ...gateway.deps, log: { ...log, append } }, { jti })
    expect(records).toHaveLength(2)
    expect(await sealedOf(gateway)).toEqual([])
  })
})

test('a request that was cut off waits until its intent is closed, then is erased', async () => {
  const gateway = await openTestGateway({
    outbound: 'real',
    bend: (deps) => {
      const append: typeof deps.log.append = (draft) =>
        draft.ends === undefined
          ? deps.log.append(draft)
          : Promise.reject(new LogUnavailable('killed'))
      return { ...deps, log: { ...deps.log, append } }
    },
  })
  await startProvider(gateway)
  const jti = randomUUID()
  const request = gateway.request(HOUSING, { ...marriage, jti })
  const intent = gateway.size()
  expect((await gateway.send(request)).problem?.code).toBe('log-unavailable')
  for (const named of [{ jti }, { hash: hashOf(request) }])
    await expect(eraseRecord(gateway.deps, named)).rejects.toMatchObject({ code: 'running' })
  await closeOrphans({ ...gateway.deps, log: gateway.gateway.deps.log }, Number.MAX_SAFE_INTEGER)
  expect(await eraseRecord(gateway.deps, { jti })).toMatchObject({ records: [intent] })
  expect(await sealedOf(gateway)).toEqual([])
  expect((await gateway.send(request)).problem?.code).toBe('answer-erased')
})
