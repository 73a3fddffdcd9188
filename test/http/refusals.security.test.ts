import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DOORS, type Visit, visit } from '../doors.ts'
import { checkWholeLog } from '../harness.ts'
import { expectNoLeak } from '../leaks.ts'
import { ATTACKS } from '../refusals.ts'

afterAll(checkWholeLog)

describe.each(DOORS)('$name', (door) => {
  let at: Visit
  beforeAll(async () => {
    at = await visit(door)
  })

  const carried = ATTACKS.filter(({ bodyOnly }) => door.takes === 'request' || !bodyOnly)
  /** The operator has one key, in the configuration: no system's key, revoked or not, is known there. */
  const codes: Record<string, string> = door.upload ? { 'revoked-key': 'unknown-key' } : {}

  test.each(carried)('refuses $name', async (attack) => {
    const { gateway } = at
    const size = gateway.size()
    const calls = gateway.calls.provider
    const reply = await at.knock(await attack.forge(at))
    const code = door.takes === 'proof' ? (attack.proof ?? attack.code) : attack.code
    expect(reply.problem?.code).toBe(codes[code] ?? code)
    expect(reply.status).toBeLessThan(500)
    expect(reply.status).toBeGreaterThanOrEqual(400)
    expectNoLeak(reply.text, gateway.dir)
    expect(gateway.calls.provider).toBe(calls)
    const isRecorded = attack.isKnown === true && door.takes === 'request'
    expect(gateway.size()).toBe(size + (isRecorded ? 1 : 0))
    expect(reply.problem?.signed !== undefined).toBe(isRecorded)
  })

  test('lets the honest message in, after all that', async () => {
    const reply = await at.knock(at.caller.sign(at.header(), at.claims()))
    expect(reply.status).toBe(200)
  })
})
