import { afterEach, describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { parseLeaf } from '../../src/log/entry.ts'
import { callerWith, HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, ISSUER, NOW, openTestGateway, type TestGateway } from '../harness.ts'
import { OPERATOR, OPERATOR_PRIVATE, type Upload, uploadHeaders } from '../operator.ts'
import { replyOf } from '../reply.ts'
import { readText } from '../seed/seed.ts'

afterEach(checkWholeLog)

type Bend = Parameters<typeof uploadHeaders>[2]

async function put(gateway: TestGateway, upload: Upload, bend?: Bend, sent = upload) {
  const when = { issuer: ISSUER, nowMillis: gateway.clock.now }
  const { path, body } = sent
  const headers = uploadHeaders(upload, when, bend)
  return replyOf('', await gateway.app.request(path, { method: 'PUT', body, headers }))
}

const HEAD = 'id_no,name,spouse_id_no,status,reg_date,reg_authority'
const HUSBAND = '990104197812170016,戴如远,,DISSOLVED,2026-11-01,11990100MB99010327'
const WIFE = '99010419780629002X,夏姝,,DISSOLVED,2026-11-01,11990100MB99010327'

function marriages(...lines: string[]): Upload {
  const body = [HEAD, ...lines, ''].join('\n')
  return { path: '/v1/operator/registers/marriage', body, type: 'text/csv' }
}

function registry(documents: Record<string, unknown>): Upload {
  const names = ['agencies', 'systems', 'items', 'agreements', 'registers', 'contracts']
  const empty = Object.fromEntries(names.map((name) => [name, []]))
  const body = JSON.stringify({ ...empty, ...documents })
  return { path: '/v1/operator/registry', body, type: 'application/json' }
}

async function statusNow(gateway: TestGateway) {
  gateway.wait(1)
  const { answer } = await gateway.ask(HOUSING, {
    ...claimsOf('family-4-marriage'),
    ask: [{ claim: 'status' }],
  })
  const claims = answer?.claims as { status: { value: unknown } }
  return { status: claims.status.value, asOf: answer?.asOf }
}

/** Nothing of it is used: the old snapshot answers, and no row of the new one is left. */
async function expectUnchanged(gateway: TestGateway, size: number): Promise<void> {
  expect(gateway.size()).toBe(size)
  const { db } = gateway.deps.store
  const staged = await db.selectFrom('snapshot').select('id').where('complete', '=', 0).execute()
  expect(staged).toEqual([])
  expect((await statusNow(gateway)).status).toBe('REGISTERED')
}

describe('a register that is uploaded', () => {
  test('answers at once, is recorded, and says as of when it is true', async () => {
    const gateway = await openTestGateway()
    const asOf = new Date(NOW - 86_400_000).toISOString()
    const reply = await put(gateway, marriages(HUSBAND, WIFE), { claims: { asOf } })
    expect(reply.status).toBe(200)
    const said = JSON.parse(reply.text)
    expect(said).toMatchObject({ register: 'marriage', rows: 2, version: asOf })
    expect(parseLeaf((await gateway.deps.store.readLeaf(said.entry)) as string)).toMatchObject({
      kind: 'registry',
      change: { what: 'snapshot', id: 'marriage' },
    })
    expect(await statusNow(gateway)).toEqual({ status: 'DISSOLVED', asOf })
  })

  test.each([
    ['a row that does not fit', marriages(HUSBAND, WIFE.replace('DISSOLVED', '离婚')), '/lines/3'],
    ['no rows at all', marriages(), '/lines'],
    ['a row with a cell too many', marriages(`${HUSBAND},x`), '/lines/2'],
  ])('with %s is not used at all, and the place is named without the value', async (...given) => {
    const [, upload, place] = given
    const gateway = await openTestGateway()
    const size = gateway.size()
    const reply = await put(gateway, upload)
    expect(reply.problem?.code).toBe('parameters')
    expect(reply.problem?.pointers?.[0]).toMatch(new RegExp(`^${place}`))
    expect(reply.text).not.toContain('离婚')
    await expectUnchanged(gateway, size)
  })

  test('in another encoding than UTF-8 is not used', async () => {
    const gateway = await openTestGateway()
    const size = gateway.size()
    const body = new Uint8Array([...new TextEncoder().encode(`${HEAD}\n`), 0xb4, 0xf7])
    const reply = await put(gateway, { ...marriages(), body })
    expect(reply.problem?.code).toBe('parameters')
    await expectUnchanged(gateway, size)
  })

  test('must be one that the registry knows', async () => {
    const gateway = await openTestGateway()
    const path = '/v1/operator/registers/nothing'
    expect((await put(gateway, { ...marriages(HUSBAND), path })).problem?.code).toBe('not-found')
  })
})

describe('registry documents that are uploaded', () => {
  const system = {
    id: 'newcomer',
    agency: '11990100MB99010327',
    names: { zh: '新系统', en: 'A new system' },
    actsFor: ['11990100MB99010327'],
    roles: ['caller'],
    status: 'active',
    rate: { perSecond: 5, burst: 10 },
  }

  test('are in force at once, with the public keys beside them, and recorded', async () => {
    const gateway = await openTestGateway()
    const { d: _, ...jwk } = OPERATOR_PRIVATE
    const size = gateway.size()
    const keys = [{ system: 'newcomer', jwk: { ...jwk, kid: 'newcomer-1' } }]
    const reply = await put(gateway, registry({ systems: [system], keys }))
    expect(JSON.parse(reply.text)).toMatchObject({ systems: 1, keys: 1, entry: size })
    const newcomer = callerWith('newcomer', { ...OPERATOR_PRIVATE, kid: 'newcomer-1' })
    const path = '/v1/requests/3b0d6e0c-7d52-4f1c-9a0e-5f0a1c2d3e4f'
    const proof = gateway.proofBy(newcomer, path)
    const read = await gateway.get(path, { authorization: `Bearer ${proof}` })
    // Known and active: there is only nothing of its own to read.
    expect(read.problem?.code).toBe('not-found')
  })

  test.each([
    ['a document that does not fit', { systems: [{ ...system, rate: 'fast' }] }, '/systems/0/rate'],
    ['an unknown member', { more: [] }, ''],
    ['a private key', { keys: [{ system: 'x', jwk: OPERATOR_PRIVATE }] }, '/keys'],
    ['a contract that cannot be judged', { contracts: [{ code: 'X-01' }] }, '/contracts'],
  ])('with %s are not used at all', async (_, documents, place) => {
    const gateway = await openTestGateway()
    const size = gateway.size()
    const reply = await put(gateway, registry({ agencies: [], ...documents }))
    expect(reply.problem).toMatchObject({ code: 'parameters' })
    expect(reply.problem?.pointers?.[0]).toContain(place)
    expect(gateway.size()).toBe(size)
    expect((await gateway.deps.registry.view()).systems.has('newcomer')).toBe(false)
  })

  test('are refused as JSON that is none', async () => {
    const gateway = await openTestGateway()
    const reply = await put(gateway, { ...registry({}), body: '{' })
    expect(reply.problem?.code).toBe('parameters')
  })
})

describe('whoever is not the operator', () => {
  test('finds no routes where no operator is configured', async () => {
    const gateway = await openTestGateway()
    const app = createApp(gateway.deps, gateway.gateway.own)
    const upload = marriages(HUSBAND)
    const headers = uploadHeaders(upload, { issuer: ISSUER, nowMillis: NOW })
    for (const path of [upload.path, '/v1/operator/registry'])
      expect((await app.request(path, { method: 'PUT', body: '{}', headers })).status).toBe(404)
    expect(await (await app.request('/openapi.json')).text()).not.toContain('/v1/operator')
  })

  test('is refused, a registered system too, and leaves no row', async () => {
    const gateway = await openTestGateway()
    const size = gateway.size()
    const upload = marriages(HUSBAND, WIFE)
    const system = gateway.caller(HOUSING)
    const thief = callerWith('operator', { ...system.jwk, kid: OPERATOR.kid })
    const codes = []
    for (const bend of [
      { by: thief },
      { by: system },
      { by: system, claims: { iss: HOUSING } },
      { by: callerWith(HOUSING, OPERATOR_PRIVATE), claims: { iss: HOUSING } },
    ])
      codes.push((await put(gateway, upload, bend)).problem?.code)
    expect(codes).toEqual(['signature', 'unknown-key', 'unknown-key', 'unknown-key'])
    await expectUnchanged(gateway, size)
  })

  test('cannot send another body, address or instant under a proof, nor the same one twice', async () => {
    const gateway = await openTestGateway()
    const size = gateway.size()
    const upload = marriages(HUSBAND, WIFE)
    const longer = { ...upload, body: `${upload.body}${WIFE}\n` }
    expect((await put(gateway, upload, {}, longer)).problem?.code).toBe('proof')
    const documents = registry({})
    const others = registry({ agencies: [], services: [] })
    expect((await put(gateway, documents, {}, others)).problem?.code).toBe('proof')
    const elsewhere = { ...upload, path: '/v1/operator/registers/household' }
    expect((await put(gateway, upload, {}, elsewhere)).problem?.code).toBe('proof')
    const bends = [
      { htm: 'POST' },
      { htu: `https://gateway.linjiang.example${upload.path}` },
      { bodyHash: undefined },
      { exp: Math.floor(NOW / 1000) + 61 },
      { more: 1 },
      { asOf: 'yesterday' },
    ]
    for (const claims of bends)
      expect((await put(gateway, upload, { claims })).problem?.code).toBe('proof')
    const iat = Math.floor(NOW / 1000) - 300
    const late = { claims: { iat, exp: iat + 60 } }
    expect((await put(gateway, upload, late)).problem?.code).toBe('expired')
    await expectUnchanged(gateway, size)
    const claims = { jti: '0123456789abcdef' }
    expect((await put(gateway, documents, { claims })).status).toBe(200)
    expect((await put(gateway, documents, { claims })).problem?.code).toBe('proof-replayed')
  })

  test('is held to the media type and to the size', async () => {
    const gateway = await openTestGateway()
    const typed = { ...marriages(HUSBAND), type: 'application/json' }
    expect((await put(gateway, typed)).problem?.code).toBe('media-type')
    const body = new Uint8Array(8 * 1024 * 1024 + 1).fill(32)
    expect((await put(gateway, { ...registry({}), body })).problem?.code).toBe('too-large')
  })
})

test('one upload at a time: the other is told to come again', async () => {
  const gateway = await openTestGateway()
  const type = 'text/csv'
  const path = '/v1/operator/registers/household'
  const text = readText('seed/registers/household.csv')
  const headers = uploadHeaders({ path, type, body: text }, { issuer: ISSUER, nowMillis: NOW })
  const [asked, rest] = [Promise.withResolvers<void>(), Promise.withResolvers<string>()]
  // Without a queue of its own it is asked for bytes only once the upload is under way.
  const body = new ReadableStream(
    {
      pull: async (controller) => {
        asked.resolve()
        controller.enqueue(new TextEncoder().encode(await rest.promise))
        controller.close()
      },
    },
    { highWaterMark: 0 },
  )
  const init = { method: 'PUT', body, headers, duplex: 'half' }
  const first = gateway.app.request(new Request(`${ISSUER}${path}`, init as RequestInit))
  await asked.promise
  const second = await put(gateway, marriages(HUSBAND))
  expect(second.problem).toMatchObject({ code: 'rate', retryable: true })
  expect(second.headers.get('retry-after')).toBe('5')
  rest.resolve(text)
  expect((await first).status).toBe(200)
  expect((await put(gateway, marriages(HUSBAND))).status).toBe(200)
})
