import { base64url } from 'jose'
import type { Kysely } from 'kysely'
import type { SyncCrypto } from '../crypto.ts'
import type { SessionTable, Tables } from '../storage/tables.ts'
import { allSessionsOf, rolesOf } from './people.ts'
import type { Person, Side } from './person.ts'

const MINUTE_MILLIS = 60_000
const IDLE_MILLIS = 15 * MINUTE_MILLIS
const HOUR_MILLIS = 60 * MINUTE_MILLIS
export const LIFE_HOURS_MAX = 8
/** How old the sign-in may be that an approval rests on. */
export const STEP_UP_MILLIS = 5 * MINUTE_MILLIS
/** Its use is written down this often at the most: a session may end a minute early, never late. */
const SEEN_MILLIS = MINUTE_MILLIS
const SECRET_BYTES = 32
const AGENT_CHARACTERS_MAX = 200
/** Of one person and kind; the one that was used longest ago gives way. */
const SESSIONS_MAX = 10
/** Marks a token for whoever finds one where it should not be. */
export const TOKEN_PREFIX = 'mzt_'

export type SessionKind = 'browser' | 'token'

/** Instants in epoch milliseconds. */
export type Session = {
  /** SHA-256 of what its holder shows, base64url: names it without being it. */
  readonly id: string
  readonly kind: SessionKind
  /** How its person proved who he is. */
  readonly how: 'provider' | 'passkey' | 'token'
  readonly createdAt: number
  readonly seenAt: number
  readonly expiresAt: number
  /** When he last proved it, as far as an approval may rest on it. */
  readonly steppedUpAt: number | null
  /** The browser, or the token's name. */
  readonly agent: string
}

/** Who asks, and by which session. Made by `visitorOf` alone. */
export type Visitor = { readonly person: Person; readonly session: Session }

export type NewSession = Pick<Session, 'kind' | 'how' | 'steppedUpAt' | 'agent'> & {
  readonly person: string
  /** Of a token, 1 to 8. */
  readonly hours?: number
}

type Needs = {
  readonly db: Kysely<Tables>
  readonly crypto: Pick<SyncCrypto, 'sha256' | 'randomBytes'>
}

/** Whether a session still counts. */
function isAlive(
  { kind, seenAt, expiresAt }: Pick<Session, 'kind' | 'seenAt' | 'expiresAt'>,
  now: number,
): boolean {
  return now < expiresAt && (kind === 'token' || now < seenAt + IDLE_MILLIS)
}

/** Whether an approval may rest on a session: its person proved who he is a moment ago. */
export function isSteppedUp({ kind, steppedUpAt }: Session, now: number): boolean {
  return kind === 'browser' && isFresh(steppedUpAt, now)
}

/** Whether a sign-in at that instant was a moment ago; one that is still to come was not. */
export function isFresh(steppedUpAt: number | null, now: number): boolean {
  return steppedUpAt !== null && steppedUpAt <= now && now < steppedUpAt + STEP_UP_MILLIS
}

/** When a session ends if nobody uses it again, in epoch milliseconds. */
export function endOf({ kind, seenAt, expiresAt }: Session): number {
  return kind === 'token' ? expiresAt : Math.min(expiresAt, seenAt + IDLE_MILLIS)
}

/**
 * Begins a session under a fresh random id; `instead` ends in the same step, so an id that somebody knew
 * before the sign-in is worth nothing after it.
 *
 * @returns what the holder shows: 256 random bits that are stored nowhere here.
 */
export async function beginSession(
  { db, crypto }: Needs,
  wanted: NewSession,
  { now, instead }: { readonly now: number; readonly instead?: string | undefined },
): Promise<{ readonly secret: string; readonly session: Session }> {
  const { person, kind, how, steppedUpAt } = wanted
  const random = base64url.encode(crypto.randomBytes(SECRET_BYTES))
  const secret = kind === 'token' ? `${TOKEN_PREFIX}${random}` : random
  const key = crypto.sha256(secret)
  const agent = wanted.agent.slice(0, AGENT_CHARACTERS_MAX)
  const row: SessionTable = {
    ...{ key, person, kind, how, agent, created_at: now, seen_at: now },
    expires_at: now + Math.min(wanted.hours ?? LIFE_HOURS_MAX, LIFE_HOURS_MAX) * HOUR_MILLIS,
    stepped_up_at: steppedUpAt === null ? null : Math.min(steppedUpAt, now),
  }
  await db.transaction().execute(async (trx) => {
    if (instead !== undefined) await sessionsOf(trx, [instead]).execute()
    await trx.deleteFrom('session').where('expires_at', '<=', now).execute()
    await makeRoom(trx, { person, kind })
    await trx.insertInto('session').values(row).execute()
  })
  return { secret, session: sessionOf(row) }
}

async function makeRoom(
  trx: Kysely<Tables>,
  { person, kind }: Pick<NewSession, 'person' | 'kind'>,
): Promise<void> {
  const own = await trx
    .selectFrom('session')
    .select('key')
    .where('person', '=', person)
    .where('kind', '=', kind)
    .orderBy('seen_at', 'desc')
    .execute()
  const surplus = own.slice(SESSIONS_MAX - 1).map(({ key }) => key)
  if (surplus.length > 0) await trx.deleteFrom('session').where('key', 'in', surplus).execute()
}

/**
 * Who shows this secret. His roles are read anew each time: one that was taken, or a suspension, counts
 * at once. A session that is over is removed.
 *
 * @returns undefined for anything but a living session of that kind and an active person.
 */
export async function visitorOf(
  { db, crypto }: Pick<Needs, 'db'> & { readonly crypto: Pick<SyncCrypto, 'sha256'> },
  { secret, kind }: { readonly secret: string; readonly kind: SessionKind },
  now: number,
): Promise<Visitor | undefined> {
  const key = crypto.sha256(secret)
  const row = await db
    .selectFrom('session')
    .innerJoin('person', 'person.id', 'session.person')
    .selectAll('session')
    .select(['person.name', 'person.side', 'person.status'])
    .where('session.key', '=', key)
    .where('session.kind', '=', kind)
    .executeTakeFirst()
  if (row?.status !== 'active') return undefined
  const session = sessionOf(row)
  if (!isAlive(session, now)) {
    await db.deleteFrom('session').where('key', '=', key).execute()
    return undefined
  }
  if (now >= session.seenAt + SEEN_MILLIS)
    await db.updateTable('session').set({ seen_at: now }).where('key', '=', key).execute()
  const roles = await rolesOf(db, row.person)
  return { person: { id: row.person, name: row.name, side: row.side as Side, roles }, session }
}

/** A person's living sessions, the one used last first. */
export async function listSessions(
  db: Kysely<Tables>,
  person: string,
  now: number,
): Promise<readonly Session[]> {
  const own = db.selectFrom('session').selectAll().where('person', '=', person)
  const rows = await own.orderBy('seen_at', 'desc').execute()
  return rows.map(sessionOf).filter((session) => isAlive(session, now))
}

/** Ends one of a person's sessions. @returns false where he has none of that id. */
export async function endSession(db: Kysely<Tables>, person: string, id: string): Promise<boolean> {
  const ended = sessionsOf(db, [id]).where('person', '=', person)
  return (await ended.executeTakeFirst()).numDeletedRows > 0n
}

/** Ends all sessions of a person, but for the one he keeps. @returns how many. */
export async function endSessions(
  db: Kysely<Tables>,
  person: string,
  keep?: string,
): Promise<number> {
  const all = allSessionsOf(db, person)
  const ended = keep === undefined ? all : all.where('key', '!=', base64url.decode(keep))
  return Number((await ended.executeTakeFirst()).numDeletedRows)
}

function sessionsOf(db: Kysely<Tables>, ids: readonly string[]) {
  return db.deleteFrom('session').where('key', 'in', ids.map(base64url.decode))
}

function sessionOf(row: SessionTable): Session {
  return {
    id: base64url.encode(row.key),
    kind: row.kind as SessionKind,
    how: row.how as Session['how'],
    createdAt: row.created_at,
    seenAt: row.seen_at,
    expiresAt: row.expires_at,
    steppedUpAt: row.stepped_up_at,
    agent: row.agent,
  }
}
