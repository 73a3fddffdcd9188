import { afterEach, describe, expect, test } from 'vitest'
import { type Acted, move, open, type Step } from '../../src/proposal/act.ts'
import type { Actor } from '../../src/proposal/actor.ts'
import { showProposal } from '../../src/proposal/show.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { admin, authority, BUREAU, CIVIL, head, itemOf, person, proposing } from '../proposing.ts'

afterEach(checkWholeLog)

/** A Monday a week before the test's clock: ten working days end on 30 November. */
const CHANGED = '2026-11-16'
const DAY_SECONDS = 86_400

async function opened(details: Record<string, string> = { 'changed-on': CHANGED }) {
  const gateway = await openTestGateway()
  const doc = { ...(await itemOf(gateway, 'MAR-01')), fee: { zh: '免费', en: 'Free' } }
  const drafted = await open(proposing(gateway), admin, {
    ...{ kind: 'item', verb: 'open', doc, details },
  })
  return { gateway, ...turning(gateway, drafted) }
}

function turning(gateway: TestGateway, drafted: Acted) {
  let { proposal } = drafted
  const own = proposing(gateway)
  const fresh = (by: Actor): Actor => ({ ...by, steppedUpAt: gateway.clock.now })
  const turn = async (verb: string, by: Actor, more: Partial<Step> = {}) => {
    const { id, revision } = proposal
    const step = { reason: '职责调整涉及多部门', ...more, id, verb, revision }
    ;({ proposal } = await move(own, fresh(by), step))
  }
  const clockOf = async () => {
    const { clocks } = await showProposal(own, fresh(admin), proposal.id)
    return clocks.find(({ name }) => name === 'item-change')
  }
  return { turn, clockOf }
}

const FIVE = { details: { days: '5' } }

describe('the change of an item', () => {
  test('is due after ten working days, and with the authority’s consent five more, each of them shown', async () => {
    const { turn, clockOf } = await opened()
    expect(await clockOf()).toMatchObject({
      ...{ article: '政务数据共享条例第十七条', due: { on: '2026-11-30' } },
    })
    await turn('ask-extension', admin, FIVE)
    expect((await clockOf())?.due?.on).toBe('2026-11-30')
    await turn('extend', authority)
    const clock = await clockOf()
    expect(clock?.due?.on).toBe('2026-12-07')
    expect(clock?.trace).toMatchObject({ extension: { n: 5 } })
    expect(clock?.trace?.days.filter(({ n }) => n !== undefined)).toHaveLength(15)
  })

  test('that was declined is due as before, and is not asked for again', async () => {
    const { turn, clockOf } = await opened()
    await turn('ask-extension', head, FIVE)
    await turn('decline', authority)
    expect((await clockOf())?.due?.on).toBe('2026-11-30')
    for (const [verb, by] of [
      ['extend', authority],
      ['ask-extension', admin],
    ] as const)
      await expect(turn(verb, by, verb === 'extend' ? {} : FIVE)).rejects.toMatchObject({
        code: 'only-once',
      })
  })

  test('is asked for and granted in time, or not at all; declined at any time', async () => {
    const late = await opened()
    await late.turn('ask-extension', admin, FIVE)
    late.gateway.wait(8 * DAY_SECONDS)
    await expect(late.turn('extend', authority)).rejects.toMatchObject({ code: 'too-late' })
    await late.turn('decline', authority)
    const other = await opened({ 'changed-on': '2026-11-02' })
    await expect(other.turn('ask-extension', admin, FIVE)).rejects.toMatchObject({
      code: 'too-late',
    })
  })
})

describe('refused', () => {
  test.each(['0', '6', '05', '-1', '1.5', 'five', ''])('%s days', async (days) => {
    const { gateway, turn } = await opened()
    const size = gateway.size()
    await expect(turn('ask-extension', admin, { details: { days } })).rejects.toMatchObject({
      code: 'parameters',
    })
    expect(gateway.size()).toBe(size)
  })

  test('what has no clock, nobody asked for, or has no reason', async () => {
    const without = await opened({})
    await expect(without.turn('ask-extension', admin, FIVE)).rejects.toMatchObject({
      code: 'wrong-state',
    })
    const { turn } = await opened()
    await expect(turn('extend', authority)).rejects.toMatchObject({ code: 'wrong-state' })
    const wordless = turn('ask-extension', admin, { ...FIVE, reason: undefined })
    await expect(wordless).rejects.toMatchObject({ code: 'parameters' })
  })

  test('security: the agency itself, somebody else’s authority, and whoever asked', async () => {
    const both = person('p-both', ['admin', CIVIL], ['authority', BUREAU])
    const { turn } = await opened()
    await turn('ask-extension', both, FIVE)
    await expect(turn('extend', head)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(turn('extend', both)).rejects.toMatchObject({ code: 'own-proposal' })
    await expect(turn('decline', both)).rejects.toMatchObject({ code: 'own-proposal' })
    await turn('extend', authority)
  })
})
