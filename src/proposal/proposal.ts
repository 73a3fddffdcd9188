import { type Kysely, type Selectable, sql } from 'kysely'
import { z } from 'zod'
import { readRevision } from '../storage/revision.ts'
import type { ProposalTable, Tables } from '../storage/tables.ts'
import { NEW } from './move.ts'

const words = z.string().trim().min(1).max(2000)

/** What people say beside a document. */
export const saidSchema = z.strictObject({
  /** Why a finding is accepted as it is, by its id. */
  reasons: z.record(z.string().max(100), words).default({}),
  /** Answers to findings that ask, by their id. */
  answers: z.record(z.string().max(100), words).default({}),
})

export type Said = z.infer<typeof saidSchema>

/** A change of the registry on its way, at one revision. */
export type Proposal = {
  readonly id: string
  readonly kind: string
  readonly target: string
  readonly agency: string
  readonly party: string | null
  readonly state: string
  readonly doc: unknown
  /** The hash of what it would replace. */
  readonly base: string | null
  /** Who wrote it last; `authors` are all who did, and none of them may sign. */
  readonly proposer: string
  readonly authors: readonly string[]
  readonly approver: string | null
  readonly publisher: string | null
  readonly said: Said
  readonly marks: Readonly<Record<string, unknown>>
  /** Epoch milliseconds. */
  readonly openedAt: number
  readonly changedAt: number
  readonly revision: number
}

/** One act on a proposal, as its history shows it. */
export type Done = {
  readonly entry: number
  readonly what: string
  readonly person: string
  readonly at: number
  readonly reason?: string
  readonly details?: Readonly<Record<string, string>>
}

/** The thing in the log's and the engine's words. */
export function thingOf(id: string): string {
  return `proposal/${id}`
}

/** A proposal that nobody has opened yet. */
export function blank(id: string, kind: string, proposer: string): Proposal {
  return {
    ...{ id, kind, target: '', agency: '', party: null, state: NEW, doc: undefined, base: null },
    ...{
      proposer,
      authors: [],
      approver: null,
      publisher: null,
      said: { reasons: {}, answers: {} },
      marks: {},
    },
    ...{ openedAt: 0, changedAt: 0, revision: 0 },
  }
}

/** Undefined where there is none. Row and revision are of one moment, or the act on them is refused. */
export async function readProposal(db: Kysely<Tables>, id: string): Promise<Proposal | undefined> {
  const revision = await readRevision(db, thingOf(id))
  const row = await db.selectFrom('proposal').selectAll().where('id', '=', id).executeTakeFirst()
  return row && { ...fromRow(row), revision }
}

/** Oldest first, 500 at the most. @param among acts as `Done.what` has them; all where not given. */
export async function readHistory(
  db: Kysely<Tables>,
  thing: string,
  among?: readonly string[],
): Promise<readonly Done[]> {
  if (among?.length === 0) return []
  const rows = await db
    .selectFrom('act')
    .selectAll()
    .where('thing', '=', thing)
    .$if(among !== undefined, (acts) => acts.where('what', 'in', among as readonly string[]))
    .orderBy('entry')
    .limit(500)
    .execute()
  return rows.map(toDone)
}

/** A Durable Object binds a hundred values a statement; the rest of them are names of acts. */
const AT_ONCE = 40

/** Of several things, by thing, oldest first: the acts among those named, each of which is rare. */
export async function readHistories(
  db: Kysely<Tables>,
  things: readonly string[],
  among: readonly string[],
): Promise<ReadonlyMap<string, readonly Done[]>> {
  if (among.length === 0) return new Map()
  const rows: Selectable<Tables['act']>[] = []
  for (let at = 0; at < things.length; at += AT_ONCE)
    rows.push(
      ...(await db
        .selectFrom('act')
        .selectAll()
        .where('thing', 'in', things.slice(at, at + AT_ONCE))
        .where('what', 'in', among)
        .orderBy('entry')
        .execute()),
    )
  const grouped = Map.groupBy(rows, ({ thing }) => thing)
  return new Map([...grouped].map(([thing, of]) => [thing, of.map(toDone)]))
}

function toDone({ entry, what, person, at, note }: Selectable<Tables['act']>): Done {
  return {
    ...{ entry, what, person, at },
    ...(JSON.parse(note) as Pick<Done, 'reason' | 'details'>),
  }
}

export type Wanted = {
  readonly kind?: string | undefined
  readonly state?: string | undefined
  readonly states?: readonly string[] | undefined
  /** Who wrote it last. */
  readonly proposer?: string | undefined
  /** One of its two sides. */
  readonly agency?: string | undefined
  /** One of its two sides is one of these. */
  readonly among?: readonly string[] | undefined
  readonly target?: string | undefined
  /** Such an act was done to it, as `Done.what` has it. */
  readonly after?: string | undefined
  /** Those changed before this instant and, at it, with a smaller id: the last one of the page before. */
  readonly before?: { readonly changedAt: number; readonly id: string } | undefined
  readonly limit: number
}

/** A proposal in a list: without its document. */
export type Listed = Omit<Proposal, 'doc' | 'revision'>

const LISTED = [
  ...(['id', 'kind', 'target', 'agency', 'party', 'state', 'base'] as const),
  ...(['proposer', 'approver', 'publisher', 'more', 'opened_at', 'changed_at'] as const),
] as const

/** Newest change first; documents are left out. */
export async function listProposals(
  db: Kysely<Tables>,
  wanted: Wanted,
): Promise<readonly Listed[]> {
  return (await found(db, wanted).select(LISTED).execute()).map(fromListed)
}

/** The same with their documents, for whoever judges by these. */
export async function listWhole(
  db: Kysely<Tables>,
  wanted: Wanted,
): Promise<readonly Omit<Proposal, 'revision'>[]> {
  return (await found(db, wanted).selectAll().execute()).map(fromRow)
}

function found(
  db: Kysely<Tables>,
  { kind, state, states, proposer, agency, among, target, after, before, limit }: Wanted,
) {
  let query = db.selectFrom('proposal')
  if (kind !== undefined) query = query.where('kind', '=', kind)
  if (state !== undefined) query = query.where('state', '=', state)
  if (states) query = query.where('state', 'in', states)
  if (proposer !== undefined) query = query.where('proposer', '=', proposer)
  if (target !== undefined) query = query.where('target', '=', target)
  if (agency !== undefined)
    query = query.where((on) => on.or([on('agency', '=', agency), on('party', '=', agency)]))
  if (among)
    query = query.where((on) => on.or([on('agency', 'in', among), on('party', 'in', among)]))
  if (after !== undefined)
    query = query.where(({ exists, selectFrom, ref, val }) =>
      exists(
        selectFrom('act')
          .select('act.entry')
          .where('act.what', '=', after)
          .where('act.thing', '=', sql<string>`${val(thingOf(''))} || ${ref('proposal.id')}`),
      ),
    )
  if (before)
    query = query.where((on) =>
      on.or([
        on('changed_at', '<', before.changedAt),
        on.and([on('changed_at', '=', before.changedAt), on('id', '<', before.id)]),
      ]),
    )
  return query.orderBy('changed_at', 'desc').orderBy('id', 'desc').limit(limit)
}

function fromRow({ doc, ...row }: Selectable<ProposalTable>) {
  return { ...fromListed(row), doc: JSON.parse(doc) as unknown }
}

function fromListed(row: Omit<Selectable<ProposalTable>, 'doc'>): Listed {
  const { id, kind, target, agency, party, state, base, proposer, approver, publisher } = row
  return {
    ...{ id, kind, target, agency, party, state, base, proposer, approver, publisher },
    ...(JSON.parse(row.more) as Pick<Proposal, 'said' | 'authors' | 'marks'>),
    openedAt: row.opened_at,
    changedAt: row.changed_at,
  }
}

/** The row as it is from now on; `revision` stands elsewhere. */
export function toRow(proposal: Proposal, doc: string): ProposalTable {
  const { said, authors, marks } = proposal
  const { id, kind, target, agency, party, state, base, proposer, approver, publisher } = proposal
  return {
    ...{ id, kind, target, agency, party, state, base, proposer, approver, publisher, doc },
    more: JSON.stringify({ said, authors, marks }),
    opened_at: proposal.openedAt,
    changed_at: proposal.changedAt,
  }
}
