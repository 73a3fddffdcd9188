import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { leafText } from '../../src/log/entry.ts'
import { decodeEntryBundle } from '../../src/log/tile.ts'
import { verifyEvidence } from '../../src/log/verify.ts'
import { AUDIT_OFFICE, HOUSING, KIOSK, SERVICE_CENTRE } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, ISSUER, openTestGateway, type TestGateway } from '../harness.ts'

const marriage = claimsOf('family-4-marriage')
const ENTRIES = 300

let gateway: TestGateway
const jti = randomUUID()

beforeAll(async () => {
  gateway = await openTestGateway()
  await gateway.ask(HOUSING, { ...marriage, jti })
  const change = { what: 'test', id: 'x', hash: '' }
  const draft = { leaf: (time: string) => leafText({ kind: 'registry', change }, time) }
  const missing = ENTRIES - gateway.size()
  await Promise.all(Array.from({ length: missing }, () => gateway.deps.log.append(draft)))
})

afterAll(checkWholeLog)

describe('an own answer', () => {
  test('is read again as it was, with where it is recorded and where its evidence is', async () => {
    const first = await gateway.deps.store.readLeaf(0)
    expect(first).toBeDefined()
    const reply = await gateway.read(HOUSING, `/v1/requests/${jti}`)
    expect(reply.status).toBe(200)
    expect(reply.headers.get('content-type')).toBe('application/jwt')
    expect(reply.headers.get('link')).toBe(
      `<${ISSUER}/v1/requests/${jti}/evidence>; rel="evidence"`,
    )
    expect(Number(reply.headers.get('log-index'))).toBe(reply.index)
  })

  test('comes with evidence that verifies offline, under the newest checkpoint', async () => {
    const reply = await gateway.read(HOUSING, `/v1/requests/${jti}/evidence`)
    const bundle = JSON.parse(reply.text)
    const verdict = await verifyEvidence(bundle, await gateway.trust(), gateway.deps.crypto.sha256)
    expect(verdict).toMatchObject({ ok: true, size: gateway.size() })
  })

  test('so does a refusal', async () => {
    const refused = await gateway.ask(HOUSING, { ...marriage, item: 'NIL-99' })
    const path = new URL(String(refused.problem?.instance)).pathname
    const read = await gateway.read(HOUSING, path)
    expect(read).toMatchObject({ status: 404, text: refused.text })
    const evidence = await gateway.read(HOUSING, `${path}/evidence`)
    const verdict = await verifyEvidence(
      JSON.parse(evidence.text),
      await gateway.trust(),
      gateway.deps.crypto.sha256,
    )
    expect(verdict).toMatchObject({ ok: true, entry: { check: 'unknown-item' } })
  })

  test('of another system is not found, exactly as one that never was', async () => {
    const paths = [jti, randomUUID()].flatMap((id) => [
      `/v1/requests/${id}`,
      `/v1/requests/${id}/evidence`,
    ])
    const replies = []
    for (const path of paths) replies.push(await gateway.read(SERVICE_CENTRE, path))
    replies.push(await gateway.read(AUDIT_OFFICE, `/v1/requests/${jti}`))
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1)
    expect(replies[0]?.problem?.code).toBe('not-found')
  })
})

describe('a proof', () => {
  const path = `/v1/requests/${jti}`
  test.each([
    ['for another address', { htu: `${ISSUER}/v1/requests/${randomUUID()}` }],
    ['for the address on another host', { htu: `https://elsewhere.example${path}` }],
    ['for the address with a query', { htu: `${ISSUER}${path}?a=1` }],
    ['for POST', { htm: 'POST' }],
    ['that lives 61 seconds', { exp: 1_795_399_261 }],
    ['without a jti', { jti: undefined }],
    ['with a jti that is easy to guess', { jti: '1' }],
    ['with a member of its own', { scope: 'all' }],
    ['whose iat is a text', { iat: 'now' }],
  ])('%s is none', async (_, claims) => {
    expect((await gateway.read(HOUSING, path, claims)).problem?.code).toBe('proof')
  })

  test('is for now: not for yesterday, not for tomorrow', async () => {
    const at = (iat: number) => gateway.read(HOUSING, path, { iat, exp: iat + 60 })
    const now = gateway.clock.now / 1000
    expect((await at(now - 89)).status).toBe(200)
    expect((await at(now - 90)).problem?.code).toBe('expired')
    expect((await at(now + 30)).status).toBe(200)
    expect((await at(now + 31)).problem?.code).toBe('not-yet')
  })

  test('of ten sends at once one is served', async () => {
    const proof = gateway.proof(HOUSING, path)
    const sends = Array.from({ length: 10 }, () =>
      gateway.get(path, { authorization: `Bearer ${proof}` }),
    )
    const codes = (await Promise.all(sends)).map(({ problem }) => problem?.code ?? 'served')
    expect(codes.filter((code) => code === 'served')).toHaveLength(1)
    expect(codes.filter((code) => code === 'proof-replayed')).toHaveLength(9)
  })

  test('stays used for as long as it would be valid', async () => {
    const now = gateway.clock.now / 1000
    const proof = gateway.proof(HOUSING, path, { iat: now + 30, exp: now + 90 })
    const send = () => gateway.get(path, { authorization: `Bearer ${proof}` })
    expect((await send()).status).toBe(200)
    gateway.wait(119)
    expect((await send()).problem?.code).toBe('proof-replayed')
    gateway.wait(1)
    expect((await send()).problem?.code).toBe('expired')
    gateway.wait(-120)
  })

  test.each(['bearer', 'BEARER'])('may be announced as %s', async (scheme) => {
    const authorization = `${scheme} ${gateway.proof(HOUSING, path)}`
    expect((await gateway.get(path, { authorization })).status).toBe(200)
  })

  test.each(['', 'Bearer', 'Bearer ', 'Basic YTpi', 'DPoP x.y.z'])(
    '"%s" is none',
    async (authorization) => {
      expect((await gateway.get(path, { authorization })).problem?.code).toBe('proof')
    },
  )

  test('of a suspended system opens nothing', async () => {
    const reply = await gateway.read(KIOSK, path)
    expect(reply.problem?.code).toBe('suspended')
  })
})

describe('tiles', () => {
  const IMMUTABLE = 'public, max-age=31536000, immutable'
  const bytes = async (path: string) =>
    new Uint8Array(await (await gateway.app.request(path)).arrayBuffer())

  test('a partial tile is the beginning of the full one, and both never change', async () => {
    const full = await gateway.app.request('/log/tile/0/000')
    expect(full.headers.get('cache-control')).toBe(IMMUTABLE)
    expect(full.headers.get('content-type')).toBe('application/octet-stream')
    const whole = new Uint8Array(await full.arrayBuffer())
    expect(whole.length).toBe(256 * 32)
    expect(await bytes('/log/tile/0/000.p/7')).toEqual(whole.slice(0, 7 * 32))
    expect(await bytes('/log/tile/0/000.p/255')).toEqual(whole.slice(0, 255 * 32))
    const edge = await gateway.app.request('/log/tile/0/001.p/5')
    expect(edge.headers.get('cache-control')).toBe(IMMUTABLE)
    expect((await bytes('/log/tile/1/000.p/1')).length).toBe(32)
  })

  test.each([
    '/log/tile/0/001',
    '/log/tile/0/001.p/255',
    '/log/tile/0/002.p/1',
    '/log/tile/1/000',
    '/log/tile/1/000.p/2',
    '/log/tile/2/000.p/1',
    '/log/tile/63/000.p/1',
    '/log/tile/64/000.p/1',
    '/log/tile/0/000.p/0',
    '/log/tile/0/000.p/256',
    '/log/tile/00/000',
    '/log/tile/0/0',
    '/log/tile/0/x000/000',
    '/log/tile/0/000.p/1.p/1',
    '/log/tile/0/x999/x999/x999/x999/x999/999',
    '/log/tile/',
  ])('%s is not there', async (path) => {
    expect((await gateway.get(path)).problem?.code).toBe('not-found')
  })
})

describe('entry bundles', () => {
  const path = '/log/tile/entries/000.p/10'

  test('are for auditors, and are exactly the leaves', async () => {
    const authorization = `Bearer ${gateway.proof(AUDIT_OFFICE, path)}`
    const response = await gateway.app.request(path, { headers: { authorization } })
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('private')
    const entries = decodeEntryBundle(new Uint8Array(await response.arrayBuffer()))
    const texts = entries.map((entry) => new TextDecoder().decode(entry))
    expect(texts).toHaveLength(10)
    for (const [index, text] of texts.entries())
      expect(text).toBe(await gateway.deps.store.readLeaf(index))
  })

  test('are for nobody else', async () => {
    expect((await gateway.get(path)).problem?.code).toBe('proof')
    expect((await gateway.read(HOUSING, path)).problem?.code).toBe('role')
  })

  test('end with the log', async () => {
    const reply = await gateway.read(AUDIT_OFFICE, '/log/tile/entries/001')
    expect(reply.problem?.code).toBe('not-found')
  })
})
