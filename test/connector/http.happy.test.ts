import { afterEach, describe, expect, test } from 'vitest'
import { parseLeaf } from '../../src/log/entry.ts'
import { verifyStatement } from '../../src/log/verify-statement.ts'
import { HOUSING, payloadOf } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { PROVIDER, startProvider } from '../provider.ts'
import type { Reply } from '../reply.ts'

afterEach(checkWholeLog)

const marriage = claimsOf('family-4-marriage')

async function leafAt(gateway: TestGateway, index: number) {
  return parseLeaf((await gateway.deps.store.readLeaf(index)) ?? '')
}

describe('an item behind its provider’s own endpoint', () => {
  test('is answered with the provider’s signed statement sealed, and verifies offline', async () => {
    const gateway = await openTestGateway({ outbound: 'real' })
    const { lines } = await startProvider(gateway)
    const reply = await gateway.ask(HOUSING, marriage)
    expect(reply.status).toBe(200)
    expect(reply.answer).toMatchObject({
      outcome: 'ANSWERED',
      claims: { status: { result: 'MATCH' }, spouseIdNo: { result: 'MATCH' } },
      source: { register: 'marriage-live', version: '7' },
    })
    const { providerStatement } = reply.answer as { providerStatement: { hash: string } }
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({ statementHash: providerStatement.hash, caller: HOUSING })
    expect((await gateway.verify(reply)).ok).toBe(true)
    // The statement holds the spouse's number: nothing that was answered does.
    expect(reply.text).not.toContain('99010419780629002X')
    expect(JSON.stringify(payloadOf(reply.text))).not.toContain('99010419780629002X')
  })

  test('releases the statement where it says no more than the answer, and not else', async () => {
    const gateway = await openTestGateway({ outbound: 'real' })
    await startProvider(gateway)
    const jtiOf = (reply: Reply) => String(payloadOf(reply.request).jti)
    const read = (reply: Reply) => gateway.read(HOUSING, `/v1/requests/${jtiOf(reply)}/statement`)
    const sealed = await gateway.ask(HOUSING, marriage)
    expect((await read(sealed)).problem?.code).toBe('not-found')
    const open = await gateway.ask(HOUSING, { ...marriage, ask: [{ claim: 'status' }] })
    const { text, status } = await read(open)
    expect(status).toBe(200)
    const bundle = await gateway.bundle(open)
    const against = { trust: await gateway.trust(), sha256: gateway.deps.crypto.sha256 }
    expect(await verifyStatement(text, bundle, against)).toEqual({ provider: PROVIDER })
    // Another request's bundle, a statement that was bent, and a trust file without the provider.
    const other = await gateway.bundle(sealed)
    await expect(verifyStatement(text, other, against)).rejects.toThrow('not the statement')
    await expect(verifyStatement(`${text.slice(0, -4)}AAAA`, bundle, against)).rejects.toThrow()
    const unnamed = { ...against, trust: { ...against.trust, providers: {} } }
    await expect(verifyStatement(text, bundle, unnamed)).rejects.toThrow('name the provider')
  })

  test('leaves an intent before the call, and the answer names it', async () => {
    const gateway = await openTestGateway({ outbound: 'real' })
    const { lines } = await startProvider(gateway)
    const before = gateway.size()
    const reply = await gateway.ask(HOUSING, marriage)
    expect(gateway.size()).toBe(before + 2)
    expect(await leafAt(gateway, before)).toMatchObject({
      kind: 'intent',
      caller: HOUSING,
      item: 'MAR-01@1',
      agreement: 'housing-mar',
    })
    expect(await leafAt(gateway, before + 1)).toMatchObject({ kind: 'exchange', intent: before })
    expect(reply.index).toBe(before + 1)
    expect(lines[0]?.intent).toBe(before)
    expect(await gateway.deps.store.openIntents(Number.MAX_SAFE_INTEGER)).toEqual([])
  })

  test('a retry, or forty at once, asks the provider once', async () => {
    const gateway = await openTestGateway({ outbound: 'real' })
    const { calls } = await startProvider(gateway)
    const request = gateway.request(HOUSING, marriage)
    const sent = Array.from({ length: 40 }, () => gateway.send(request))
    const replies = [...(await Promise.all(sent)), await gateway.send(request)]
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1)
    expect(calls.count).toBe(1)
  })

  test('no record there is NO_RECORD here', async () => {
    const gateway = await openTestGateway({ outbound: 'real' })
    await startProvider(gateway, {
      source: { register: 'r', version: () => '1', answer: async () => ({ outcome: 'NO_RECORD' }) },
    })
    const reply = await gateway.ask(HOUSING, marriage)
    expect(reply.answer).toMatchObject({
      outcome: 'NO_RECORD',
      claims: { status: { result: 'NO_RECORD' } },
    })
  })

  test('a try that failed on the way is tried again, with one statement in the end', async () => {
    const gateway = await openTestGateway({ outbound: 'real' })
    const kit = await startProvider(gateway, {
      before: (response, call) => {
        if (call > 2) return false
        response.writeHead(503).end()
        return true
      },
    })
    expect((await gateway.ask(HOUSING, marriage)).status).toBe(200)
    expect(kit.calls.count).toBe(3)
    expect(kit.lines).toHaveLength(1)
  })

  test('a provider that does not know the key yet is asked once; the same request is answered later', async () => {
    const gateway = await openTestGateway({ outbound: 'real' })
    let knowsUs = false
    const kit = await startProvider(gateway, {
      before: (response) => {
        if (!knowsUs) response.writeHead(401).end()
        return !knowsUs
      },
    })
    const request = gateway.request(HOUSING, marriage)
    const refused = await gateway.send(request)
    expect(refused.problem).toMatchObject({ code: 'provider-down', retryable: true })
    expect(kit.calls.count).toBe(1)
    knowsUs = true
    expect((await gateway.send(request)).status).toBe(200)
    expect(kit.lines).toHaveLength(1)
  })

  const inAMinute = (gateway: TestGateway) => new Date(gateway.clock.now + 60_000).toUTCString()
  test.each([
    ['seconds beyond the deadline', () => '60', 1],
    ['a date beyond it', inAMinute, 1],
    ['a second', () => '1', 2],
    ['a date that is past', (gateway: TestGateway) => new Date(gateway.clock.now).toUTCString(), 2],
    ['nothing that can be read', () => 'soon', 2],
  ])('Retry-After with %s is obeyed', async (_, retryAfter, tries) => {
    const gateway = await openTestGateway({ outbound: 'real' })
    const kit = await startProvider(gateway, {
      before: (response, call) => {
        if (call > 1) return false
        response.writeHead(503, { 'retry-after': retryAfter(gateway) }).end()
        return true
      },
    })
    const started = performance.now()
    const { status } = await gateway.ask(HOUSING, marriage)
    expect([status, kit.calls.count]).toEqual([tries === 1 ? 503 : 200, tries])
    if (retryAfter(gateway) === '1') expect(performance.now() - started).toBeGreaterThan(990)
  })
})
