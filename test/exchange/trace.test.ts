import { afterEach, describe, expect, test } from 'vitest'
import { readTrace } from '../../src/trace.ts'
import { HOUSING, payloadOf } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { clientOf, questionOf } from '../client/asking.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { moveMarriages, serve, startProvider } from '../provider.ts'

afterEach(checkWholeLog)

const ID = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'
const TRACEPARENT = `00-${ID}-${PARENT}-01`
/** Answered by the example provider, over its own endpoint. */
const vehicles = claimsOf('family-10-no-vehicle-registered')

const ask = (gateway: TestGateway, headers: Record<string, string> = {}) =>
  gateway.send(gateway.request(HOUSING, vehicles), headers)

describe('from the caller to the example provider', () => {
  test('a trace is carried on, and stands in the provider’s own log', async () => {
    const gateway = await openTestGateway()
    expect((await ask(gateway, { traceparent: TRACEPARENT })).status).toBe(200)
    expect(gateway.providerLines).toMatchObject([{ item: 'VEH-01@1', trace: ID }])
  })

  test('the SDK passes its caller’s trace, and the answer verifies as ever', async () => {
    const gateway = await openTestGateway()
    const client = await clientOf(gateway)
    const question = questionOf('family-10-no-vehicle-registered')
    const answer = await client.ask(question, { trace: { traceparent: TRACEPARENT } })
    expect(answer.outcome).toBe('NO_RECORD')
    expect(gateway.providerLines).toMatchObject([{ trace: ID }])
  })

  test('the SDK refuses a trace that cannot be one, before anything is sent', async () => {
    const gateway = await openTestGateway()
    const client = await clientOf(gateway)
    const size = gateway.size()
    const question = questionOf('family-10-no-vehicle-registered')
    const asking = client.ask(question, { trace: { traceparent: `00-${ID}` } })
    await expect(asking).rejects.toThrow(TypeError)
    expect(gateway.size()).toBe(size)
  })

  test.each([
    ['none', {}],
    ['one that does not hold', { traceparent: `00-${'0'.repeat(32)}-${PARENT}-01` }],
  ])('a caller who sent %s gets one of the gateway’s own', async (_, headers) => {
    const gateway = await openTestGateway()
    await ask(gateway, headers as Record<string, string>)
    await ask(gateway, headers as Record<string, string>)
    const ids = gateway.providerLines.map(({ trace }) => trace)
    expect(ids).toEqual([ids[0], ids[1]].map(() => expect.stringMatching(/^[0-9a-f]{32}$/)))
    expect(new Set(ids).size).toBe(2)
  })
})

describe('on the wire to the provider', () => {
  const traced = {
    traceparent: `cc-${ID}-${PARENT}-03-later`,
    tracestate: 'congo=t61rcWkgMzE, rojo=1',
  }

  test('a span of its own for each try, the version and the flag that are known, the vendors’ list', async () => {
    const gateway = await openTestGateway({ outbound: 'real' })
    const got: { traceparent: string; tracestate: string | undefined }[] = []
    const endpoint = await serve((request, response) => {
      const { traceparent, tracestate } = request.headers
      got.push({ traceparent: String(traceparent), tracestate: tracestate as string })
      response.writeHead(503).end()
    })
    await moveMarriages(gateway, endpoint)
    const request = gateway.request(HOUSING, claimsOf('family-4-marriage'))
    await gateway.send(request, traced)
    expect(got).toHaveLength(3)
    for (const { traceparent, tracestate } of got) {
      expect(readTrace(traceparent)).toMatchObject({ id: ID, isSampled: true })
      expect(traceparent).toMatch(/^00-.*-01$/)
      expect(tracestate).toBe('congo=t61rcWkgMzE,rojo=1')
    }
    const spans = got.map(({ traceparent }) => readTrace(traceparent)?.parent)
    expect(new Set([PARENT, ...spans]).size).toBe(4)
    expect(gateway.reports).toContainEqual({
      event: 'refused',
      fields: expect.objectContaining({ code: 'provider-down', trace: ID }),
    })
  })

  test('the provider’s answer function has it as an OpenTelemetry propagator reads it', async () => {
    const gateway = await openTestGateway({ outbound: 'real' })
    const seen: unknown[] = []
    const answer = async ({ trace }: { trace?: unknown }) => {
      seen.push(trace)
      return { outcome: 'NO_RECORD' as const }
    }
    await startProvider(gateway, { source: { register: 'm', version: () => '1', answer } })
    await gateway.send(gateway.request(HOUSING, claimsOf('family-4-marriage')), traced)
    const traceparent = expect.stringMatching(new RegExp(`^00-${ID}-[0-9a-f]{16}-01$`))
    expect(seen).toEqual([{ traceparent, tracestate: 'congo=t61rcWkgMzE,rojo=1' }])
  })
})

test('nothing of a trace is signed or recorded: not in the request, the forward, the answer or a leaf', async () => {
  const gateway = await openTestGateway()
  const from = gateway.size()
  const reply = await ask(gateway, { traceparent: TRACEPARENT, tracestate: 'congo=t61rcWkgMzE' })
  const bundle = await gateway.bundle(reply)
  const said = [bundle.request, bundle.answer].map((jws) => JSON.stringify(payloadOf(jws)))
  const leaves = await Promise.all(
    Array.from({ length: gateway.size() - from }, (_, i) => gateway.deps.store.readLeaf(from + i)),
  )
  expect(leaves).toHaveLength(2)
  const { raw } = gateway.gateway
  raw.pragma('wal_checkpoint(TRUNCATE)')
  for (const text of [...said, ...leaves, raw.serialize().toString('latin1')]) {
    expect(text).not.toContain(ID)
    expect(text).not.toContain(PARENT)
    expect(text).not.toContain('t61rcWkgMzE')
  }
})

test('a retry under another trace is the same request: the stored bytes, one provider call', async () => {
  const gateway = await openTestGateway()
  const request = gateway.request(HOUSING, vehicles)
  const first = await gateway.send(request, { traceparent: TRACEPARENT })
  const again = await gateway.send(request, { traceparent: `00-${'1'.repeat(32)}-${PARENT}-00` })
  expect(again.text).toBe(first.text)
  expect(gateway.calls.provider).toBe(1)
})
