import { afterEach, describe, expect, test } from 'vitest'
import { addPerson, giveRole } from '../../src/people/change.ts'
import { findBySubject, findPerson } from '../../src/people/people.ts'
import type { RoleName } from '../../src/people/person.ts'
import { type Acted, move, open } from '../../src/proposal/act.ts'
import type { Actor } from '../../src/proposal/actor.ts'
import { showProposal } from '../../src/proposal/show.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { personOf } from '../people.ts'
import {
  admin,
  authority,
  BUREAU,
  CIVIL,
  head,
  lastLeaf,
  MARKET,
  person,
  proposing,
} from '../proposing.ts'

afterEach(checkWholeLog)

const SSO = 'https://sso.example'
const NEWCOMER = { agency: CIVIL, issuer: SSO, subject: '1001', name: '苏新', roles: ['officer'] }
const DING = { agency: CIVIL, issuer: 'demo', subject: 'ding', name: '丁松' }

async function submitted(gateway: TestGateway, doc: object, by: Actor = admin): Promise<Acted> {
  const own = proposing(gateway)
  const { proposal } = await open(own, by, { kind: 'person', verb: 'open', doc })
  return move(own, by, { id: proposal.id, verb: 'submit', revision: 1 })
}

function decided(gateway: TestGateway, { proposal }: Acted, by: Actor, verb = 'approve') {
  const { id, revision } = proposal
  return move(proposing(gateway), by, { id, verb, revision })
}

const rolesOf = async ({ deps }: TestGateway, issuer: string, subject: string) =>
  (await findBySubject(deps.store.db, issuer, subject))?.roles

describe('a person', () => {
  test.each([{ issuer: 'https://sso.example/\0' }, { issuer: '\ud800' }, { name: '苏\0新' }])(
    'is refused where a text cannot be kept: %j',
    async (more) => {
      const gateway = await openTestGateway()
      await expect(submitted(gateway, { ...NEWCOMER, ...more })).rejects.toMatchObject({
        code: 'parameters',
      })
    },
  )

  test('is registered when the head approves; the entry tells nobody who it is', async () => {
    const gateway = await openTestGateway()
    const asked = await submitted(gateway, NEWCOMER)
    expect(await rolesOf(gateway, SSO, '1001')).toBeUndefined()
    await decided(gateway, asked, head)
    expect(await rolesOf(gateway, SSO, '1001')).toEqual([{ role: 'officer', agency: CIVIL }])
    const leaf = JSON.stringify(await lastLeaf(gateway))
    expect(leaf).toContain('person.approve')
    for (const told of ['苏新', '1001']) expect(leaf).not.toContain(`"${told}"`)
  })

  test('gets and loses roles at one agency; those at others stay', async () => {
    const gateway = await openTestGateway()
    const { db } = gateway.deps.store
    const { id } = personOf('ding')
    await giveRole(gateway.deps, id, { role: 'officer', agency: MARKET })
    await decided(gateway, await submitted(gateway, { ...DING, id, roles: ['officer'] }), head)
    expect((await findPerson(db, id))?.roles).toEqual([
      { role: 'officer', agency: CIVIL },
      { role: 'officer', agency: MARKET },
    ])
    await decided(gateway, await submitted(gateway, { ...DING, id, roles: [] }), head)
    expect((await findPerson(db, id))?.roles).toEqual([{ role: 'officer', agency: MARKET }])
  })

  test('without any role left may begin on the other side', async () => {
    const gateway = await openTestGateway()
    const { id } = personOf('ding')
    await decided(gateway, await submitted(gateway, { ...DING, roles: [] }), head)
    const asked = await submitted(gateway, { ...DING, roles: ['auditor'] })
    await decided(gateway, asked, authority, 'grant')
    const after = await findPerson(gateway.deps.store.db, id)
    expect(after).toMatchObject({ side: 'audit', roles: [{ role: 'auditor', agency: CIVIL }] })
  })

  test('who is known keeps name and account, whatever is proposed', async () => {
    const gateway = await openTestGateway()
    const { id } = personOf('ding')
    const doc = { ...DING, id, name: '别人', issuer: SSO, subject: 'thief', roles: ['admin'] }
    await decided(gateway, await submitted(gateway, doc), head)
    const after = await findPerson(gateway.deps.store.db, id)
    expect(after).toMatchObject({ name: '丁松', issuer: 'demo', subject: 'ding' })
  })

  test('is shown beside what he is now', async () => {
    const gateway = await openTestGateway()
    const { proposal } = await submitted(gateway, { ...DING, roles: ['admin', 'officer'] })
    const shown = await showProposal(proposing(gateway), head, proposal.id)
    expect(shown.current).toMatchObject({ roles: ['admin'], name: '丁松' })
  })
})

describe('error', () => {
  test('whoever was registered meanwhile is not registered twice', async () => {
    const gateway = await openTestGateway()
    const asked = await submitted(gateway, NEWCOMER)
    const roles = [{ role: 'officer', agency: MARKET }] as const
    await addPerson(gateway.deps, { ...NEWCOMER, roles })
    await expect(decided(gateway, asked, head)).rejects.toMatchObject({ code: 'stale' })
    expect(await rolesOf(gateway, SSO, '1001')).toEqual([{ role: 'officer', agency: MARKET }])
  })

  test('roles changed meanwhile are decided on anew', async () => {
    const gateway = await openTestGateway()
    const asked = await submitted(gateway, { ...DING, roles: ['admin', 'officer'] })
    await giveRole(gateway.deps, personOf('ding').id, { role: 'approver', agency: CIVIL })
    await expect(decided(gateway, asked, head)).rejects.toMatchObject({ code: 'stale' })
  })

  test.each([
    ['two sides', { ...NEWCOMER, roles: ['admin', 'auditor'] }],
    ['a side that he is not on elsewhere', { ...DING, agency: MARKET, roles: ['auditor'] }],
    ['a role that there is not', { ...NEWCOMER, roles: ['king'] }],
    ['a name of two lines', { ...NEWCOMER, name: '苏\n新' }],
    ['an agency that there is not', { ...NEWCOMER, agency: '11990100MB99999999' }],
  ])('%s is refused', async (_, doc) => {
    const gateway = await openTestGateway()
    const by = person('x', ['admin', CIVIL], ['admin', MARKET])
    await expect(submitted(gateway, doc, by)).rejects.toMatchObject({ code: 'parameters' })
  })
})

describe('security', () => {
  test.each<[string, RoleName]>([
    ['authority', 'authority'],
    ['auditor', 'auditor'],
  ])('the own head cannot make somebody %s, the authority can', async (_, role) => {
    const gateway = await openTestGateway()
    const asked = await submitted(gateway, { ...NEWCOMER, roles: [role] })
    await expect(decided(gateway, asked, head)).rejects.toMatchObject({ code: 'forbidden' })
    await decided(gateway, asked, authority, 'grant')
    expect(await rolesOf(gateway, SSO, '1001')).toEqual([{ role, agency: CIVIL }])
  })

  test('the own head cannot put the auditor out', async () => {
    const gateway = await openTestGateway()
    const asked = await submitted(gateway, { ...NEWCOMER, roles: ['auditor'] })
    await decided(gateway, asked, authority, 'grant')
    const out = await submitted(gateway, { ...NEWCOMER, roles: [] })
    await expect(decided(gateway, out, head)).rejects.toMatchObject({ code: 'forbidden' })
  })

  test('nobody approves his own roles', async () => {
    const gateway = await openTestGateway()
    const er = personOf('er')
    const self = person(er.id, ['approver', CIVIL])
    const doc = { agency: CIVIL, issuer: 'demo', subject: 'er', name: '尔雅' }
    const asked = await submitted(gateway, { ...doc, roles: ['admin', 'approver'] })
    await expect(decided(gateway, asked, self)).rejects.toMatchObject({ code: 'own-proposal' })
  })

  test('an admin of another agency, or the proposer himself, decides nothing', async () => {
    const gateway = await openTestGateway()
    const foreign = person('m', ['admin', MARKET], ['approver', MARKET])
    await expect(submitted(gateway, NEWCOMER, foreign)).rejects.toMatchObject({ code: 'forbidden' })
    const both = person('b', ['admin', CIVIL], ['approver', CIVIL])
    const asked = await submitted(gateway, NEWCOMER, both)
    await expect(decided(gateway, asked, both)).rejects.toMatchObject({ code: 'own-proposal' })
    await expect(decided(gateway, asked, foreign)).rejects.toMatchObject({ code: 'forbidden' })
  })

  test('a change between judging and writing makes nothing fail', async () => {
    const gateway = await openTestGateway()
    const asked = await submitted(gateway, { ...NEWCOMER, agency: CIVIL })
    const results = await Promise.allSettled([
      decided(gateway, asked, head),
      addPerson(gateway.deps, { ...NEWCOMER, roles: [{ role: 'officer', agency: BUREAU }] }),
    ])
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const failed = results.find(({ status }) => status === 'rejected') as PromiseRejectedResult
    expect(String(failed.reason)).not.toContain('LogUnavailable')
  })
})
