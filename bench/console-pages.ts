import { dayInShanghai } from '../src/calendar/day.ts'
import type { Deps } from '../src/deps.ts'
import { findBySubject } from '../src/people/people.ts'
import type { Registered } from '../src/people/person.ts'
import { beginSession } from '../src/people/session.ts'
import { open } from '../src/proposal/act.ts'
import { KINDS } from '../src/proposal/kinds.ts'

const DRAFTS = 500

/** A page of the console, and who looks at it. */
export type Visit = { readonly path: string; readonly cookie?: string }

/** 民政局's admin; the city's authority, who sees everything that can be stopped; an auditor. */
const VISITS: Readonly<Record<string, readonly string[]>> = {
  ding: [
    ...['/console/items/new', '/console/items/MAR-01/edit', '/console/services/S03/edit'],
    ...[
      '/console/agreements/new',
      '/console/agreements/new?item=CRE-01',
      '/console/systems',
      '/console/import',
      '/console/session',
    ],
  ],
  bo: [
    ...['/console', '/console/items', `/console/items?q=${encodeURIComponent('婚姻')}&page=3`],
    ...['/console/items/MAR-01/suspend', '/console/services', '/console/agreements'],
    ...['/console/proposals', '/console/proposals/DRAFT', '/console/people'],
  ],
  // The log's own pages, each reading of which is an entry, are measured by `--audit`.
  ning: ['/console', '/console/proposals', '/console/proposals/DRAFT'],
}

/** Visits by people of the demo city, with a city's drafts under way. */
export async function consoleVisits(deps: Deps): Promise<readonly Visit[]> {
  const draft = await drafted(deps)
  const visits = Object.entries(VISITS).map(async ([subject, paths]) => {
    const { secret } = await begun(deps, await personOf(deps, subject))
    return paths.map((path) => ({
      path: path.replace('DRAFT', draft),
      cookie: `__Host-sid=${secret}`,
    }))
  })
  return (await Promise.all(visits)).flat()
}

async function personOf({ store }: Deps, subject: string): Promise<Registered> {
  const person = await findBySubject(store.db, 'demo', subject)
  if (!person) throw new Error(`nobody is called ${subject}`)
  return person
}

function begun({ store: { db }, crypto, clock }: Deps, { id: person }: Registered) {
  const now = clock()
  const wanted = {
    person,
    kind: 'browser',
    how: 'provider',
    steppedUpAt: now,
    agent: 'bench',
  } as const
  return beginSession({ db, crypto }, wanted, { now })
}

/** @returns the last one's id. */
async function drafted(deps: Deps): Promise<string> {
  const { id, roles } = await personOf(deps, 'ding')
  const actor = { id, roles, steppedUpAt: deps.clock() }
  const doc = (await deps.registry.view()).items.get('MAR-01')?.[0]
  const own = { ...deps, kinds: KINDS, today: dayInShanghai }
  let last = ''
  for (let n = 0; n < DRAFTS; n++) {
    const fee = { zh: `不收费（第 ${n} 稿）`, en: `None (draft ${n})` }
    const { proposal } = await open(own, actor, {
      kind: 'item',
      verb: 'open',
      doc: { ...doc, fee },
    })
    last = proposal.id
  }
  return last
}
