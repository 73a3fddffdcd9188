import { sql } from 'kysely'
import { afterEach, describe, expect, test } from 'vitest'
import { parseLeaf } from '../../src/log/entry.ts'
import {
  addPerson,
  giveRole,
  type NewPerson,
  setStatus,
  takeRole,
} from '../../src/people/change.ts'
import { findBySubject, findPerson, listPeople } from '../../src/people/people.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { PEOPLE, peopleOf, personOf } from '../people.ts'

afterEach(checkWholeLog)

const BUREAU = '11990100MB9901016H'
const CIVIL = '11990100MB99010327'
const SSO = 'https://sso.example'
const NEWCOMER: NewPerson = {
  issuer: SSO,
  subject: '1001',
  name: '苏新',
  roles: [{ role: 'admin', agency: CIVIL }],
}

const leafOf = async ({ deps }: TestGateway, entry: number) =>
  (await deps.store.readLeaf(entry)) ?? ''

describe('a change of people', () => {
  test('and its entry are one commit; the entry names nobody', async () => {
    const gateway = await openTestGateway()
    const { deps } = gateway
    const { person, entry } = await addPerson(deps, NEWCOMER)
    expect(await findBySubject(deps.store.db, SSO, '1001')).toEqual(person)
    const text = await leafOf(gateway, entry)
    const leaf = parseLeaf(text)
    expect(leaf).toMatchObject({
      kind: 'registry',
      change: { what: 'person', id: `${person.id}/add` },
    })
    for (const told of [NEWCOMER.name, NEWCOMER.subject]) expect(text).not.toContain(told)
  })

  test('hashes what it says under a salt of its own: a name cannot be guessed from the log', async () => {
    const gateway = await openTestGateway()
    const hashOf = async (subject: string) => {
      const { entry } = await addPerson(gateway.deps, { ...NEWCOMER, subject })
      return parseLeaf(await leafOf(gateway, entry)).change?.hash
    }
    expect(await hashOf('1')).not.toBe(await hashOf('2'))
    const salts = await gateway.deps.store.db.selectFrom('person').select('salt').execute()
    expect(new Set(salts.map(({ salt }) => salt)).size).toBe(salts.length)
  })

  test('gives and takes roles, suspends and resumes', async () => {
    const { deps } = await openTestGateway()
    const { person } = await addPerson(deps, NEWCOMER)
    const more = { role: 'approver', agency: BUREAU } as const
    expect((await giveRole(deps, person.id, more)).person.roles).toContainEqual(more)
    expect((await takeRole(deps, person.id, more)).person.roles).toEqual(NEWCOMER.roles)
    await setStatus(deps, person.id, 'suspended')
    expect(await findPerson(deps.store.db, person.id)).toMatchObject({ status: 'suspended' })
    await setStatus(deps, person.id, 'active')
    const names = (await listPeople(deps.store.db, CIVIL)).map(({ name }) => name)
    expect(names).toContain(NEWCOMER.name)
    expect(names).not.toContain(personOf('ann').name)
  })

  test('a suspension ends every session and token at once', async () => {
    const gateway = await openTestGateway()
    const { signIn, tokenOf, as, with: bearer } = peopleOf(gateway)
    const { id } = personOf('ding')
    const cookie = await signIn('ding')
    const token = await tokenOf('ding')
    expect((await as(cookie)('GET', '/v1/admin/me')).status).toBe(200)
    await setStatus(gateway.deps, id, 'suspended')
    expect((await as(cookie)('GET', '/v1/admin/me')).status).toBe(401)
    expect((await bearer(token)('GET', '/v1/admin/me')).status).toBe(401)
    await setStatus(gateway.deps, id, 'active')
    expect((await as(cookie)('GET', '/v1/admin/me')).status).toBe(401)
    // And one that were left over does not help either.
    const left = await signIn('ding')
    await gateway.deps.store.db.updateTable('person').set({ status: 'suspended' }).execute()
    expect((await as(left)('GET', '/v1/admin/me')).status).toBe(401)
  })

  test.each([
    [
      'known',
      (deps: TestGateway['deps']) =>
        addPerson(deps, { ...NEWCOMER, issuer: 'demo', subject: 'ann' }),
    ],
    ['side', (deps) => giveRole(deps, personOf('ann').id, { role: 'auditor', agency: BUREAU })],
    ['side', (deps) => giveRole(deps, personOf('ning').id, { role: 'admin', agency: BUREAU })],
    ['has', (deps) => giveRole(deps, personOf('ann').id, { role: 'admin', agency: BUREAU })],
    ['lacks', (deps) => takeRole(deps, personOf('ann').id, { role: 'officer', agency: BUREAU })],
    ['already', (deps) => setStatus(deps, personOf('ann').id, 'active')],
    ['unknown', (deps) => setStatus(deps, 'A'.repeat(22), 'suspended')],
  ] as [string, (deps: TestGateway['deps']) => Promise<unknown>][])(
    'that may not be made (%s) leaves no entry',
    async (code, change) => {
      const gateway = await openTestGateway()
      const size = gateway.size()
      await expect(change(gateway.deps)).rejects.toMatchObject({ name: 'PersonError', code })
      expect(gateway.size()).toBe(size)
    },
  )

  test('of two at once, the second is told to look again', async () => {
    const gateway = await openTestGateway()
    const twice = await Promise.allSettled([
      addPerson(gateway.deps, NEWCOMER),
      addPerson(gateway.deps, { ...NEWCOMER, name: '另一人' }),
    ])
    expect(twice.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const all = await listPeople(gateway.deps.store.db)
    expect(all.filter(({ subject }) => subject === NEWCOMER.subject)).toHaveLength(1)
  })

  test('whoever gave up his roles may begin on the other side', async () => {
    const { deps } = await openTestGateway()
    const { person } = await addPerson(deps, NEWCOMER)
    await takeRole(deps, person.id, { role: 'admin', agency: CIVIL })
    const audit = { role: 'auditor', agency: BUREAU } as const
    expect((await giveRole(deps, person.id, audit)).person.side).toBe('audit')
  })
})

describe('the database refuses', () => {
  const refused: [string, string][] = [
    ...PEOPLE.filter(({ subject }) => ['ann', 'ning'].includes(subject)).flatMap(
      ({ id, subject }): [string, string][] => {
        const isAuditor = subject === 'ning'
        const other = isAuditor ? 'admin' : 'auditor'
        const [own, foreign] = isAuditor ? ['audit', 'duty'] : ['duty', 'audit']
        return [
          [
            `${subject} as ${other}, on the other side than his own`,
            `INSERT INTO person_role VALUES ('${id}', '${foreign}', '${other}', 'X')`,
          ],
          [
            `${subject} as ${other}, on his own side`,
            `INSERT INTO person_role VALUES ('${id}', '${own}', '${other}', 'X')`,
          ],
          [
            `${subject}'s side to be changed while he has roles`,
            `UPDATE person SET side = '${foreign}' WHERE id = '${id}'`,
          ],
        ]
      },
    ),
    [
      'a role that there is not',
      `INSERT INTO person_role VALUES ('${personOf('ann').id}', 'duty', 'king', 'X')`,
    ],
    ['a role of nobody', `INSERT INTO person_role VALUES ('nobody', 'duty', 'admin', 'X')`],
    [
      'the same subject twice',
      `INSERT INTO person VALUES ('other', 'demo', 'ann', 'Ann', 's', 'duty', 'active', 0)`,
    ],
    [
      'a token that is stepped up',
      `INSERT INTO session SELECT salt_of, '${personOf('ann').id}', 'token', 'token', 0, 0, 1, 1, '' FROM (SELECT hash AS salt_of FROM entry WHERE idx = 0) AS one`,
    ],
  ]

  test.each(refused)('%s', async (_, statement) => {
    const { deps } = await openTestGateway()
    await expect(sql.raw(statement).execute(deps.store.db)).rejects.toThrow(
      /constraint|SQLSTATE 23/i,
    )
  })
})
