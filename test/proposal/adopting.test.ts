import { afterEach, describe, expect, test } from 'vitest'
import { open } from '../../src/proposal/act.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { lastLeaf, proposing } from '../proposing.ts'
import { actorAt, agreementOf, applicationOf, type Hand, submitted, turn } from './applying.ts'

afterEach(checkWholeLog)

const reason = '理由写在这里'

/** A seeded agreement as it stands, which nobody applied for here. */
async function seeded(gateway: TestGateway) {
  const { application, agreement } = await applicationOf(gateway, 'housing-mar', 'housing-mar')
  const all = [...(await gateway.deps.registry.view()).agreements.values()].flat()
  const validTo = all.find(({ id }) => id === 'housing-mar')?.validTo ?? ''
  return { application, agreement: { ...agreement, validTo } }
}

const adopt = async (gateway: TestGateway, hand: Hand, doc?: unknown) =>
  open(proposing(gateway), actorAt(gateway, hand), {
    ...{ kind: 'agreement', verb: 'adopt', doc: doc ?? (await seeded(gateway)) },
  })
const ask = (gateway: TestGateway) => gateway.ask('housing-bureau', claimsOf('family-4-marriage'))

describe('an agreement that the operator loaded', () => {
  test.each(['head', 'provider', 'authority'] as const)(
    'is taken on record by the %s, as it is, and can then be suspended, resumed and ended',
    async (hand) => {
      const gateway = await openTestGateway()
      const before = await seeded(gateway)
      const one = await adopt(gateway, hand)
      expect(one.proposal).toMatchObject({ state: 'active', target: 'housing-mar' })
      expect(await lastLeaf(gateway)).toMatchObject({ act: { what: 'agreement.adopt' } })
      expect(await agreementOf(gateway, one)).toEqual({ ...before.agreement, state: 'active' })
      expect((await ask(gateway)).status).toBe(200)
      const stopped = await turn(gateway, one, ['suspend-provider', 'provider', { reason }])
      expect((await ask(gateway)).problem).toMatchObject({ code: 'no-agreement' })
      const resumed = await turn(gateway, stopped, ['resume-provider', 'provider', { reason }])
      expect((await ask(gateway)).status).toBe(200)
      const ended = await turn(gateway, resumed, ['end', 'head', { reason }])
      expect(ended.proposal.state).toBe('ended')
      expect((await ask(gateway)).problem).toMatchObject({ code: 'no-agreement' })
    },
  )

  test('is taken on record once, whoever comes second or at the same time', async () => {
    const gateway = await openTestGateway()
    const both = await Promise.allSettled([adopt(gateway, 'head'), adopt(gateway, 'provider')])
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expect(adopt(gateway, 'authority')).rejects.toMatchObject({ code: 'only-once' })
  })
})

describe('refused', () => {
  test('another content, what nobody loaded, what is suspended, and what was applied for', async () => {
    const gateway = await openTestGateway()
    const doc = await seeded(gateway)
    const larger = { ...doc, agreement: { ...doc.agreement, dailyQuota: 1_000_000 } }
    await expect(adopt(gateway, 'head', larger)).rejects.toMatchObject({ code: 'parameters' })
    const unknown = { ...doc, agreement: { ...doc.agreement, id: 'nobody-loaded' } }
    await expect(adopt(gateway, 'head', unknown)).rejects.toMatchObject({ code: 'wrong-state' })
    await gateway.amend('agreement', 'housing-mar', { state: 'suspended' })
    await expect(adopt(gateway, 'head', doc)).rejects.toMatchObject({ code: 'wrong-state' })
    const own = await applicationOf(gateway, 'housing-mar')
    const active = await turn(
      gateway,
      await turn(gateway, await submitted(gateway, own), ['approve', 'head']),
      ['consent', 'provider'],
    )
    expect(active.proposal.state).toBe('active')
    await expect(adopt(gateway, 'head', own)).rejects.toMatchObject({ code: 'only-once' })
  })

  test('applying anew for what stands there already', async () => {
    const gateway = await openTestGateway()
    const doc = await seeded(gateway)
    const opened = open(proposing(gateway), actorAt(gateway, 'admin'), {
      ...{ kind: 'agreement', verb: 'open', doc },
    })
    await expect(opened).rejects.toMatchObject({ code: 'parameters' })
  })

  test('security: by its administrators, an officer, or another agency', async () => {
    const gateway = await openTestGateway()
    const size = gateway.size()
    for (const hand of ['admin', 'officer', 'market', 'marketHead'] as const)
      await expect(adopt(gateway, hand)).rejects.toMatchObject({ code: 'forbidden' })
    expect(gateway.size()).toBe(size)
  })
})
