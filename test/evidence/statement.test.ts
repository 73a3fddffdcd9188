import { randomUUID } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { eraseRecord } from '../../src/evidence/erase.ts'
import { rewrapAll } from '../../src/evidence/rewrap.ts'
import { openStrings } from '../../src/evidence/seal.ts'
import { destroySealingKey, rotateSealingKey } from '../../src/platform/rotation.ts'
import { HOUSING, payloadOf } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { startProvider } from '../provider.ts'

afterEach(checkWholeLog)

const SPOUSE = '99010419780629002X'
const MINUTE_SECONDS = 60

async function sealedAt({ deps }: TestGateway, index: number) {
  const row = await deps.store.db
    .selectFrom('evidence')
    .selectAll()
    .where('idx', '=', index)
    .executeTakeFirstOrThrow()
  return { sealed: row.sealed, dataKey: row.data_key, kek: row.kek }
}

async function answered() {
  const gateway = await openTestGateway({ outbound: 'real' })
  const kit = await startProvider(gateway)
  const jti = randomUUID()
  const request = gateway.request(HOUSING, { ...claimsOf('family-4-marriage'), jti })
  const reply = await gateway.send(request)
  expect(reply.status).toBe(200)
  const hash = gateway.deps.crypto.digest(request)
  const index = Number(reply.index)
  const strings = async () =>
    openStrings(gateway.deps.crypto, (await sealedAt(gateway, index)) as never, hash)
  return { gateway, kit, jti, request, reply, index, strings }
}

test('a provider’s statement opens after the key over it was replaced and destroyed', async () => {
  const { gateway, request, reply, strings } = await answered()
  const before = await strings()
  expect(payloadOf(String(before.statement))).toMatchObject({
    claims: { spouseIdNo: { value: SPOUSE } },
  })
  await rotateSealingKey(gateway.deps, gateway.dir)
  gateway.wait(1)
  // The new key is seen with the next signature.
  expect((await gateway.ask(HOUSING, claimsOf('family-1-husband-identity'))).status).toBe(200)
  const done = await rewrapAll(gateway.deps, gateway.gateway.sealingKid(), async () => {})
  expect(done).toEqual({ rewrapped: 2, unopened: [] })
  gateway.wait(MINUTE_SECONDS + 1)
  await destroySealingKey(gateway.deps, gateway.dir, 'sealing-1')
  gateway.wait(1)
  expect(await strings()).toEqual(before)
  expect((await gateway.send(request)).text).toBe(reply.text)
})

test('a provider’s statement is erased with its request, the intent’s copy too, and never asked for again', async () => {
  const { gateway, kit, jti, request, index, strings } = await answered()
  const erased = await eraseRecord(gateway.deps, { jti })
  expect(erased.records).toEqual([index - 1, index])
  for (const one of erased.records)
    expect(await sealedAt(gateway, one)).toEqual({ sealed: null, dataKey: null, kek: null })
  await expect(strings()).rejects.toThrow()
  expect((await gateway.send(request)).problem?.code).toBe('answer-erased')
  gateway.wait(MINUTE_SECONDS * 2)
  expect((await gateway.send(request)).problem?.code).toBe('answer-erased')
  expect(kit.calls.count).toBe(1)
})

test('what is still being asked is not erased, and is afterwards', async () => {
  const gateway = await openTestGateway({ outbound: 'real' })
  const jti = randomUUID()
  const attempts: string[] = []
  await startProvider(gateway, {
    source: {
      register: 'marriage-live',
      version: () => '7',
      answer: async () => {
        await eraseRecord(gateway.deps, { jti }).catch(({ code }) => attempts.push(code))
        return { outcome: 'NO_RECORD' }
      },
    },
  })
  expect((await gateway.ask(HOUSING, { ...claimsOf('family-4-marriage'), jti })).status).toBe(200)
  expect(attempts).toEqual(['running'])
  expect((await eraseRecord(gateway.deps, { jti })).records).toHaveLength(2)
})
