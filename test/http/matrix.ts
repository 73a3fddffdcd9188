import { generateSigningKey } from '../../src/keys/generate.ts'
import { publicJwk } from '../../src/keys/signer.ts'
import { addPerson } from '../../src/people/change.ts'
import { ROLE_NAMES, type RoleName } from '../../src/people/person.ts'
import { move, open } from '../../src/proposal/act.ts'
import type { Actor } from '../../src/proposal/actor.ts'
import { previewImport } from '../../src/proposal/import.ts'
import { openSheetFile } from '../../src/registry/sheet/open-file.ts'
import { addSystemKey, readSystemJwk } from '../../src/registry/system-keys.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { openTestGateway, type TestGateway } from '../harness.ts'
import { peopleOf } from '../people.ts'
import { BUREAU, CIVIL, COUNTY, itemOf, person, proposing } from '../proposing.ts'

/** Everything that is acted on is this agency's. */
const OWNER = CIVIL
export const SYSTEM = 'civil-matrix'

/** Nobody, then each role for the owner (authority: competent for it) and for another agency (not competent). */
export const COLUMNS = [
  'nobody',
  ...ROLE_NAMES.flatMap((role) => [`${role} own`, `${role} foreign`] as const),
] as const

export type Column = (typeof COLUMNS)[number]

const writer = person('w-admin', ['admin', OWNER])
const reader = person('w-head', ['approver', OWNER])
const publisher = person('w-authority', ['authority', BUREAU])

/** Of the agency that the owner's data is shared with. */
const answered = person('w-answered', ['admin', '11990100MB9901075L'])

export type Bench = Awaited<ReturnType<typeof openBench>>

/** One gateway with somebody for each column, and fresh things to act on. */
export async function openBench() {
  const gateway = await openTestGateway()
  const { signIn } = peopleOf(gateway)
  for (const role of ROLE_NAMES)
    for (const [whose, agency] of [
      ['own', role === 'authority' ? BUREAU : OWNER],
      ['foreign', COUNTY],
    ] as const)
      await addPerson(gateway.deps, {
        ...{ issuer: 'demo', subject: `${role}-${whose}`, name: `${role} ${whose}` },
        roles: [{ role: role as RoleName, agency }],
      })
  const victim = await addPerson(gateway.deps, {
    ...{ issuer: 'demo', subject: 'victim', name: '旁人' },
    roles: [{ role: 'officer', agency: OWNER }],
  })
  await join(gateway)
  const item = await itemOf(gateway, 'MAR-01')
  const own = proposing(gateway)
  const asked = (kind: string, doc: unknown, verb = 'open', by: Actor = writer) =>
    open(own, by, { kind, verb, doc, reason: '测试' })
  const onward = async (
    acted: Promise<{ proposal: { id: string; revision: number } }>,
    ...steps: readonly (readonly [string, Actor])[]
  ) => {
    let { proposal } = await acted
    for (const [verb, by] of steps) {
      const { id, revision } = proposal
      ;({ proposal } = await move(own, by, { id, verb, revision }))
    }
    return proposal
  }
  const self = {
    gateway,
    victim: victim.person.id,
    item,
    /** A session's cookie of somebody in this column. */
    cookieOf: async (column: Column) =>
      column === 'nobody' ? undefined : signIn(column.replace(' ', '-')),
    /** A proposal of the owner's in a state. */
    draft: () => onward(asked('item', item)),
    submitted: () => onward(asked('item', item), ['submit', writer]),
    approved: () => onward(asked('item', item), ['submit', writer], ['approve', reader]),
    published: async () =>
      onward(Promise.resolve({ proposal: await self.approved() }), ['publish', publisher]),
    system: async () => onward(asked('system', await systemDoc()), ['submit', writer]),
    person: () => onward(asked('person', newcomer('officer')), ['submit', writer]),
    farPerson: () => onward(asked('person', newcomer('auditor')), ['submit', writer]),
    suspension: async () => {
      await self.running()
      return onward(asked('suspension', await self.itemState(), 'suspend', reader))
    },
    /** What was answered from the owner's data, and may be reported as wrong by whoever was answered. */
    wrong: async () => {
      await self.running()
      const reply = await gateway.ask(HOUSING, claimsOf('family-4-marriage'))
      const { contracts } = await gateway.deps.registry.view()
      const claims = [...(contracts.get('MAR-01')?.claims.keys() ?? [])].slice(0, 1)
      return { entry: Number(reply.headers.get('log-index')), claims }
    },
    /** What the owner was answered. */
    toOwner: async () => {
      const reply = await gateway.ask('service-centre', claimsOf('physician-by-person'))
      return Number(reply.headers.get('log-index'))
    },
    reported: async () => onward(asked('correction', await self.wrong(), 'report', answered)),
    /** An agreement on the owner's item that nobody applied for, as it would be taken on record. */
    loaded: async () => {
      const all = [...(await gateway.deps.registry.view()).agreements.values()].flat()
      const like = all.find(({ item: code }) => code === 'MAR-01')
      if (!like) throw new Error('no agreement on MAR-01')
      count++
      const { state, ...agreement } = { ...like, id: `loaded-${count}` }
      const doc = JSON.stringify({ ...agreement, state: 'active' })
      const { id, item: code } = agreement
      await gateway.deps.store.db.insertInto('agreement').values({ id, item: code, doc }).execute()
      await gateway.amend('agreement', id, { state: 'active' })
      const words = '登记时已经生效'
      return { agreement, application: { basis: words, scenario: words, scope: words } }
    },
    /** The item answers again, whatever was done to it before. */
    running: async () => {
      const { version } = await itemOf(gateway, 'MAR-01')
      await gateway.amend('item', 'MAR-01', { state: 'published' })
      return version
    },
    itemState: async () => ({ code: 'MAR-01', version: await self.running(), reason: '数据有误' }),
    newKey: async () => {
      const jwk = await freshKey()
      const at = gateway.clock.now
      await addSystemKey(gateway.deps.store.db, { system: SYSTEM, jwk, validFrom: at })
      gateway.wait(1)
      return jwk.kid
    },
    /** The tag of what the owner's admin is shown of a sheet of items. */
    seenOf: async (text: string) => {
      const given = await openSheetFile(new TextEncoder().encode(text))
      if ('wrong' in given) throw new Error(given.wrong.en)
      return (await previewImport(own, writer, { kind: 'item', ...given })).hash
    },
    systemDoc,
    freshKey,
    newcomer,
  }
  return self
}

let count = 0

function newcomer(role: RoleName) {
  count++
  return {
    agency: OWNER,
    issuer: 'demo',
    subject: `n-${count}`,
    name: `新人${count}`,
    roles: [role],
  }
}

async function systemDoc() {
  count++
  return {
    system: {
      ...{ id: `civil-${count}`, agency: OWNER, actsFor: [OWNER], roles: ['caller'] },
      ...{ names: { zh: '新系统', en: 'New system' }, status: 'active' },
      rate: { perSecond: 5, burst: 10 },
    },
    keys: [await freshKey()],
  }
}

async function freshKey() {
  return readSystemJwk(await publicJwk(await generateSigningKey('ES256')))
}

async function join({ deps, wait }: TestGateway): Promise<void> {
  const { system } = await systemDoc()
  const doc = JSON.stringify({ ...system, id: SYSTEM })
  await deps.store.db.insertInto('system').values({ id: SYSTEM, doc }).execute()
  wait(1)
}
