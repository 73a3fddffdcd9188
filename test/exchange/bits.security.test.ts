import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { replyOf } from '../reply.ts'

const JTI = '3b0d6e0c-7d52-4f1c-9a0e-5f0a1c2d3e4f'
const marriage = claimsOf('family-4-marriage')

let gateway: TestGateway

beforeAll(async () => {
  gateway = await openTestGateway()
  await gateway.ask(HOUSING, { ...marriage, jti: JTI })
})

afterAll(checkWholeLog)

function flipped(text: string, bit: number): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(Buffer.from(text))
  const at = bit >> 3
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7))
  return bytes
}

/** Header and signature bit by bit; the payload is long, so its bits are sampled. */
function bitsOf(text: string, samples: number): number[] {
  const payload = [text.indexOf('.') + 1, text.lastIndexOf('.')] as const
  const edges = Array.from({ length: text.length }, (_, at) => at).filter(
    (at) => at < payload[0] || at >= payload[1],
  )
  const exact = edges.flatMap((at) => [0, 1, 2, 3, 4, 5, 6, 7].map((bit) => at * 8 + bit))
  const inPayload = fc.integer({ min: payload[0] * 8, max: payload[1] * 8 - 1 })
  return [...exact, ...fc.sample(inPayload, samples)]
}

test('any bit of a request flipped: refused, nobody is asked, nothing is recorded', async () => {
  const request = gateway.request(HOUSING, marriage)
  const size = gateway.size()
  const calls = gateway.calls.provider
  for (const bit of bitsOf(request, 600)) {
    const response = await gateway.app.request('/v1/requests', {
      method: 'POST',
      body: flipped(request, bit),
      headers: { 'content-type': 'application/jwt' },
    })
    const reply = await replyOf(request, response)
    expect(reply.status, `bit ${bit}: ${reply.text}`).toBeGreaterThanOrEqual(400)
    expect(reply.status, `bit ${bit}: ${reply.text}`).toBeLessThan(500)
    expect(reply.problem?.signed).toBeUndefined()
  }
  expect(gateway.size()).toBe(size)
  expect(gateway.calls.provider).toBe(calls)
  expect((await gateway.send(request)).status).toBe(200)
})

test('any bit of a proof flipped: refused, and the proof itself is still unused', async () => {
  const path = `/v1/requests/${JTI}`
  const proof = gateway.proof(HOUSING, path)
  for (const bit of bitsOf(proof, 200)) {
    const text = Buffer.from(flipped(proof, bit)).toString('latin1')
    // A field value cannot carry control characters, and loses spaces at its ends.
    if (/[^\x21-\xff]/.test(text)) continue
    const reply = await gateway.get(path, { authorization: `Bearer ${text}` })
    expect(reply.status, `bit ${bit}: ${reply.text}`).toBeGreaterThanOrEqual(400)
    expect(reply.status, `bit ${bit}: ${reply.text}`).toBeLessThan(500)
  }
  expect((await gateway.get(path, { authorization: `Bearer ${proof}` })).status).toBe(200)
})
