import { afterEach, describe, expect, test } from 'vitest'
import { checkWholeLog, openTestGateway } from '../harness.ts'
import { clientOf, questionOf, type Wire } from './asking.ts'

afterEach(checkWholeLog)

const marriage = questionOf('family-4-marriage')

/** The first `times` attempts come to grief; what was sent is kept. */
function failing(times: number, how: (pass: () => Promise<Response>) => Promise<Response>) {
  const sent: string[] = []
  const wire: Wire = async (url, init, pass) => {
    if (!url.endsWith('/v1/requests')) return pass()
    sent.push(String(init.body))
    return sent.length <= times ? how(pass) : pass()
  }
  return { sent, wire }
}

const offline = async () => {
  throw new TypeError('fetch failed')
}
const busy =
  (status: number, headers: Record<string, string> = {}) =>
  async () =>
    new Response(JSON.stringify({ code: 'provider-down', retryable: true }), { status, headers })

describe('the same bytes are sent again', () => {
  test.each([
    ['after a network failure', offline],
    ['after 503', busy(503)],
    ['after 504', busy(504)],
    ['after 429 with seconds to wait', busy(429, { 'retry-after': '0' })],
    ['after 503 with a date to wait for', busy(503, { 'retry-after': new Date().toUTCString() })],
    ['after a page that is no JSON', async () => new Response('<html>')],
    [
      'after the answer was lost on its way: the log has it once',
      async (pass: () => Promise<Response>) => {
        await pass()
        throw new TypeError('connection reset')
      },
    ],
  ])('%s', async (_, how) => {
    const gateway = await openTestGateway()
    const { sent, wire } = failing(2, how)
    const client = await clientOf(gateway, { wire })
    const size = gateway.size()
    expect((await client.ask(marriage)).outcome).toBe('ANSWERED')
    expect(sent).toHaveLength(3)
    expect(new Set(sent).size).toBe(1)
    expect(gateway.size()).toBe(size + 1)
    expect(gateway.calls.provider).toBe(1)
  })
})

describe('it ends', () => {
  test('with NoAnswer when nobody ever answers', async () => {
    const { sent, wire } = failing(99, offline)
    const client = await clientOf(await openTestGateway(), { wire, deadlineMillis: 900 })
    await expect(client.ask(marriage)).rejects.toMatchObject({ name: 'NoAnswer' })
    expect(sent.length).toBeGreaterThan(1)
    expect(sent.length).toBeLessThanOrEqual(5)
  })

  test('at once with the refusal when it says to come back tomorrow', async () => {
    const gateway = await openTestGateway()
    await gateway.amend('agreement', 'housing-mar', { dailyQuota: 0 })
    const { sent, wire } = failing(0, offline)
    const client = await clientOf(gateway, { wire })
    await expect(client.ask(marriage)).rejects.toMatchObject({
      code: 'quota',
      retryable: true,
      retryAfterSeconds: expect.any(Number),
      signed: expect.any(String),
    })
    expect(sent).toHaveLength(1)
  })

  test('when the caller gives up, with his reason, even while it waits', async () => {
    const { wire } = failing(99, busy(503, { 'retry-after': '20' }))
    const client = await clientOf(await openTestGateway(), { wire })
    const reason = new Error('the window closed')
    const giveUp = new AbortController()
    setTimeout(() => giveUp.abort(reason), 200)
    await expect(client.ask(marriage, { signal: giveUp.signal })).rejects.toBe(reason)
    await expect(client.ask(marriage, { signal: giveUp.signal })).rejects.toBe(reason)
  })

  test('without a second try where the refusal is final', async () => {
    const { sent, wire } = failing(0, offline)
    const client = await clientOf(await openTestGateway(), { wire })
    const question = questionOf('family-4-marriage', { item: 'ZZ-99' })
    await expect(client.ask(question)).rejects.toMatchObject({ code: 'unknown-item' })
    expect(sent).toHaveLength(1)
  })
})

describe('an expired request is signed anew', () => {
  test('once, when the gateway says that it never executed it', async () => {
    const gateway = await openTestGateway()
    const { sent, wire } = failing(1, async () => {
      gateway.wait(151)
      return busy(503)()
    })
    const client = await clientOf(gateway, { wire })
    expect((await client.ask(marriage)).outcome).toBe('ANSWERED')
    expect(new Set(sent).size).toBe(2)
    expect(gateway.calls.provider).toBe(1)
  })

  test('not when it was executed: the kept answer comes back', async () => {
    const gateway = await openTestGateway()
    const { sent, wire } = failing(1, async (pass) => {
      await pass()
      gateway.wait(151)
      return busy(504)()
    })
    const client = await clientOf(gateway, { wire })
    expect((await client.ask(marriage)).outcome).toBe('ANSWERED')
    expect(new Set(sent).size).toBe(1)
    expect(gateway.calls.provider).toBe(1)
  })

  test('not when the two clocks differ: that is for somebody to mend', async () => {
    const gateway = await openTestGateway()
    const client = await clientOf(gateway, { clock: () => gateway.clock.now - 3_600_000 })
    await expect(client.ask(marriage)).rejects.toMatchObject({ code: 'expired' })
  })
})
