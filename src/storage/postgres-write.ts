import type { Result, Statement, Wire } from './postgres.ts'
import { keyText, usesOf } from './rows.ts'
import type { Batch, Draft, Head, NewEntry } from './store.ts'

/**
 * Writes the batch and commits, in one round trip. A head that is not the one that was locked divides by
 * zero, so that nothing of the batch is committed.
 *
 * @throws Error: then whether it is durable is unknown.
 */
export async function writeBatch(wire: Wire, old: Head, batch: Batch): Promise<void> {
  const { head, entries, tiles } = batch
  const sent: Promise<Result>[] = []
  const send = (statement: Statement, columns: readonly (readonly unknown[])[]) => {
    if (columns[0]?.length) sent.push(wire.query(statement, columns))
  }
  if (entries.length > 0) {
    const first = head.base + head.size - entries.length
    const placed = entries.map((entry, i) => ({ ...entry, index: first + i }))
    send(
      Q.insertEntry,
      columnsOf(placed, ({ index, leaf, hash }) => [index, leaf, hash]),
    )
    sendEvidence(send, placed)
    sendClaims(send, placed)
    send(
      Q.setProbe,
      columnsOf(lastProbes(placed), (row) => row),
    )
    send(
      Q.addCounter,
      columnsOf(usesOf(entries), ({ key, day, used }) => [key, day, used]),
    )
    send(
      Q.insertTile,
      columnsOf(tiles, ({ shard, level, n, hashes, root }) => [shard, level, n, hashes, root]),
    )
    const erased = entries.flatMap(({ draft }) => draft.erases ?? [])
    if (erased.length > 0) sent.push(wire.query(Q.erase, [erased, head.timeAt]))
    sendActs(wire, sent, { placed, timeAt: head.timeAt })
    const { size, checkpoint, timeAt, shard, base } = head
    const swap = [size, checkpoint, timeAt, shard, base, old.size, old.shard]
    sent.push(wire.query(Q.swapHead, swap))
  }
  const committed = wire.query('COMMIT')
  const [{ command }] = await Promise.all([committed, ...sent])
  if (command !== 'COMMIT') throw new Error(`the commit ended in ${command}`)
}

type Placed = NewEntry & { readonly index: number }
type Send = (statement: Statement, columns: readonly (readonly unknown[])[]) => void

function sendEvidence(send: Send, placed: readonly Placed[]): void {
  const rows = placed.flatMap(({ index, draft: { evidence: row } }) =>
    row
      ? [[index, row.sealed, row.dataKey, row.kek, row.salt, row.subject, row.caseNo, row.official]]
      : [],
  )
  send(
    Q.insertEvidence,
    columnsOf(rows, (row) => row),
  )
}

/** Who holds each retry key from now on, and which intents are over. */
function sendClaims(send: Send, placed: readonly Placed[]): void {
  const ending = placed.filter(({ draft }) => draft.ends !== undefined)
  const passing = ending.filter(({ draft }) => draft.retryKey)
  const freeing = ending.filter(({ draft }) => !draft.retryKey)
  const claiming = placed.filter(({ draft }) => draft.retryKey && draft.ends === undefined)
  const intents = claiming.filter(({ draft }) => draft.leaseUntil !== undefined)
  send(
    Q.passRetry,
    columnsOf(passing, ({ index, draft }) => [index, draft.ends]),
  )
  send(
    Q.freeRetry,
    columnsOf(freeing, ({ draft }) => [draft.ends]),
  )
  send(
    Q.endIntent,
    columnsOf(ending, ({ draft }) => [draft.ends]),
  )
  const keyOf = ({ retryKey }: Draft) => keyText(retryKey as Uint8Array)
  send(
    Q.insertRetry,
    columnsOf(claiming, ({ index, draft }) => [keyOf(draft), index]),
  )
  send(
    Q.insertIntent,
    columnsOf(intents, ({ index, draft }) => {
      const { leaseUntil, counter } = draft
      return [index, keyOf(draft), leaseUntil, counter?.key ?? null, counter?.day ?? null]
    }),
  )
}

/** In the order of the entries: a later act builds on what an earlier one left. */
function sendActs(
  wire: Wire,
  sent: Promise<Result>[],
  { placed, timeAt }: { placed: readonly Placed[]; timeAt: number },
): void {
  for (const { index, draft } of placed) {
    if (!draft.act) continue
    for (const { name } of draft.act.things) sent.push(wire.query(Q.goOn, [name]))
    for (const { sql: text, parameters } of draft.act.writes(index, timeAt))
      sent.push(wire.query({ text }, parameters))
  }
}

/** One row a key: what the batch's last guess about it left. */
function lastProbes(placed: readonly Placed[]): unknown[][] {
  const rows = new Map<string, unknown[]>()
  for (const { draft, seen } of placed)
    if (draft.probe && seen !== undefined) {
      const key = keyText(draft.probe.key)
      rows.set(key, [key, draft.probe.day, seen])
    }
  return [...rows.values()]
}

/** Rows as columns, one array each: one statement writes them all. */
function columnsOf<Row>(
  rows: readonly Row[],
  cells: (row: Row) => readonly unknown[],
): unknown[][] {
  const columns: unknown[][] = []
  for (const row of rows) {
    const values = cells(row)
    values.forEach((value, i) => {
      const column = columns[i] ?? []
      column.push(value)
      columns[i] = column
    })
  }
  return columns
}

const Q = {
  insertEntry: {
    name: 'insert-entry',
    text: `INSERT INTO entry (idx, leaf, hash)
      SELECT * FROM unnest($1::bigint[], $2::text[], $3::bytea[])`,
  },
  insertEvidence: {
    name: 'insert-evidence',
    text: `INSERT INTO evidence (idx, sealed, data_key, kek, salt, subject, case_no, official)
      SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])`,
  },
  insertTile: {
    name: 'insert-tile',
    text: `INSERT INTO tile (shard, level, n, hashes, root)
      SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[], $5::bytea[])`,
  },
  insertRetry: {
    name: 'insert-retry',
    text: `INSERT INTO retry (key, idx) SELECT * FROM unnest($1::bigint[], $2::bigint[])
      ON CONFLICT (key) DO NOTHING`,
  },
  passRetry: {
    name: 'pass-retry',
    text: `UPDATE retry SET idx = passed.idx
      FROM unnest($1::bigint[], $2::bigint[]) AS passed (idx, ends) JOIN intent ON intent.idx = passed.ends
      WHERE retry.key = intent.key AND retry.idx = passed.ends`,
  },
  freeRetry: {
    name: 'free-retry',
    text: `DELETE FROM retry USING intent
      WHERE intent.idx = ANY($1::bigint[]) AND retry.key = intent.key AND retry.idx = intent.idx`,
  },
  endIntent: { name: 'end-intent', text: 'DELETE FROM intent WHERE idx = ANY($1::bigint[])' },
  insertIntent: {
    name: 'insert-intent',
    text: `INSERT INTO intent (idx, key, lease_until, counter, day)
      SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[])`,
  },
  addCounter: {
    name: 'add-counter',
    text: `INSERT INTO counter (key, day, used) SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])
      ON CONFLICT (day, key) DO UPDATE SET used = counter.used + excluded.used`,
  },
  setProbe: {
    name: 'set-probe',
    text: `INSERT INTO probe (key, day, seen) SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[])
      ON CONFLICT (key) DO UPDATE SET seen = excluded.seen`,
  },
  goOn: {
    name: 'go-on',
    text: `INSERT INTO revision (thing, n) VALUES ($1, 1)
      ON CONFLICT (thing) DO UPDATE SET n = revision.n + 1`,
  },
  erase: {
    name: 'erase',
    text: `UPDATE evidence SET sealed = NULL, data_key = NULL, kek = NULL, salt = NULL, subject = NULL,
      case_no = NULL, official = NULL, erased_at = $2 WHERE idx = ANY($1::bigint[])`,
  },
  swapHead: {
    name: 'swap-head',
    text: `UPDATE head SET size = CASE WHEN size = $6 AND shard = $7 THEN $1::bigint ELSE 1 / (size - size) END,
      checkpoint = $2, time_at = $3, shard = $4, base = $5 WHERE id = 1`,
  },
} as const satisfies Record<string, Statement>
