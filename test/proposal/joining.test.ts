import { afterEach, describe, expect, test } from 'vitest'
import { generateSigningKey } from '../../src/keys/generate.ts'
import { publicJwk } from '../../src/keys/signer.ts'
import { move, open } from '../../src/proposal/act.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, NOW, openTestGateway, type TestGateway } from '../harness.ts'
import { authority, COUNTY, lastLeaf, person, proposing } from '../proposing.ts'

afterEach(checkWholeLog)

const HOUSES = '11990100MB9901075L'
const admin = person('h-admin', ['admin', HOUSES])
const head = person('h-head', ['approver', HOUSES])
const stranger = person('c-admin', ['admin', COUNTY])
const marriage = claimsOf('family-4-marriage')

const ending = (gateway: TestGateway) => ({
  kind: 'key-end',
  doc: { system: HOUSING, kid: gateway.caller(HOUSING).kid },
  reason: '私钥外泄',
})

describe('a system', () => {
  test('joins with its key when a second person approves, not before', async () => {
    const gateway = await openTestGateway()
    const secret = await generateSigningKey('ES256')
    const doc = {
      system: {
        ...{ id: 'housing-new', agency: HOUSES, actsFor: [HOUSES], roles: ['caller'] },
        ...{ names: { zh: '新系统', en: 'New system' }, status: 'active' },
        rate: { perSecond: 5, burst: 10 },
      },
      keys: [await publicJwk(secret)],
    }
    const own = proposing(gateway)
    const { proposal } = await open(own, admin, { kind: 'system', verb: 'open', doc })
    const step = { id: proposal.id, verb: 'submit', revision: 1 }
    expect((await move(own, admin, step)).proposal.state).toBe('submitted')
    expect((await gateway.deps.registry.view()).systems.has('housing-new')).toBe(false)
    await move(own, head, { id: proposal.id, verb: 'approve', revision: 2 })
    const { systems, keys } = await gateway.deps.registry.view()
    expect(systems.get('housing-new')).toMatchObject({ agency: HOUSES })
    expect([...keys.keys()].filter((one) => one.startsWith('housing-new '))).toHaveLength(1)
  })
})

describe('a key', () => {
  test('is revoked by one person at once: the next call is refused, the log says who', async () => {
    const gateway = await openTestGateway()
    expect((await gateway.ask(HOUSING, marriage)).status).toBe(200)
    await open(proposing(gateway), head, { ...ending(gateway), verb: 'revoke' })
    expect(await lastLeaf(gateway)).toMatchObject({
      act: { what: 'key-end.revoke', id: HOUSING, by: 'h-head' },
    })
    expect((await gateway.ask(HOUSING, marriage)).problem?.code).toBe('revoked-key')
  })

  test('that is retired can still be revoked, and that is the end of it', async () => {
    const gateway = await openTestGateway()
    const own = proposing(gateway)
    await open(own, admin, { ...ending(gateway), verb: 'retire' })
    expect((await gateway.ask(HOUSING, marriage)).problem?.code).toBe('unknown-key')
    const again = open(own, admin, { ...ending(gateway), verb: 'retire' })
    await expect(again).rejects.toMatchObject({ code: 'wrong-state' })
    await open(own, authority, { ...ending(gateway), verb: 'revoke' })
    const third = open(own, admin, { ...ending(gateway), verb: 'revoke' })
    await expect(third).rejects.toMatchObject({ code: 'wrong-state' })
  })

  test.each([
    ['by another agency', stranger, {}, 'forbidden'],
    ['long after signing in', { ...admin, steppedUpAt: NOW - 6 * 60_000 }, {}, 'step-up'],
    ['without saying why', admin, { reason: undefined }, 'parameters'],
    ['that is not there', admin, { doc: { system: HOUSING, kid: 'none' } }, 'parameters'],
  ])('is not ended %s, and nothing is recorded', async (_, by, more, code) => {
    const gateway = await openTestGateway()
    const size = gateway.size()
    const ended = open(proposing(gateway), by, { ...ending(gateway), verb: 'revoke', ...more })
    await expect(ended).rejects.toMatchObject({ code })
    expect(gateway.size()).toBe(size)
    expect((await gateway.ask(HOUSING, marriage)).status).toBe(200)
  })
})
