import { afterEach, describe, expect, test } from 'vitest'
import { ALGORITHMS } from '../../src/keys/signer.ts'
import { parseLeaf } from '../../src/log/entry.ts'
import { SANDBOX_AGENCY } from '../../src/registry/sandbox.ts'
import {
  type Caller,
  callerWith,
  headerOf,
  type Members,
  REQUEST_TYPE,
  requestEnvelope,
} from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, ISSUER, openTestGateway, type TestGateway } from '../harness.ts'
import { newcomer, register, registration } from '../newcomer.ts'
import type { Reply } from '../reply.ts'

afterEach(checkWholeLog)

const ECHO = { ...claimsOf('echo-hello'), requester: SANDBOX_AGENCY }

async function joined(gateway: TestGateway, who: Caller): Promise<Caller> {
  const reply = await register(gateway, await registration(who, gateway.clock.now))
  return callerWith(JSON.parse(reply.text).system, who.jwk)
}

/** Asks as a system that has no demo key. */
function asking(gateway: TestGateway, who: Caller, claims: Members): Promise<Reply> {
  const when = { issuer: ISSUER, nowMillis: gateway.clock.now }
  const payload = { ...requestEnvelope(who, when), ...claims }
  return gateway.send(who.sign(headerOf(who, REQUEST_TYPE), payload))
}

describe('a newcomer registers alone', () => {
  test.each(ALGORITHMS)(
    'with %s, is on record first, and is answered ECHO-00',
    async (algorithm) => {
      const gateway = await openTestGateway()
      const size = gateway.size()
      const who = await newcomer(algorithm)
      const reply = await register(gateway, await registration(who, gateway.clock.now))
      expect(reply.status).toBe(201)
      const said = JSON.parse(reply.text)
      expect(said).toMatchObject({ requester: SANDBOX_AGENCY, item: 'ECHO-00', entry: size })
      expect(said.system).toMatch(/^sandbox-[0-9a-f]{16}$/)
      const leaf = parseLeaf(String(await gateway.deps.store.readLeaf(size)))
      expect(leaf).toMatchObject({
        kind: 'registry',
        change: { what: 'sandbox-system', id: said.system },
      })
      const answered = await asking(gateway, callerWith(said.system, who.jwk), ECHO)
      expect(answered.answer).toMatchObject({
        outcome: 'ANSWERED',
        claims: { greeting: { value: 'Hello, this is Mianzheng.' } },
      })
      expect(await gateway.verify(answered)).toMatchObject({ ok: true })
    },
  )

  test('with the same key again is the same system, and leaves no second entry', async () => {
    const gateway = await openTestGateway()
    const who = await newcomer()
    const [first, second] = await Promise.all(
      [1, 2].map(async () => register(gateway, await registration(who, gateway.clock.now))),
    )
    expect([first?.status, second?.status].sort()).toEqual([200, 201])
    const [one, other] = [first, second].map((reply) => JSON.parse(String(reply?.text)).system)
    expect(one).toBe(other)
    expect(gateway.size()).toBe(
      (first?.status === 201 ? JSON.parse(first.text) : JSON.parse(String(second?.text))).entry + 1,
    )
  })

  test('may name its agency, which is kept for the operator and trusted by nobody', async () => {
    const gateway = await openTestGateway()
    const members = { agency: '11990100MB9901075L' }
    const body = await registration(await newcomer(), gateway.clock.now, { members })
    const { system } = JSON.parse((await register(gateway, body)).text)
    const { systems } = await gateway.deps.registry.view()
    expect(systems.get(system)).toMatchObject({
      declared: '11990100MB9901075L',
      agency: SANDBOX_AGENCY,
      actsFor: [SANDBOX_AGENCY],
    })
  })

  test('is said of in the metadata, while the sandbox is open', async () => {
    const open = JSON.parse((await (await openTestGateway()).get('/.well-known/mianzheng')).text)
    expect(open.endpoints.sandbox).toBe(`${open.issuer}/v1/sandbox/systems`)
  })
})

describe('a sandbox system', () => {
  const items = [
    'family-1-husband-identity',
    'family-3-child-household',
    'family-4-marriage',
    'family-5-no-property-registered',
    'family-6-employer-in-business',
  ]
  test.each(items)('is refused %s, on record', async (example) => {
    const gateway = await openTestGateway()
    const who = await joined(gateway, await newcomer())
    const claims = { ...claimsOf(example), requester: SANDBOX_AGENCY }
    const reply = await asking(gateway, who, claims)
    expect(reply.problem).toMatchObject({ code: 'no-agreement', entry: gateway.size() - 1 })
    expect(gateway.calls.provider).toBe(0)
  })

  test('may not act for a real agency', async () => {
    const gateway = await openTestGateway()
    const who = await joined(gateway, await newcomer())
    const reply = await asking(gateway, who, claimsOf('family-4-marriage'))
    expect(reply.problem?.code).toBe('requester')
  })

  test("is held to the echo by the city's rules, should somebody make an agreement by mistake", async () => {
    const gateway = await openTestGateway()
    const who = await joined(gateway, await newcomer())
    await gateway.amend('agreement', 'housing-mar', { requesters: [SANDBOX_AGENCY] })
    const reply = await asking(gateway, who, {
      ...claimsOf('family-4-marriage'),
      requester: SANDBOX_AGENCY,
    })
    expect(reply.problem).toMatchObject({ code: 'policy', policies: ['sandbox-asks-echo-only'] })
    expect(gateway.calls.provider).toBe(0)
  })
})
