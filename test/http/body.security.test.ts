import { request as httpRequest } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Serving, serveGateway } from '../../src/platform/serve.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { expectNoLeak } from '../leaks.ts'

const MIB = 1024 * 1024
const LIMIT = 64 * 1024
const JWT = { 'content-type': 'application/jwt' }

let gateway: TestGateway
let serving: Serving

beforeAll(async () => {
  gateway = await openTestGateway()
  serving = await serveGateway(gateway.gateway, { host: '127.0.0.1', port: 0 })
})

afterAll(async () => {
  await checkWholeLog()
  await serving.stop().catch(() => {})
})

type Sent = { readonly status: number; readonly code: string; readonly text: string }

/** Over a socket: announced with Content-Length, or in chunks that nobody announced. */
function post(
  body: Uint8Array,
  headers: Record<string, string>,
  how: 'announced' | 'chunked',
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const length = how === 'announced' ? { 'content-length': String(body.length) } : {}
    const options = { method: 'POST', headers: { ...headers, ...length } }
    const sending = httpRequest(`${serving.url}/v1/requests`, options, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => {
        const text = Buffer.concat(parts).toString()
        const isProblem = response.headers['content-type'] === 'application/problem+json'
        const code = isProblem ? JSON.parse(text).code : ''
        resolve({ status: response.statusCode ?? 0, code, text })
      })
    })
    sending.on('error', reject)
    for (let from = 0; from < body.length; from += LIMIT)
      sending.write(body.subarray(from, from + LIMIT))
    sending.end()
  })
}

const good = () => Buffer.from(gateway.request(HOUSING, claimsOf('family-4-marriage')))

describe.each(['announced', 'chunked'] as const)('a body that is %s', (how) => {
  test('of 5 MB is refused while it is still coming', async () => {
    const size = gateway.size()
    const sent = await post(Buffer.alloc(5 * MIB, 'A'), JWT, how)
    expect(sent).toMatchObject({ status: 413, code: 'too-large' })
    expectNoLeak(sent.text, gateway.dir)
    expect(gateway.size()).toBe(size)
  })

  test('of exactly 64 KiB is read, one byte more is not', async () => {
    expect(await post(Buffer.alloc(LIMIT, 'A'), JWT, how)).toMatchObject({ code: 'malformed' })
    expect(await post(Buffer.alloc(LIMIT + 1, 'A'), JWT, how)).toMatchObject({ code: 'too-large' })
  })

  test.each([
    [
      'a byte order mark before a good request',
      () => Buffer.concat([Buffer.from('\ufeff'), good()]),
    ],
    ['bytes that are not UTF-8', () => Buffer.from([0xff, 0xfe, 0x2e, 0xc3, 0x2e, 0x28])],
    [
      'a good request and one byte that is not UTF-8',
      () => Buffer.concat([good(), Buffer.of(0xff)]),
    ],
    ['a good request in gzip', () => gzipSync(good())],
    ['nothing', () => Buffer.alloc(0)],
    ['NUL bytes', () => Buffer.alloc(100)],
  ])('of %s is malformed', async (_, body) => {
    const sent = await post(body(), { ...JWT, 'content-encoding': 'gzip' }, how)
    expect(sent).toMatchObject({ status: 400, code: 'malformed' })
  })

  test('of a good request is answered', async () => {
    expect(await post(good(), JWT, how)).toMatchObject({ status: 200 })
  })
})

describe('the media type', () => {
  test.each(['application/jwt; charset=utf-8', 'Application/JWT', 'application/jwt ;profile=x'])(
    '%s is taken',
    async (type) => {
      expect(await post(good(), { 'content-type': type }, 'announced')).toMatchObject({
        status: 200,
      })
    },
  )

  test.each([
    'application/json',
    'text/plain',
    'application/jose',
    'application/jwt+json',
    'multipart/form-data; boundary=application/jwt',
    'text/plain; application/jwt',
  ])('%s is refused', async (type) => {
    const sent = await post(good(), { 'content-type': type }, 'announced')
    expect(sent).toMatchObject({ status: 415, code: 'media-type' })
  })

  test('none at all is refused', async () => {
    expect(await post(good(), {}, 'chunked')).toMatchObject({ status: 415, code: 'media-type' })
  })
})

test('after all that it still serves', async () => {
  expect((await fetch(`${serving.url}/readyz`)).status).toBe(200)
})
