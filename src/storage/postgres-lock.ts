import type { Postgres, Result, Statement, Wire } from './postgres.ts'
import { keyText } from './rows.ts'
import { type Draft, type Head, type Locked, NEWER_MAX, StaleHead, type Standing } from './store.ts'

/**
 * Begins the transaction and takes the head's lock; then, in the same round trip, reads what others
 * appended and how the drafts stand: each statement sees what is committed when it runs, which is after
 * the lock was had.
 *
 * @throws StaleHead where the log went on too far, or back, without this process.
 */
export async function lockHead(
  wire: Wire,
  drafts: readonly Draft[],
  { from, clock, timeline }: Pick<Postgres, 'clock' | 'timeline'> & { readonly from: number },
): Promise<Locked> {
  const ends = numbers(drafts, ({ ends }) => ends)
  const keys = texts(drafts, ({ retryKey, ends }) => (ends === undefined ? retryKey : undefined))
  const probes = texts(drafts, ({ probe }) => probe?.key)
  const counters = drafts.flatMap(({ counter }) => (counter ? [counter] : []))
  const pairs = [counters.map(({ key }) => key), counters.map(({ day }) => day)]
  const things = drafts.flatMap(({ act }) => act?.things.map(({ name }) => name) ?? [])
  const ask = (isNeeded: boolean, statement: Statement, ...values: unknown[]) =>
    isNeeded ? wire.query(statement, values) : NOTHING
  const [, head, newer, open, retries, seen, used, claimed, revisions] = await Promise.all([
    wire.query('BEGIN'),
    wire.query({
      name: 'lock',
      text: `SELECT ${LOCKED}, ${clock} AS now, ${timeline.sql} AS timeline ${FROM_HEAD}`,
    }),
    wire.query(Q.newer, [from, NEWER_MAX]),
    ask(ends.length > 0, Q.open, ends),
    ask(keys.length > 0, Q.retries, keys),
    ask(probes.length > 0, Q.probes, probes),
    ask(counters.length > 0, Q.used, ...pairs),
    ask(counters.length > 0, Q.claimed, ...pairs),
    ask(things.length > 0, Q.revisions, things),
  ])
  const locked = head.rows[0] as (Head & { now: number; timeline: string }) | undefined
  if (!locked) throw new Error('there is no head to lock')
  const { now, timeline: life, ...stored } = locked
  mustBeSameLife(life, timeline.opened)
  const behind = stored.size - from
  if (behind < 0 || behind > NEWER_MAX) throw new StaleHead(`${behind} entries behind`)
  const found = { open, retries, seen, used, claimed, revisions }
  return {
    head: stored,
    now,
    newer: (newer.rows as { hash: Uint8Array }[]).map(({ hash }) => hash),
    standings: standingsOf(drafts, found),
  }
}

/**
 * A standby that was promoted may lack what its primary had committed, and a node that never saw those
 * entries could not tell: it would sign other ones of the same size. So nobody signs on until somebody has
 * looked (docs/operations/backup) and the nodes were started again, each against its anchor.
 */
export function mustBeSameLife(now: string, opened: string): void {
  if (now !== opened)
    throw new Error(`the database was failed over, from timeline ${opened} to ${now}`)
}

const NOTHING: Result = { rows: [], rowCount: 0, command: '' }

type Found = Readonly<
  Record<'open' | 'retries' | 'seen' | 'used' | 'claimed' | 'revisions', Result>
>

/** Of two that end one intent in one batch, the first does. */
function standingsOf(drafts: readonly Draft[], found: Found): Standing[] {
  const open = new Set((found.open.rows as { idx: number }[]).map(({ idx }) => idx))
  const retries = byKey<{ key: string; idx: number }>(found.retries, ({ key }) => key)
  const seen = byKey<{ key: string; seen: string }>(found.seen, ({ key }) => key)
  const pair = ({ day, key }: { day: string; key: string }) => `${day} ${key}`
  const used = byKey<{ day: string; key: string; used: number }>(found.used, pair)
  const claimed = byKey<{ day: string; key: string; claimed: number }>(found.claimed, pair)
  const revisions = byKey<{ thing: string; n: number }>(found.revisions, ({ thing }) => thing)
  const takenBy = ({ ends, retryKey }: Draft): number | undefined => {
    if (ends !== undefined) return open.delete(ends) ? undefined : ends
    return retryKey && retries.get(keyText(retryKey))?.idx
  }
  return drafts.map((draft) => {
    const { counter, probe } = draft
    const quota = {
      used: (counter && used.get(pair(counter))?.used) ?? 0,
      claimed: (counter && claimed.get(pair(counter))?.claimed) ?? 0,
    }
    return {
      taken: takenBy(draft),
      quota,
      seen: (probe && seen.get(keyText(probe.key))?.seen) ?? '',
      revisions: draft.act?.things.map(({ name }) => revisions.get(name)?.n ?? 0) ?? [],
    }
  })
}

function numbers(drafts: readonly Draft[], of: (draft: Draft) => number | undefined): number[] {
  return drafts.flatMap((draft) => of(draft) ?? [])
}

function texts(drafts: readonly Draft[], of: (draft: Draft) => Uint8Array | undefined): string[] {
  return drafts.flatMap((draft) => {
    const key = of(draft)
    return key ? [keyText(key)] : []
  })
}

function byKey<Row>({ rows }: Result, key: (row: Row) => string): Map<string, Row> {
  return new Map((rows as Row[]).map((row) => [key(row), row]))
}

const LOCKED = 'size, checkpoint, time_at AS "timeAt", shard, base'
const FROM_HEAD = 'FROM head WHERE id = 1 FOR UPDATE'

const Q = {
  newer: {
    name: 'newer',
    text: `SELECT hash FROM entry WHERE idx >= (SELECT base FROM head WHERE id = 1) + $1
      ORDER BY idx LIMIT $2`,
  },
  open: { name: 'open', text: 'SELECT idx FROM intent WHERE idx = ANY($1::bigint[])' },
  retries: {
    name: 'retries',
    text: 'SELECT key::text AS key, idx FROM retry WHERE key = ANY($1::bigint[])',
  },
  probes: {
    name: 'probes',
    text: 'SELECT key::text AS key, seen FROM probe WHERE key = ANY($1::bigint[])',
  },
  revisions: {
    name: 'revisions',
    text: 'SELECT thing, n FROM revision WHERE thing = ANY($1::text[])',
  },
  used: {
    name: 'used',
    text: `SELECT key, day, used FROM counter
      JOIN (SELECT DISTINCT * FROM unnest($1::text[], $2::text[])) AS wanted (key, day) USING (key, day)`,
  },
  claimed: {
    name: 'claimed',
    text: `SELECT counter AS key, day, count(*) AS claimed FROM intent
      WHERE (counter, day) IN (SELECT * FROM unnest($1::text[], $2::text[])) GROUP BY counter, day`,
  },
} as const satisfies Record<string, Statement>
