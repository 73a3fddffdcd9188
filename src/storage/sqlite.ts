import type { Kysely } from 'kysely'
import { bits64, partialTiles, TILE_WIDTH, usesOf } from './rows.ts'
import {
  type Act,
  type Batch,
  type Build,
  type Draft,
  type Head,
  type Locked,
  NEWER_MAX,
  type NewEntry,
  NO_HEAD,
  type Quota,
  type Recorded,
  StaleHead,
  type Standing,
  type Store,
  type StoredEdge,
} from './store.ts'
import type { SqlValue, SyncSql } from './sync-sql.ts'
import type { Tables } from './tables.ts'
import { upkeep } from './upkeep.ts'

const NONE: readonly number[] = []
const NO_QUOTA: Quota = { used: 0, claimed: 0 }

/**
 * The embedded engine, on any SQLite that can be asked synchronously: one process owns the file. The
 * statements of the append run raw: it is the hot path, and a query builder costs more than the rest of
 * it (ARCHITECTURE.md, decisions).
 */
export function sqliteStore(sql: SyncSql, db: Kysely<Tables>): Store {
  return {
    db,
    // Kysely holds its one connection for as long as a transaction runs: so no append falls into one.
    append: (drafts, from, build) =>
      db.connection().execute(async () => append(sql, drafts, { from, build })),
    readHead: async () => readHead(sql),
    // One read transaction: another process may append between its statements.
    readEdge: async () => sql.reading(() => readEdge(sql)),
    readTile: async (shard, level, n) =>
      (sql.get(Q.tile, shard, level, n) as { hashes: Uint8Array } | undefined)?.hashes,
    readLeaf: async (index) => (sql.get(Q.leaf, index) as { leaf: string } | undefined)?.leaf,
    findRetry: async (key) => findRetry(sql, key),
    readProbe: async (key) => readProbe(sql, key),
    ...upkeep(db),
    snapshotRows: async (snapshot, key) => {
      const rows = sql.all(Q.snapshotRows, snapshot, key) as { line: number; doc: string }[]
      // No rows mean "no record" only while the snapshot is there (promise 7).
      if (rows.length === 0 && !sql.get(Q.snapshot, snapshot)) return undefined
      return rows.sort((a, b) => a.line - b.line).map((row) => row.doc)
    },
    close: async () => {
      await db.destroy()
    },
  }
}

/**
 * One table a statement and no ORDER BY on what is looked up: this SQLite is built with STAT4, which
 * plans a statement anew at every run when a bound value could change its plan (20 µs instead of 3).
 */
const Q = {
  head: 'SELECT size, checkpoint, time_at AS timeAt, shard, base FROM head WHERE id = 1',
  firstHead:
    "INSERT INTO head (id, size, checkpoint, time_at, shard, base) VALUES (1, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET size = excluded.size, checkpoint = excluded.checkpoint, time_at = excluded.time_at, shard = excluded.shard, base = excluded.base WHERE head.checkpoint = '' RETURNING id",
  swapHead:
    'UPDATE head SET size = ?, checkpoint = ?, time_at = ?, shard = ?, base = ? WHERE id = 1 AND size = ? AND shard = ? RETURNING id',
  newer: 'SELECT hash FROM entry WHERE idx >= ? ORDER BY idx',
  insertEntry: 'INSERT INTO entry (idx, leaf, hash) VALUES (?, ?, ?)',
  insertTile: 'INSERT INTO tile (shard, level, n, hashes, root) VALUES (?, ?, ?, ?, ?)',
  insertEvidence:
    'INSERT INTO evidence (idx, sealed, data_key, kek, salt, subject, case_no, official) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  insertRetry: 'INSERT OR IGNORE INTO retry (key, idx) VALUES (?, ?)',
  insertIntent: 'INSERT INTO intent (idx, key, lease_until, counter, day) VALUES (?, ?, ?, ?, ?)',
  endIntent: 'DELETE FROM intent WHERE idx = ?',
  passRetry:
    'UPDATE retry SET idx = ? WHERE key = (SELECT key FROM intent WHERE idx = ?) AND idx = ?',
  freeRetry: 'DELETE FROM retry WHERE key = (SELECT key FROM intent WHERE idx = ?) AND idx = ?',
  intent: 'SELECT idx FROM intent WHERE idx = ?',
  claims: 'SELECT count(*) AS claimed FROM intent WHERE counter = ? AND day = ?',
  addCounter:
    'INSERT INTO counter (day, key, used) VALUES (?, ?, ?) ON CONFLICT (day, key) DO UPDATE SET used = used + excluded.used',
  setProbe:
    'INSERT INTO probe (key, day, seen) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET seen = excluded.seen',
  revision: 'SELECT n FROM revision WHERE thing = ?',
  goOn: 'INSERT INTO revision (thing, n) VALUES (?, 1) ON CONFLICT (thing) DO UPDATE SET n = n + 1',
  erase:
    'UPDATE evidence SET sealed = NULL, data_key = NULL, kek = NULL, salt = NULL, subject = NULL, case_no = NULL, official = NULL, erased_at = ? WHERE idx = ?',
  retry: 'SELECT idx FROM retry WHERE key = ?',
  evidence: 'SELECT sealed, data_key AS dataKey, kek FROM evidence WHERE idx = ?',
  tile: 'SELECT hashes FROM tile WHERE shard = ? AND level = ? AND n = ?',
  tileRoots: 'SELECT root FROM tile WHERE shard = ? AND level = ? AND n >= ? ORDER BY n',
  leaf: 'SELECT leaf FROM entry WHERE idx = ?',
  leavesFrom: 'SELECT leaf, hash FROM entry WHERE idx >= ? ORDER BY idx',
  counter: 'SELECT used FROM counter WHERE day = ? AND key = ?',
  probe: 'SELECT seen FROM probe WHERE key = ?',
  snapshot: 'SELECT id FROM snapshot WHERE id = ? AND complete = 1',
  snapshotRows: 'SELECT line, doc FROM snapshot_row WHERE snapshot = ? AND key = ?',
} as const

function append(
  sql: SyncSql,
  drafts: readonly Draft[],
  { from, build }: { from: number; build: Build },
): Batch {
  return sql.transaction(() => {
    const locked = lock(sql, drafts, from)
    const batch = build(locked)
    write(sql, locked.head, batch)
    return batch
  })
}

/** @throws StaleHead where the log went on too far, or back, without this process. */
function lock(sql: SyncSql, drafts: readonly Draft[], from: number): Locked {
  const head = readHead(sql)
  const behind = head.size - from
  if (behind < 0 || behind > NEWER_MAX) throw new StaleHead(`${behind} entries behind`)
  const newer = behind === 0 ? [] : (sql.all(Q.newer, head.base + from) as { hash: Uint8Array }[])
  const ended = new Set<number>()
  const quotas = new Map<string, Quota>()
  const standings = drafts.map((draft) => standing(sql, draft, { ended, quotas }))
  return { head, newer: newer.map(({ hash }) => hash), standings }
}

type Seen = { readonly ended: Set<number>; readonly quotas: Map<string, Quota> }

function standing(sql: SyncSql, draft: Draft, { ended, quotas }: Seen): Standing {
  const { counter, probe } = draft
  const taken = takenBy(sql, draft, ended)
  const seen = (probe && readProbe(sql, probe.key)) ?? ''
  return {
    taken,
    quota: counter ? quotaOf(sql, counter, quotas) : NO_QUOTA,
    seen,
    revisions: draft.act?.things.map(({ name }) => revisionOf(sql, name)) ?? NONE,
  }
}

function revisionOf(sql: SyncSql, thing: string): number {
  return (sql.get(Q.revision, thing) as { n: number } | undefined)?.n ?? 0
}

function readProbe(sql: SyncSql, key: Uint8Array): string | undefined {
  return (sql.get(Q.probe, bits64(key)) as { seen: string } | undefined)?.seen
}

/** Which record stands in the draft's way. Of two that end one intent in one batch, the first does. */
function takenBy(sql: SyncSql, { retryKey, ends }: Draft, ended: Set<number>): number | undefined {
  if (ends !== undefined) {
    const isOpen = !ended.has(ends) && sql.get(Q.intent, ends)
    ended.add(ends)
    return isOpen ? undefined : ends
  }
  if (!retryKey) return undefined
  return (sql.get(Q.retry, bits64(retryKey)) as { idx: number } | undefined)?.idx
}

function quotaOf(
  sql: SyncSql,
  { key, day }: NonNullable<Draft['counter']>,
  quotas: Map<string, Quota>,
): Quota {
  const id = `${day} ${key}`
  const known = quotas.get(id)
  if (known) return known
  const counted = sql.get(Q.counter, day, key) as { used: number } | undefined
  const { claimed } = sql.get(Q.claims, key, day) as { claimed: number }
  const quota = { used: counted?.used ?? 0, claimed }
  quotas.set(id, quota)
  return quota
}

function findRetry(sql: SyncSql, key: Uint8Array): Recorded | undefined {
  const index = (sql.get(Q.retry, bits64(key)) as { idx: number } | undefined)?.idx
  if (index === undefined) return undefined
  const { leaf } = sql.get(Q.leaf, index) as { leaf: string }
  const evidence = sql.get(Q.evidence, index) as Omit<Recorded, 'index' | 'leaf'> | undefined
  return { index, leaf, ...(evidence ?? { sealed: null, dataKey: null, kek: null }) }
}

function write(sql: SyncSql, old: Head, { head, entries, tiles }: Batch): void {
  if (entries.length === 0) return
  const first = head.base + head.size - entries.length
  entries.forEach((entry, i) => {
    writeEntry(sql, first + i, entry)
    for (const erased of entry.draft.erases ?? []) sql.run(Q.erase, head.timeAt, erased)
    if (entry.draft.act) writeAct(sql, entry.draft.act, { index: first + i, timeAt: head.timeAt })
  })
  for (const { shard, level, n, hashes, root } of tiles)
    sql.run(Q.insertTile, shard, level, n, hashes, root)
  for (const { key, day, used } of usesOf(entries)) sql.run(Q.addCounter, day, key, used)
  const { size, checkpoint, timeAt, shard, base } = head
  const done =
    old.checkpoint === ''
      ? sql.get(Q.firstHead, size, checkpoint, timeAt, shard, base)
      : sql.get(Q.swapHead, size, checkpoint, timeAt, shard, base, old.size, old.shard)
  if (!done) throw new Error('the head moved under its own lock')
}

function writeEntry(sql: SyncSql, index: number, { leaf, hash, draft, seen }: NewEntry): void {
  sql.run(Q.insertEntry, index, leaf, hash)
  const { evidence, probe } = draft
  if (evidence) {
    const { sealed, dataKey, kek, salt, subject, caseNo, official } = evidence
    sql.run(Q.insertEvidence, index, sealed, dataKey, kek, salt, subject, caseNo, official)
  }
  writeClaim(sql, index, draft)
  if (probe && seen !== undefined) sql.run(Q.setProbe, bits64(probe.key), probe.day, seen)
}

function writeAct(sql: SyncSql, act: Act, at: { index: number; timeAt: number }): void {
  for (const { name } of act.things) sql.run(Q.goOn, name)
  for (const { sql: text, parameters } of act.writes(at.index, at.timeAt))
    sql.run(text, ...(parameters as readonly SqlValue[]))
}

/** Who holds the retry key from this entry on, and which intent is over. */
function writeClaim(sql: SyncSql, index: number, draft: Draft): void {
  const { retryKey, leaseUntil, ends, counter } = draft
  if (ends !== undefined) {
    if (retryKey) sql.run(Q.passRetry, index, ends, ends)
    else sql.run(Q.freeRetry, ends, ends)
    sql.run(Q.endIntent, ends)
  } else if (retryKey) {
    const key = bits64(retryKey)
    sql.run(Q.insertRetry, key, index)
    if (leaseUntil !== undefined)
      sql.run(Q.insertIntent, index, key, leaseUntil, counter?.key ?? null, counter?.day ?? null)
  }
}

function readHead(sql: SyncSql): Head {
  return (sql.get(Q.head) as Head | undefined) ?? NO_HEAD
}

function readEdge(sql: SyncSql): StoredEdge {
  const head = readHead(sql)
  const from = head.size - (head.size % TILE_WIDTH)
  const last = sql.all(Q.leavesFrom, head.base + from) as { leaf: string; hash: Uint8Array }[]
  const partial = partialTiles(
    head.size,
    last.map((row) => row.hash),
    (level, n) =>
      (sql.all(Q.tileRoots, head.shard, level, n) as { root: Uint8Array }[]).map(
        ({ root }) => root,
      ),
  )
  const lastLeaf = (sql.get(Q.leaf, head.base + head.size - 1) as { leaf: string } | undefined)
    ?.leaf
  return { head, lastLeaves: last.map((row) => row.leaf), lastLeaf, partial }
}
