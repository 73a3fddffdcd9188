import { afterEach, describe, expect, test } from 'vitest'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, NOW, openTestGateway } from '../harness.ts'

afterEach(checkWholeLog)

const marriage = claimsOf('family-4-marriage')
const NOW_SECONDS = NOW / 1000
const DAY_SECONDS = 86_400

describe('clocks may differ by 30 seconds, no more', () => {
  test.each([
    { what: 'iat is 30 s ahead', iat: 30, exp: 90, status: 200 },
    { what: 'iat is 31 s ahead', iat: 31, exp: 90, status: 401, code: 'not-yet' },
    { what: 'nbf is 30 s ahead', iat: 0, nbf: 30, exp: 90, status: 200 },
    { what: 'nbf is 31 s ahead', iat: 0, nbf: 31, exp: 90, status: 401, code: 'not-yet' },
    { what: 'exp was 29 s ago', iat: -100, exp: -29, status: 200 },
    { what: 'exp was 30 s ago', iat: -100, exp: -30, status: 401, code: 'expired' },
    { what: 'it lives 300 s', iat: 0, exp: 300, status: 200 },
    { what: 'it lives 301 s', iat: 0, exp: 301, status: 422, code: 'request-schema' },
    { what: 'exp is iat', iat: 0, exp: 0, status: 422, code: 'request-schema' },
    { what: 'both: not yet, and expired', iat: 40, exp: -40, status: 401, code: 'expired' },
  ])('$what', async ({ iat, nbf, exp, status, code }) => {
    const gateway = await openTestGateway()
    const times = {
      iat: NOW_SECONDS + iat,
      exp: NOW_SECONDS + exp,
      ...(nbf === undefined ? {} : { nbf: NOW_SECONDS + nbf }),
    }
    const reply = await gateway.ask(HOUSING, { ...marriage, ...times })
    expect(reply.status).toBe(status)
    expect(reply.problem?.code).toBe(code)
  })

  test('the half second before the edge still counts', async () => {
    const gateway = await openTestGateway({ nowMillis: NOW + 10_500 })
    const at = { iat: NOW_SECONDS - 90, exp: NOW_SECONDS - 20 }
    expect((await gateway.ask(HOUSING, { ...marriage, ...at })).problem?.code).toBe('expired')
    gateway.clock.now = NOW + 9_999
    expect((await gateway.ask(HOUSING, { ...marriage, ...at })).status).toBe(200)
  })

  test.each([
    ['a text', '1795399200'],
    ['a fraction', 1_795_399_200.5],
    ['nothing', null],
    ['beyond all numbers', 1e308],
  ])('exp is %s', async (_, exp) => {
    const gateway = await openTestGateway()
    const reply = await gateway.ask(HOUSING, { ...marriage, exp })
    expect(reply.problem).toMatchObject({ code: 'request-schema', pointers: ['/exp'] })
  })
})

describe('a retry gets the stored answer until exp + 24 h', () => {
  test('to the second', async () => {
    const gateway = await openTestGateway()
    const request = gateway.request(HOUSING, marriage)
    const first = await gateway.send(request)
    gateway.wait(120 + DAY_SECONDS)
    const last = await gateway.send(request)
    expect(last).toMatchObject({ status: 200, text: first.text, index: first.index })
    gateway.wait(1)
    const archived = await gateway.send(request)
    expect(archived.problem?.code).toBe('answer-archived')
    const { jti } = JSON.parse(Buffer.from(request.split('.')[1] ?? '', 'base64url').toString())
    expect((await gateway.read(HOUSING, `/v1/requests/${jti}`)).text).toBe(first.text)
    expect(gateway.calls.provider).toBe(1)
  })
})
