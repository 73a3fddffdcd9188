import { afterEach, describe, expect, test } from 'vitest'
import { move, open } from '../../src/proposal/act.ts'
import { readInbox } from '../../src/proposal/inbox.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { admin, authority, COUNTY, itemOf, person, proposing } from '../proposing.ts'
import { actorAt, applicationOf, applied, type Hand, submitted, turn } from './applying.ts'

afterEach(checkWholeLog)

const DAY_SECONDS = 86_400
const FIVE = { reason: '须核对历史档案', details: { days: '5' } }

/** Where the clock is the database's, it follows with the next request. */
async function later(gateway: TestGateway, days: number): Promise<void> {
  gateway.wait(days * DAY_SECONDS)
  await gateway.app.request('/healthz')
}

const inboxOf = async (gateway: TestGateway, hand: Hand) => {
  const { waiting, own } = await readInbox(proposing(gateway), actorAt(gateway, hand))
  const idsOf = (rows: typeof waiting) => rows.map(({ id }) => id)
  return { waiting: idsOf(waiting), own: idsOf(own) }
}

describe('what waits for somebody', () => {
  test('is an application at its provider’s head; once it runs, it is nobody’s work any more', async () => {
    const gateway = await openTestGateway()
    const one = await applied(gateway)
    const { id } = one.proposal
    expect(await inboxOf(gateway, 'provider')).toEqual({ waiting: [id], own: [] })
    expect(await inboxOf(gateway, 'admin')).toEqual({ waiting: [], own: [id] })
    await turn(gateway, one, ['consent', 'provider'])
    for (const hand of ['admin', 'provider'] as const)
      expect(await inboxOf(gateway, hand)).toEqual({ waiting: [], own: [] })
  })

  test('is a reply that nobody has to sign: data reported as wrong, at whoever provides it', async () => {
    const gateway = await openTestGateway()
    const reply = await gateway.ask(HOUSING, claimsOf('family-4-marriage'))
    const entry = Number(reply.headers.get('log-index'))
    const { proposal } = await open(proposing(gateway), actorAt(gateway, 'admin'), {
      ...{ kind: 'correction', verb: 'report', reason: '与窗口所见证件不符' },
      doc: { entry, claims: ['status'] },
    })
    expect((await inboxOf(gateway, 'officer')).waiting).toEqual([proposal.id])
    expect((await inboxOf(gateway, 'market')).waiting).toEqual([])
    expect((await inboxOf(gateway, 'admin')).own).toEqual([proposal.id])
  })

  test.each(['extend', 'decline'])(
    'is more time that a provider asks for, at the authority, until it says “%s”',
    async (verb) => {
      const gateway = await openTestGateway()
      const one = await applied(gateway)
      const { id } = one.proposal
      const waits = async () => (await inboxOf(gateway, 'authority')).waiting
      expect(await waits()).toEqual([])
      const asked = await turn(gateway, one, ['ask-extension', 'officer', FIVE])
      expect(await waits()).toEqual([id])
      for (const hand of ['head', 'officer', 'market', 'marketHead'] as const)
        expect((await inboxOf(gateway, hand)).waiting).toEqual([])
      await turn(gateway, asked, [verb, 'authority', { reason: '已核对' }])
      expect(await waits()).toEqual([])
      expect((await inboxOf(gateway, 'provider')).waiting).toEqual([id])
    },
  )

  test('is no extension that was asked for too long ago, or of what is answered meanwhile', async () => {
    const gateway = await openTestGateway()
    const asked = await turn(gateway, await applied(gateway), ['ask-extension', 'officer', FIVE])
    const again = await applicationOf(gateway, 'housing-mar', 'housing-again')
    const two = await turn(gateway, await submitted(gateway, again), ['approve', 'head'])
    const other = await turn(gateway, two, ['ask-extension', 'officer', FIVE])
    const waits = async () => (await inboxOf(gateway, 'authority')).waiting
    expect(await waits()).toHaveLength(2)
    await turn(gateway, other, ['consent', 'provider'])
    expect(await waits()).toEqual([asked.proposal.id])
    await later(gateway, 21)
    expect(await waits()).toEqual([])
  })

  test('is more time for the change of an item, in time, from its draft on, at the competent authority', async () => {
    const gateway = await openTestGateway()
    const own = proposing(gateway)
    const doc = { ...(await itemOf(gateway, 'MAR-01')), fee: { zh: '免费', en: 'Free' } }
    const { proposal } = await open(own, admin, {
      ...{ kind: 'item', verb: 'open', doc, details: { 'changed-on': '2026-11-16' } },
    })
    const { id, revision } = proposal
    const waits = async () => (await inboxOf(gateway, 'authority')).waiting
    expect(await waits()).toEqual([])
    await move(own, admin, { id, revision, verb: 'ask-extension', ...FIVE })
    expect(await waits()).toEqual([id])
    const elsewhere = person('p-county', ['authority', COUNTY])
    expect((await readInbox(own, elsewhere)).waiting).toEqual([])
    const both = { ...authority, id: admin.id }
    expect((await readInbox(own, both)).waiting).toEqual([])
    await later(gateway, 8)
    expect(await waits()).toEqual([])
  })
})
