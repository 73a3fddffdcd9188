import { afterEach, describe, expect, test } from 'vitest'
import { move } from '../../src/proposal/act.ts'
import { REFUSAL_GROUNDS } from '../../src/proposal/kinds/agreement-refusal.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway } from '../harness.ts'
import { authority, lastLeaf, proposing } from '../proposing.ts'
import {
  actorAt,
  agreementOf,
  applicationOf,
  applied,
  clocksOf,
  drafted,
  submitted,
  type Turn,
  turn,
  walk,
} from './applying.ts'

afterEach(checkWholeLog)

const reason = '理由写在这里'
const DAY = 86_400
const refusal = (code: string, more = {}) =>
  ({ reason, details: { code, law: '政务数据共享条例第二十一条', ...more } }) as const

describe('an application for what is shared conditionally', () => {
  test('is approved by the requester’s head and consented by the provider’s: then it stands', async () => {
    const gateway = await openTestGateway()
    const one = await applied(gateway)
    expect(one.proposal).toMatchObject({ state: 'applied', approver: 'p-asks-head' })
    expect(await agreementOf(gateway, one)).toBeUndefined()
    const done = await turn(gateway, one, ['consent', 'provider'])
    expect(done.proposal).toMatchObject({ state: 'active', publisher: 'p-gives-head' })
    expect(await agreementOf(gateway, one)).toMatchObject({ state: 'active', item: 'MAR-01' })
    expect(await lastLeaf(gateway)).toMatchObject({
      act: { what: 'agreement.consent', id: 'housing-mar-anew', by: 'p-gives-head' },
    })
    expect(await clocksOf(gateway, done)).toMatchObject({
      answer: { state: 'done', isLate: false },
      delivery: { state: 'normal', due: { on: '2026-12-21' } },
    })
    const delivered = await turn(gateway, done, ['deliver', 'officer'])
    expect(await clocksOf(gateway, delivered)).toMatchObject({ delivery: { state: 'done' } })
  })

  test('carries requests from then on, and none while it is suspended', async () => {
    const gateway = await openTestGateway()
    const ask = () => gateway.ask('housing-bureau', claimsOf('family-4-marriage'))
    await gateway.amend('agreement', 'housing-mar', { state: 'ended' })
    expect((await ask()).problem).toMatchObject({ code: 'no-agreement' })
    const active = await turn(gateway, await applied(gateway), ['consent', 'provider'])
    expect((await ask()).status).toBe(200)
    const suspended = await turn(gateway, active, ['suspend-provider', 'provider', { reason }])
    expect((await ask()).problem).toMatchObject({ code: 'no-agreement' })
    await turn(gateway, suspended, ['resume-provider', 'provider', { reason }])
    expect((await ask()).status).toBe(200)
  })

  test('is corrected once, and its clock stands still until all is there', async () => {
    const gateway = await openTestGateway()
    const one = await applied(gateway)
    expect((await clocksOf(gateway, one)).answer?.due?.on).toBe('2026-12-07')
    gateway.wait(2 * DAY)
    const noticed = await turn(gateway, one, ['correct', 'officer', { reason }])
    expect(noticed.proposal.state).toBe('to-correct')
    expect((await clocksOf(gateway, noticed)).answer).toMatchObject({ state: 'stopped', due: null })
    gateway.wait(5 * DAY)
    const doc = noticed.proposal.doc as Awaited<ReturnType<typeof applicationOf>>
    const amended = { ...doc, application: { ...doc.application, scope: '审核科三名工作人员' } }
    const again = await walk(gateway, noticed, [
      ['amend', 'admin', { doc: amended }],
      ['resubmit', 'head'],
    ])
    expect(again.proposal).toMatchObject({ state: 'applied', approver: 'p-asks-head' })
    // Two working days were used up by the notice; eight remain after 30 November.
    expect((await clocksOf(gateway, again)).answer?.due?.on).toBe('2026-12-10')
    await expect(turn(gateway, again, ['correct', 'officer', { reason }])).rejects.toMatchObject({
      code: 'only-once',
    })
  })

  test('is answered later where the authority consented in time', async () => {
    const gateway = await openTestGateway()
    const asked = await turn(gateway, await applied(gateway), [
      'ask-extension',
      'officer',
      { reason, details: { days: '10' } },
    ])
    expect((await clocksOf(gateway, asked)).answer?.due?.on).toBe('2026-12-07')
    const extended = await turn(gateway, asked, ['extend', 'authority'])
    expect((await clocksOf(gateway, extended)).answer?.due?.on).toBe('2026-12-21')
    await expect(turn(gateway, extended, ['extend', 'authority'])).rejects.toMatchObject({
      code: 'only-once',
    })
  })

  test('that is refused may be disputed up to an order, by which it stands', async () => {
    const gateway = await openTestGateway()
    const refused = await turn(gateway, await applied(gateway), [
      'refuse',
      'provider',
      refusal('R04'),
    ])
    expect(refused.proposal.state).toBe('refused')
    const ladder = await walk(gateway, refused, [
      ['dispute', 'head', { reason }],
      ['coordinate', 'provider', { reason }],
    ])
    const ordered = await turn(gateway, ladder, ['order', 'authority', { reason }])
    expect(ordered.proposal).toMatchObject({ state: 'active', publisher: 'p-authority' })
    expect(await agreementOf(gateway, ordered)).toMatchObject({ state: 'active' })
    expect((await clocksOf(gateway, ordered)).delivery?.state).toBe('normal')
  })

  test('whose refusal is upheld never stands', async () => {
    const gateway = await openTestGateway()
    const upheld = await walk(gateway, await applied(gateway), [
      ['refuse', 'provider', refusal('R07')],
      ['dispute', 'head', { reason }],
      ['coordinate', 'head', { reason }],
      ['uphold', 'authority', { reason }],
    ])
    expect(upheld.proposal.state).toBe('upheld')
    expect(await agreementOf(gateway, upheld)).toBeUndefined()
  })
})

describe('an application for what is shared unconditionally', () => {
  test('is in force on filing, and answered within a working day', async () => {
    const gateway = await openTestGateway()
    const doc = await applicationOf(gateway, 'housing-ent')
    const ready = await submitted(gateway, doc)
    await expect(turn(gateway, ready, ['approve', 'head'])).rejects.toMatchObject({
      code: 'sharing-class',
    })
    const filed = await turn(gateway, ready, ['file', 'head'])
    expect(await agreementOf(gateway, filed)).toMatchObject({ state: 'active' })
    expect(await clocksOf(gateway, filed)).toMatchObject({
      answer: { state: 'near', due: { on: '2026-11-24' } },
    })
    const answered = await turn(gateway, filed, ['answer', 'market'])
    expect(await clocksOf(gateway, answered)).toMatchObject({
      answer: { state: 'done' },
      delivery: { state: 'normal' },
    })
  })
})

describe('a suspension', () => {
  test('holds as long as one of the three upholds it', async () => {
    const gateway = await openTestGateway()
    let one = await turn(gateway, await applied(gateway), ['consent', 'provider'])
    const states: string[] = []
    for (const [verb, by] of [
      ['suspend-requester', 'head'],
      ['suspend-authority', 'authority'],
      ['resume-requester', 'head'],
      ['resume-authority', 'authority'],
    ] as const) {
      one = await turn(gateway, one, [verb, by, { reason }])
      states.push(one.proposal.state)
      expect((await agreementOf(gateway, one))?.state).toBe(one.proposal.state)
    }
    expect(states).toEqual(['suspended', 'suspended', 'suspended', 'active'])
  })

  test.each([
    ['end', 'head', 'ended'],
    ['terminate', 'authority', 'terminated'],
  ] as const)('may be followed by its %s', async (verb, by, state) => {
    const gateway = await openTestGateway()
    const done = await walk(gateway, await applied(gateway), [
      ['consent', 'provider'],
      ['suspend-authority', 'authority', { reason }],
      [verb, by, { reason }],
    ])
    expect(done.proposal.state).toBe(state)
    expect((await agreementOf(gateway, done))?.state).toBe('ended')
  })
})

describe('a refusal', () => {
  test.each(Object.keys(REFUSAL_GROUNDS))('on ground %s is written with its law', async (code) => {
    const gateway = await openTestGateway()
    const named = { R05: { narrower: '只比对 status' }, R06: { condition: '逐案核验' } }
    const said = refusal(code, named[code as keyof typeof named])
    const { proposal } = await turn(gateway, await applied(gateway), ['refuse', 'provider', said])
    expect(proposal.state).toBe('refused')
  })

  test.each([
    ['that material is incomplete', refusal('incomplete'), '/details/code'],
    ['of a ground that is not listed', refusal('R10'), '/details/code'],
    ['without a law', { reason, details: { code: 'R01' } }, '/details/law'],
    ['for too much, without what would do', refusal('R05'), '/details/narrower'],
    ['for a condition that is not named', refusal('R06'), '/details/condition'],
    ['without words', { details: refusal('R01').details }, '/reason'],
    ['without anything', { reason }, '/details/code'],
  ])('%s is refused itself', async (_, said, pointer) => {
    const gateway = await openTestGateway()
    const one = await applied(gateway)
    await expect(turn(gateway, one, ['refuse', 'provider', said])).rejects.toMatchObject({
      code: 'parameters',
      more: { pointers: expect.arrayContaining([pointer]) },
    })
  })
})

describe('error', () => {
  test('a notice and an extension come too late after their limits', async () => {
    const gateway = await openTestGateway()
    const one = await applied(gateway)
    gateway.wait(8 * DAY)
    await expect(turn(gateway, one, ['correct', 'officer', { reason }])).rejects.toMatchObject({
      code: 'too-late',
    })
    const said = { reason, details: { days: '5' } }
    const asked = await turn(gateway, one, ['ask-extension', 'officer', said])
    gateway.wait(8 * DAY)
    await expect(turn(gateway, asked, ['extend', 'authority'])).rejects.toMatchObject({
      code: 'too-late',
    })
    expect((await clocksOf(gateway, asked)).answer).toMatchObject({ state: 'overdue' })
  })

  test('whoever asked for more time does not grant it, whatever else he is', async () => {
    const gateway = await openTestGateway()
    const one = await applied(gateway)
    const said = { reason, details: { days: '5' } }
    const { proposal } = await turn(gateway, one, ['ask-extension', 'officer', said])
    const { id, roles } = actorAt(gateway, 'officer')
    const both = { ...actorAt(gateway, 'authority'), id, roles: [...roles, ...authority.roles] }
    for (const verb of ['extend', 'decline'])
      await expect(
        move(proposing(gateway), both, {
          id: proposal.id,
          verb,
          revision: proposal.revision,
          reason,
        }),
      ).rejects.toMatchObject({ code: 'own-proposal' })
  })

  test('silence is disputed once it is overdue, not before', async () => {
    const gateway = await openTestGateway()
    const one = await applied(gateway)
    await expect(turn(gateway, one, ['dispute', 'head', { reason }])).rejects.toMatchObject({
      code: 'wrong-state',
    })
    gateway.wait(16 * DAY)
    const disputed = await turn(gateway, one, ['dispute', 'head', { reason }])
    expect(disputed.proposal.state).toBe('negotiating')
  })

  test.each(['0', '11', '1.5', '-1', 'ten', '007'])('%s days are no extension', async (days) => {
    const gateway = await openTestGateway()
    const one = await applied(gateway)
    const said = { reason, details: { days } }
    await expect(turn(gateway, one, ['ask-extension', 'officer', said])).rejects.toMatchObject({
      code: 'parameters',
    })
  })

  test('an id in use, an item that there is not, and a state of one’s own are refused', async () => {
    const gateway = await openTestGateway()
    const doc = await applicationOf(gateway, 'housing-mar')
    const bad = (agreement: object) => drafted(gateway, { ...doc, agreement: agreement as never })
    await expect(bad({ ...doc.agreement, id: 'housing-mar' })).rejects.toMatchObject({
      code: 'parameters',
      more: { pointers: ['/doc/agreement/id'] },
    })
    await expect(bad({ ...doc.agreement, item: 'NOT-01' })).rejects.toMatchObject({
      code: 'unknown-item',
    })
    await expect(bad({ ...doc.agreement, state: 'active' })).rejects.toMatchObject({
      code: 'parameters',
    })
  })

  test.each([
    ['an end before the beginning', { validFrom: '2027-02-01', validTo: '2027-01-01' }, 'validTo'],
    ['a claim that the contract has not', { claims: { gossip: ['read'] } }, 'claims/gossip'],
  ])('%s blocks the application', async (_, members, at) => {
    const gateway = await openTestGateway()
    const doc = await applicationOf(gateway, 'housing-mar')
    const bad = { ...doc, agreement: { ...doc.agreement, ...members } }
    await expect(submitted(gateway, bad as typeof doc)).rejects.toMatchObject({
      code: 'blocked',
      more: { pointers: [expect.stringContaining(`/doc/agreement/${at}`)] },
    })
  })

  test('words that say nothing block it, too', async () => {
    const gateway = await openTestGateway()
    const doc = await applicationOf(gateway, 'housing-mar')
    const bad = { ...doc, application: { ...doc.application, basis: '待定' } }
    await expect(submitted(gateway, bad)).rejects.toMatchObject({
      code: 'blocked',
      more: { pointers: ['/doc/application/basis#application'] },
    })
  })

  test('of two applications under one id, the second one is stale', async () => {
    const gateway = await openTestGateway()
    const one = await applied(gateway)
    const other = await applied(gateway)
    await turn(gateway, one, ['consent', 'provider'])
    await expect(turn(gateway, other, ['consent', 'provider'])).rejects.toMatchObject({
      code: 'stale',
    })
  })
})

describe('security', () => {
  test.each<{ made: Turn }>([
    { made: ['consent', 'head'] },
    { made: ['consent', 'marketHead'] },
    { made: ['consent', 'officer'] },
    { made: ['correct', 'admin', { reason }] },
    { made: ['refuse', 'authority', refusal('R01')] },
    { made: ['extend', 'provider'] },
    { made: ['withdraw', 'officer'] },
  ])('nobody makes a move of another side: $made.0 by $made.1', async ({ made }) => {
    const gateway = await openTestGateway()
    await expect(turn(gateway, await applied(gateway), made)).rejects.toMatchObject({
      code: expect.stringMatching(/^(forbidden|wrong-state)$/),
    })
  })

  test.each<{ made: Turn }>([
    { made: ['end', 'provider', { reason }] },
    { made: ['terminate', 'provider', { reason }] },
    { made: ['suspend-requester', 'provider', { reason }] },
    { made: ['suspend-authority', 'head', { reason }] },
  ])(
    'a provider ends nothing alone, and nobody suspends for another: $made.0 by $made.1',
    async ({ made }) => {
      const gateway = await openTestGateway()
      const active = await turn(gateway, await applied(gateway), ['consent', 'provider'])
      await expect(turn(gateway, active, made)).rejects.toMatchObject({
        code: 'forbidden',
      })
      expect((await agreementOf(gateway, active))?.state).toBe('active')
    },
  )

  test('an amendment does not turn to another item', async () => {
    const gateway = await openTestGateway()
    const noticed = await turn(gateway, await applied(gateway), ['correct', 'officer', { reason }])
    const doc = noticed.proposal.doc as Awaited<ReturnType<typeof applicationOf>>
    const other = { ...doc, agreement: { ...doc.agreement, item: 'LOW-01' } }
    await expect(turn(gateway, noticed, ['amend', 'admin', { doc: other }])).rejects.toMatchObject({
      code: 'parameters',
    })
  })

  test('whoever signed for the requester does not consent for the provider', async () => {
    const gateway = await openTestGateway()
    const { proposal } = await applied(gateway)
    const { id, revision } = proposal
    const both = { ...actorAt(gateway, 'provider'), id: 'p-asks-head' }
    await expect(
      move(proposing(gateway), both, { id, revision, verb: 'consent' }),
    ).rejects.toMatchObject({ code: 'own-proposal' })
  })

  test('a consent rests on a sign-in of now', async () => {
    const gateway = await openTestGateway()
    const { proposal } = await applied(gateway)
    const { id, revision } = proposal
    const old = { ...actorAt(gateway, 'provider'), steppedUpAt: null }
    await expect(
      move(proposing(gateway), old, { id, revision, verb: 'consent' }),
    ).rejects.toMatchObject({ code: 'step-up' })
  })
})
