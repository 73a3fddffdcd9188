import { afterEach, describe, expect, test } from 'vitest'
import { open } from '../../src/proposal/act.ts'
import { readInbox } from '../../src/proposal/inbox.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { proposing } from '../proposing.ts'
import { actorAt, applied, type Hand, turn } from './applying.ts'

afterEach(checkWholeLog)

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
})
