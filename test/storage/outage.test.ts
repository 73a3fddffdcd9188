import { afterEach, describe, expect, test } from 'vitest'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { wrapAppend } from '../engine.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'

afterEach(checkWholeLog)

const marriage = claimsOf('family-4-marriage')

describe.each([
  {
    what: 'the disk is full',
    begin: (gateway: TestGateway) => {
      const pages = gateway.gateway.raw.pragma('page_count', { simple: true })
      gateway.gateway.raw.pragma(`max_page_count = ${pages}`)
    },
    end: (gateway: TestGateway) => gateway.gateway.raw.pragma('max_page_count = 1073741823'),
  },
  {
    what: 'the database is read-only',
    begin: (gateway: TestGateway) => gateway.gateway.raw.pragma('query_only = 1'),
    end: (gateway: TestGateway) => gateway.gateway.raw.pragma('query_only = 0'),
  },
])('while $what', ({ begin, end }) => {
  test('no answer leaves; when there is space again the same requests are answered, by themselves', async () => {
    const gateway = await openTestGateway()
    begin(gateway)
    const requests = Array.from({ length: 40 }, () => gateway.request(HOUSING, marriage))
    let size = gateway.size()
    const refused = await sendUntilRefused(gateway, requests)
    expect(refused.length).toBeGreaterThan(0)
    for (const reply of refused) {
      expect(reply.status).toBe(503)
      expect(reply.problem).toMatchObject({ code: 'log-unavailable', retryable: true })
      expect(reply.index).toBeUndefined()
    }
    expect((await gateway.get('/healthz')).status).toBe(200)
    expect((await gateway.get('/log/checkpoint')).status).toBe(200)
    size = gateway.size()

    end(gateway)
    const again = await Promise.all(refused.map(({ request }) => gateway.send(request)))
    expect(again.map(({ status }) => status)).toEqual(again.map(() => 200))
    expect(gateway.size()).toBe(size + again.length)
    expect((await gateway.get('/readyz')).status).toBe(200)
    for (const reply of again.slice(0, 3)) expect((await gateway.verify(reply)).ok).toBe(true)
  })

  test('a read says 503 as well, and its proof may be used afterwards', async () => {
    const gateway = await openTestGateway()
    const jti = '6f1c2b3a-4d5e-4f60-8a7b-9c0d1e2f3a4b'
    const answered = await gateway.ask(HOUSING, { ...marriage, jti })
    gateway.gateway.raw.pragma('query_only = 1')
    const path = `/v1/requests/${jti}`
    const proof = gateway.proof(HOUSING, path)
    const refused = await gateway.get(path, { authorization: `Bearer ${proof}` })
    expect(refused).toMatchObject({ status: 503 })
    expect(refused.problem).toMatchObject({ code: 'log-unavailable', retryable: true })
    gateway.gateway.raw.pragma('query_only = 0')
    const read = await gateway.get(path, { authorization: `Bearer ${proof}` })
    expect(read).toMatchObject({ status: 200, text: answered.text })
  })
})

test('whoever finds the stored log damaged after a failed append is not ready, and signs nothing', async () => {
  const gateway = await openTestGateway()
  const { raw } = gateway.gateway
  const last = gateway.size() - 1
  const { leaf } = raw.prepare('SELECT leaf FROM entry WHERE idx = ?').get(last) as { leaf: string }
  raw.pragma('query_only = 1')
  expect((await gateway.ask(HOUSING, marriage)).status).toBe(503)
  raw.pragma('query_only = 0')
  raw.prepare("UPDATE entry SET leaf = leaf || ' ' WHERE idx = ?").run(last)
  expect((await gateway.get('/readyz')).status).toBe(503)
  expect((await gateway.ask(HOUSING, marriage)).problem?.code).toBe('log-unavailable')
  expect(gateway.size()).toBe(last + 1)
  raw.prepare('UPDATE entry SET leaf = ? WHERE idx = ?').run(leaf, last)
  expect((await gateway.get('/readyz')).status).toBe(200)
  expect((await gateway.ask(HOUSING, marriage)).status).toBe(200)
})

/** The last page may have room for some: sends batches until a whole batch is refused. */
async function sendUntilRefused(gateway: TestGateway, requests: readonly string[]) {
  for (let round = 0; round < 20; round++) {
    const fresh = round === 0 ? requests : requests.map(() => gateway.request(HOUSING, marriage))
    const replies = await Promise.all(fresh.map((request) => gateway.send(request)))
    const refused = replies.filter(({ status }) => status !== 200)
    if (refused.length > 0) return refused
  }
  return []
}

describe('nobody can tell whether the commit happened', () => {
  /** The engine commits, then the connection to it is lost. */
  function loseOne(gateway: TestGateway): void {
    const restore = wrapAppend(gateway, (append) => async (...batch) => {
      await append(...batch)
      restore()
      throw new Error('connection lost')
    })
  }

  test('503 first, then the stored answer for the same request, without asking the provider again', async () => {
    const gateway = await openTestGateway()
    const size = gateway.size()
    const request = gateway.request(HOUSING, marriage)
    loseOne(gateway)
    expect((await gateway.send(request)).problem?.code).toBe('log-unavailable')
    const again = await gateway.send(request)
    expect(again).toMatchObject({ status: 200, index: size })
    expect(gateway.calls.provider).toBe(1)
    expect((await gateway.verify(again)).ok).toBe(true)
    await gateway.ask(HOUSING, marriage)
    expect(gateway.size()).toBe(size + 2)
  })

  test('its evidence can be had at once, before anything else is appended', async () => {
    const gateway = await openTestGateway()
    const request = gateway.request(HOUSING, marriage)
    loseOne(gateway)
    await gateway.send(request)
    const bundle = await gateway.send(request, { accept: 'application/json' })
    expect(bundle.status).toBe(200)
  })

  test('a quota of two gives two answers, not three', async () => {
    const gateway = await openTestGateway()
    await gateway.amend('agreement', 'housing-mar', { dailyQuota: 2 })
    const request = gateway.request(HOUSING, marriage)
    loseOne(gateway)
    await gateway.send(request)
    const codes = []
    for (let i = 0; i < 3; i++) codes.push((await gateway.ask(HOUSING, marriage)).problem?.code)
    expect(codes).toEqual([undefined, 'quota', 'quota'])
    expect((await gateway.send(request)).status).toBe(200)
  })
})
