import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeProtectedHeader } from 'jose'
import { afterEach, describe, expect, test } from 'vitest'
import { evidenceBundle } from '../../src/evidence/bundle.ts'
import { parseLeaf } from '../../src/log/entry.ts'
import type { Trust } from '../../src/log/trust.ts'
import { verifyEvidence } from '../../src/log/verify.ts'
import { endAnswerKey, rotateAnswerKey } from '../../src/platform/rotation.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import type { Reply } from '../reply.ts'

afterEach(checkWholeLog)

const marriage = claimsOf('family-4-marriage')
const LEAD_SECONDS = 600

const ask = async (gateway: TestGateway) => {
  const reply = await gateway.ask(HOUSING, marriage)
  expect(reply.status).toBe(200)
  return { reply, kid: decodeProtectedHeader(reply.text).kid }
}
const jwks = async (gateway: TestGateway): Promise<Record<string, string>[]> =>
  JSON.parse((await gateway.get('/.well-known/jwks.json')).text).keys
const rotate = (gateway: TestGateway, leadSeconds = LEAD_SECONDS) =>
  rotateAnswerKey(gateway.deps, gateway.dir, leadSeconds * 1000)
const end = (gateway: TestGateway, kid: string, step: 'retire' | 'revoke' | 'destroy') =>
  endAnswerKey(gateway.deps, gateway.dir, { kid, step })

async function judge({ deps }: TestGateway, { request, text, index }: Reply, trust: Trust) {
  const bundle = await evidenceBundle(deps, Number(index), { request, answer: text })
  return verifyEvidence(bundle, trust, deps.crypto.sha256)
}

describe('a rotation while serving', () => {
  test('publishes first, hands over by itself, and every answer stays evidence', async () => {
    const gateway = await openTestGateway()
    const before = await ask(gateway)
    const oldTrust = await gateway.trust()
    const { key } = await rotate(gateway)
    gateway.wait(1)
    expect((await jwks(gateway)).map(({ kid }) => kid)).toEqual([key.jwk.kid, before.kid])
    expect((await ask(gateway)).kid).toBe(before.kid)

    gateway.wait(LEAD_SECONDS)
    const after = await ask(gateway)
    expect(after.kid).toBe(key.jwk.kid)
    await end(gateway, String(before.kid), 'retire')
    gateway.wait(3600)
    const later = await ask(gateway)
    await end(gateway, String(before.kid), 'destroy')
    gateway.wait(1)

    const newTrust = await gateway.trust()
    expect(newTrust.gateway).toHaveLength(2)
    for (const { reply } of [before, after, later])
      expect(await judge(gateway, reply, newTrust)).toMatchObject({ ok: true })
    expect(await judge(gateway, before.reply, oldTrust)).toMatchObject({ ok: true })
    const outdated = await judge(gateway, after.reply, oldTrust)
    expect(outdated.ok).toBe(false)
    expect(outdated.checks.signature.detail).toMatch(/obtain it anew and compare/)
  })

  test('is on record, step by step, without a private byte', async () => {
    const gateway = await openTestGateway()
    const { kid } = await ask(gateway)
    const { entry, key } = await rotate(gateway, 0)
    gateway.wait(120)
    const ended = await end(gateway, String(kid), 'revoke')
    const leaves = await Promise.all([entry, ended.entry].map(gateway.deps.store.readLeaf))
    const changes = leaves.map((leaf) => parseLeaf(String(leaf)).change)
    expect(changes).toMatchObject([
      { what: 'key', id: `answer/${key.jwk.kid}/publish` },
      { what: 'key', id: `answer/${kid}/revoke` },
    ])
    for (const leaf of leaves) expect(leaf).not.toContain(String(key.jwk.d))
    expect(JSON.stringify(await jwks(gateway))).not.toContain('"d"')
  })

  test('a stored answer is given again byte for byte, whatever became of its key', async () => {
    const gateway = await openTestGateway()
    const { reply, kid } = await ask(gateway)
    await rotate(gateway, 0)
    gateway.wait(90)
    await end(gateway, String(kid), 'revoke')
    gateway.wait(1)
    expect((await gateway.send(reply.request)).text).toBe(reply.text)
  })
})

describe('a hand-over', () => {
  test('under load: every answer was signed by a published key, and all of them stay evidence', async () => {
    const gateway = await openTestGateway()
    await gateway.amend('system', HOUSING, { rate: { perSecond: 10_000, burst: 10_000 } })
    await gateway.amend('agreement', 'housing-mar', { dailyQuota: 10_000 })
    const answered: { reply: Reply; kid: string | undefined }[] = []
    const crowd = async () => {
      for (let i = 0; i < 20; i++) {
        gateway.clock.now += 40
        const one = await ask(gateway)
        expect((await jwks(gateway)).map(({ kid }) => kid)).toContain(one.kid)
        answered.push(one)
      }
    }
    const crowds = [crowd(), crowd(), crowd(), crowd()]
    const { ring } = await rotate(gateway, 0)
    await end(gateway, String(ring[0]?.jwk.kid), 'retire')
    await Promise.all(crowds)
    expect(new Set(answered.map(({ kid }) => kid)).size).toBe(2)
    gateway.wait(3600)
    const trust = await gateway.trust()
    for (const { reply } of answered)
      expect((await judge(gateway, reply, trust)).checks.signature.ok).toBe(true)
  }, 60_000)

  test('is not undone by a clock that goes back: the old key does not sign again', async () => {
    const gateway = await openTestGateway()
    const { kid } = await ask(gateway)
    const { key } = await rotate(gateway, LEAD_SECONDS)
    await end(gateway, String(kid), 'retire')
    gateway.wait(LEAD_SECONDS + 300)
    expect((await ask(gateway)).kid).toBe(key.jwk.kid)
    gateway.wait(-LEAD_SECONDS)
    const late = await ask(gateway)
    expect(late.kid).toBe(key.jwk.kid)
    expect((await gateway.verify(late.reply)).ok).toBe(true)
    // Files are looked at all the same: a revocation does not wait for the clock to catch up.
    rmSync(join(gateway.dir, 'keys', 'answer.jwk.json'))
    gateway.wait(1)
    expect((await gateway.ask(HOUSING, marriage)).status).toBe(503)
  })
})

describe('a stolen key', () => {
  test('stops signing within a second, and what was recorded before stays evidence', async () => {
    const gateway = await openTestGateway()
    const before = await ask(gateway)
    await rotate(gateway, 0)
    await end(gateway, String(before.kid), 'revoke')
    gateway.wait(1)
    const after = await ask(gateway)
    expect(after.kid).not.toBe(before.kid)
    for (const { reply } of [before, after]) expect((await gateway.verify(reply)).ok).toBe(true)
  })

  test('cannot be the only one: it is not revoked before another can sign', async () => {
    const gateway = await openTestGateway()
    const { kid } = await ask(gateway)
    const size = gateway.size()
    await expect(end(gateway, String(kid), 'revoke')).rejects.toMatchObject({ code: 'in-use' })
    expect(gateway.size()).toBe(size)
    expect((await ask(gateway)).kid).toBe(kid)
  })
})

describe('the key file', () => {
  const pathOf = ({ dir }: TestGateway) => join(dir, 'keys', 'answer.jwk.json')

  test('of one key, as older folders have it, is read, and written anew by the first step', async () => {
    const gateway = await openTestGateway()
    const { kid } = await ask(gateway)
    const path = pathOf(gateway)
    const [key] = JSON.parse(readFileSync(path, 'utf8')).keys
    await gateway.close()
    writeFileSync(path, JSON.stringify(key), { mode: 0o600 })
    const again = await openTestGateway({ dir: gateway.dir })
    expect((await ask(again)).kid).toBe(kid)
    const { key: added } = await rotate(again, 0)
    again.wait(1)
    expect((await ask(again)).kid).toBe(added.jwk.kid)
    expect(JSON.parse(readFileSync(path, 'utf8')).keys).toHaveLength(2)
  })

  test('that cannot be read stops signing, since it could hold a revocation; put back, it goes on', async () => {
    const gateway = await openTestGateway()
    const path = pathOf(gateway)
    const whole = readFileSync(path)
    rmSync(path)
    gateway.wait(1)
    const size = gateway.size()
    const refused = await gateway.ask(HOUSING, marriage)
    expect(refused).toMatchObject({ status: 503, index: undefined })
    expect(refused.problem).toMatchObject({ code: 'signer-unavailable', retryable: true })
    expect(gateway.size()).toBe(size)
    expect((await gateway.get('/readyz')).status).toBe(503)
    expect(gateway.reports.map(({ event }) => event)).toContain('keys-unreadable')
    writeFileSync(path, whole, { mode: 0o600 })
    gateway.wait(1)
    expect((await gateway.send(refused.request)).status).toBe(200)
    expect((await gateway.get('/readyz')).status).toBe(200)
  })

  test('after a crash between record and write is the old one: the step is taken again', async () => {
    const gateway = await openTestGateway()
    const { kid } = await ask(gateway)
    const { log } = gateway.deps
    // The process ends once the entry is durable: what comes after never runs.
    const crashing = {
      ...gateway.deps,
      log: {
        ...log,
        append: async (draft: Parameters<typeof log.append>[0]) => {
          await log.append(draft)
          throw new Error('the process ended')
        },
      },
    }
    const size = gateway.size()
    await expect(rotateAnswerKey(crashing, gateway.dir, 0)).rejects.toThrow('the process ended')
    expect(gateway.size()).toBe(size + 1)
    gateway.wait(1)
    expect((await ask(gateway)).kid).toBe(kid)
    const { key } = await rotate(gateway, 0)
    gateway.wait(1)
    expect((await ask(gateway)).kid).toBe(key.jwk.kid)
  })

  test('takes the changes of two commands at once, one after the other, and stays private', async () => {
    const gateway = await openTestGateway()
    const made = await Promise.all([rotate(gateway, 5), rotate(gateway, 9)])
    const { keys } = JSON.parse(readFileSync(pathOf(gateway), 'utf8'))
    const kids = keys.map(({ jwk }: { jwk: { kid: string } }) => jwk.kid)
    expect(new Set(kids)).toEqual(new Set([kids[0], ...made.map(({ key }) => key.jwk.kid)]))
    expect(kids).toHaveLength(3)
    expect(statSync(pathOf(gateway)).mode & 0o777).toBe(0o600)
  })
})
