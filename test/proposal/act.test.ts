import { afterEach, describe, expect, test } from 'vitest'
import { type Acted, move, open } from '../../src/proposal/act.ts'
import type { Actor } from '../../src/proposal/actor.ts'
import { readHistory, readProposal, thingOf } from '../../src/proposal/proposal.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, NOW, openTestGateway, type TestGateway } from '../harness.ts'
import {
  admin,
  authority,
  BUREAU,
  CIVIL,
  COUNTY,
  head,
  itemOf,
  lastLeaf,
  MARKET,
  person,
  proposing,
} from '../proposing.ts'

afterEach(checkWholeLog)

/** The verbs one after another, each by its person, on the newest revision. */
async function walk(
  gateway: TestGateway,
  { proposal }: Acted,
  steps: readonly (readonly [verb: string, by: Actor, more?: { reason?: string; doc?: unknown }])[],
): Promise<Acted> {
  let acted: Acted = { proposal, entry: -1 }
  for (const [verb, by, more] of steps) {
    const { id, revision } = acted.proposal
    acted = await move(proposing(gateway), by, { id, verb, revision, ...more })
  }
  return acted
}

async function drafted(
  gateway: TestGateway,
  { by = admin, fee = '不收费（2026 年修订）' } = {},
): Promise<Acted> {
  const doc = { ...(await itemOf(gateway, 'MAR-01')), fee: { zh: fee, en: fee } }
  return open(proposing(gateway), by, { kind: 'item', verb: 'open', doc })
}

describe('an item', () => {
  test('is submitted by the admin, approved by the head, published by the authority', async () => {
    const gateway = await openTestGateway()
    const before = await itemOf(gateway, 'MAR-01')
    const approved = await walk(gateway, await drafted(gateway), [
      ['submit', admin],
      ['approve', head],
    ])
    expect((await itemOf(gateway, 'MAR-01')).version).toBe(before.version)
    const { proposal, entry } = await walk(gateway, approved, [['publish', authority]])
    expect(proposal).toMatchObject({
      state: 'published',
      proposer: admin.id,
      approver: head.id,
      publisher: authority.id,
    })
    const after = await itemOf(gateway, 'MAR-01')
    expect(after).toMatchObject({ version: before.version + 1, state: 'published' })
    expect(after.fee.zh).toBe('不收费（2026 年修订）')
    expect(await lastLeaf(gateway)).toMatchObject({
      kind: 'act',
      act: { what: 'item.publish', id: 'MAR-01', by: 'p-authority', proposer: 'p-admin' },
    })
    const history = await readHistory(gateway.deps.store.db, thingOf(proposal.id))
    expect(history.map(({ what }) => what)).toEqual([
      'item.open',
      'item.submit',
      'item.approve',
      'item.publish',
    ])
    expect(history.at(-1)).toMatchObject({ entry, person: authority.id, at: NOW })
  })

  test('keeps every version that was published before', async () => {
    const gateway = await openTestGateway()
    const old = await itemOf(gateway, 'MAR-01')
    await walk(gateway, await drafted(gateway), [
      ['submit', admin],
      ['approve', head],
      ['publish', authority],
    ])
    const { items } = await gateway.deps.registry.view()
    expect(items.get('MAR-01')?.[1]).toEqual(old)
  })

  test('that is sent back says why, and loses its signatures', async () => {
    const gateway = await openTestGateway()
    const reason = '未说明使用条件'
    const { proposal } = await walk(gateway, await drafted(gateway), [
      ['submit', admin],
      ['approve', head],
      ['send-back', authority, { reason }],
    ])
    expect(proposal).toMatchObject({ state: 'draft', approver: null })
    const history = await readHistory(gateway.deps.store.db, thingOf(proposal.id))
    expect(history.at(-1)).toMatchObject({ what: 'item.send-back', reason })
  })

  test('of which two proposals were approved is published once: the other one is stale', async () => {
    const gateway = await openTestGateway()
    const steps = [
      ['submit', admin],
      ['approve', head],
    ] as const
    const one = await walk(gateway, await drafted(gateway), [...steps])
    const other = await walk(gateway, await drafted(gateway, { fee: '不收费（另一稿）' }), [
      ...steps,
    ])
    const publish = ({ proposal: { id, revision } }: Acted) =>
      move(proposing(gateway), authority, { id, verb: 'publish', revision })
    const both = await Promise.allSettled([publish(one), publish(other)])
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const lost = both[0]?.status === 'fulfilled' ? other : one
    await expect(publish(lost)).rejects.toMatchObject({
      code: 'stale',
      more: { pointers: expect.arrayContaining(['/fee/zh']) },
    })
  })
})

describe('a suspension', () => {
  const doc = { code: 'MAR-01', version: 1, reason: '数据源异常' }

  test('stops the item at once, by one head alone, and another person lifts it', async () => {
    const gateway = await openTestGateway()
    const { version } = await itemOf(gateway, 'MAR-01')
    const acted = await open(proposing(gateway), head, {
      ...{ kind: 'suspension', verb: 'suspend' },
      doc: { ...doc, version },
    })
    const { problem } = await gateway.ask('housing-bureau', claimsOf('family-4-marriage'))
    expect(problem).toMatchObject({ code: 'item-suspended' })
    const { id, revision } = acted.proposal
    const lift = (by: Actor) =>
      move(proposing(gateway), by, { id, verb: 'lift', revision, reason: '已恢复' })
    await expect(lift(head)).rejects.toMatchObject({ code: 'own-proposal' })
    await lift(authority)
    expect((await itemOf(gateway, 'MAR-01')).state).toBe('published')
  })
})

describe('error', () => {
  test('what was decided on an older revision is refused, and says what differs', async () => {
    const gateway = await openTestGateway()
    const { proposal } = await drafted(gateway)
    const edit = (fee: string) => {
      const doc = { ...(proposal.doc as object), fee: { zh: fee, en: fee } }
      const step = { id: proposal.id, verb: 'edit', revision: proposal.revision, doc }
      return move(proposing(gateway), admin, step)
    }
    await edit('甲')
    await expect(edit('乙')).rejects.toMatchObject({
      code: 'stale',
      more: { pointers: ['/fee/zh', '/fee/en'] },
    })
  })

  test('a document that does not fit names the places and writes nothing', async () => {
    const gateway = await openTestGateway()
    const size = gateway.size()
    const item = await itemOf(gateway, 'MAR-01')
    const doc = { ...item, kind: 'gossip', surplus: 1 }
    const opening = open(proposing(gateway), admin, { kind: 'item', verb: 'open', doc })
    await expect(opening).rejects.toMatchObject({
      code: 'parameters',
      more: { pointers: expect.arrayContaining(['/doc/kind']) },
    })
    expect(gateway.size()).toBe(size)
  })

  test('half a character, which no canonical JSON has, is named by its place', async () => {
    const gateway = await openTestGateway()
    const size = gateway.size()
    const item = await itemOf(gateway, 'MAR-01')
    const replaces = [{ zh: '结婚证', en: 'paper \ud800' }]
    const doc = { ...item, fee: { zh: '\udfff', en: '免费' }, replaces }
    const opening = open(proposing(gateway), admin, { kind: 'item', verb: 'open', doc })
    await expect(opening).rejects.toMatchObject({
      code: 'parameters',
      more: { pointers: ['/doc/fee/zh', '/doc/replaces/0/en'] },
    })
    expect(gateway.size()).toBe(size)
  })

  test('a log that is away changes nothing', async () => {
    const gateway = await openTestGateway()
    const { proposal } = await drafted(gateway)
    const { store } = gateway.deps
    const log = { ...gateway.deps.log, append: () => Promise.reject(new Error('away')) }
    const step = { id: proposal.id, verb: 'submit', revision: proposal.revision }
    await expect(move({ ...proposing(gateway), log }, admin, step)).rejects.toThrow('away')
    expect(await readProposal(store.db, proposal.id)).toEqual(proposal)
  })
})

describe('security', () => {
  const cases: [string, Actor, string][] = [
    ['an admin of another agency', person('x', ['admin', MARKET]), 'forbidden'],
    ['an approver', head, 'forbidden'],
    ['an auditor', person('x', ['auditor', CIVIL]), 'forbidden'],
    ['nobody in particular', person('x'), 'forbidden'],
  ]
  test.each(cases)('%s opens no item of an agency', async (_, by, code) => {
    const gateway = await openTestGateway()
    const size = gateway.size()
    await expect(drafted(gateway, { by })).rejects.toMatchObject({ code })
    expect(gateway.size()).toBe(size)
  })

  test('whoever wrote at it does not approve it, whoever proposed it', async () => {
    const gateway = await openTestGateway()
    const both = person('p-both', ['admin', CIVIL], ['approver', CIVIL])
    const opened = await drafted(gateway)
    const edited = await walk(gateway, opened, [
      ['edit', both, { doc: opened.proposal.doc }],
      ['submit', admin],
    ])
    const { id, revision } = edited.proposal
    for (const by of [both, { ...admin, roles: both.roles }])
      await expect(
        move(proposing(gateway), by, { id, verb: 'approve', revision }),
      ).rejects.toMatchObject({ code: 'own-proposal' })
  })

  test('a sign-in of five minutes ago does not approve', async () => {
    const gateway = await openTestGateway()
    const { proposal } = await walk(gateway, await drafted(gateway), [['submit', admin]])
    const step = { id: proposal.id, verb: 'approve', revision: proposal.revision }
    for (const steppedUpAt of [NOW - 5 * 60_000, NOW + 1, null])
      await expect(move(proposing(gateway), { ...head, steppedUpAt }, step)).rejects.toMatchObject({
        code: 'step-up',
      })
    await move(proposing(gateway), { ...head, steppedUpAt: NOW - 5 * 60_000 + 1 }, step)
  })

  test('the authority of a county publishes nothing of the city', async () => {
    const gateway = await openTestGateway()
    const approved = await walk(gateway, await drafted(gateway), [
      ['submit', admin],
      ['approve', head],
    ])
    const county = person('x', ['authority', COUNTY])
    const publish = (by: Actor) => walk(gateway, approved, [['publish', by]])
    await expect(publish(county)).rejects.toMatchObject({ code: 'forbidden' })
    await publish(person('y', ['authority', BUREAU]))
  })

  test('a proposal does not change whose item it is about', async () => {
    const gateway = await openTestGateway()
    const { proposal } = await drafted(gateway)
    const { id, revision } = proposal
    const foreign = await itemOf(gateway, 'ENT-01')
    const step = { id, verb: 'edit', revision, doc: foreign }
    await expect(move(proposing(gateway), admin, step)).rejects.toMatchObject({
      code: 'parameters',
    })
  })
})
