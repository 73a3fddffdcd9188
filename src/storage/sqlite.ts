import type { Database, Statement } from 'better-sqlite3'
import type { Kysely } from 'kysely'
import type { Batch, Build, Draft, Head, Recorded, Store, StoredEdge } from './store.ts'
import type { Tables } from './tables.ts'

const NO_HEAD: Head = { size: 0, checkpoint: '', timeAt: 0 }
const TILE_WIDTH = 256
const HASH_BYTES = 32
const FORGET_MAX = 1000
const INTENTS_MAX = 1000

/**
 * The embedded engine: one process owns the file, WAL with `synchronous=FULL`, so a commit that
 * returned survives power loss. Statements of the append are prepared once and run raw: it is the
 * hot path, and a query builder costs more than the rest of it (ARCHITECTURE.md, decisions).
 */
export function sqliteStore(raw: Database, db: Kysely<Tables>): Store {
  const sql = prepare(raw)
  return {
    db,
    // Kysely holds its one connection for as long as a transaction runs: so no append falls into one.
    append: (drafts, build) => db.connection().execute(async () => append(raw, sql, drafts, build)),
    readHead: async () => readHead(sql),
    // One read transaction: another process may append between its statements.
    readEdge: async () => raw.transaction(readEdge)(sql),
    readTile: async (level, n) =>
      (sql.tile.get(level, n) as { hashes: Uint8Array } | undefined)?.hashes,
    readLeaf: async (index) => (sql.leaf.get(index) as { leaf: string } | undefined)?.leaf,
    findRetry: async (key) => findRetry(sql, key),
    readCounter: async (key, day) =>
      (sql.counter.get(day, key) as { used: number } | undefined)?.used ?? 0,
    readProbe: async (key) => (sql.probe.get(bits64(key)) as { seen: string } | undefined)?.seen,
    openIntents: async (before) => {
      const ended = db.selectFrom('intent').select('idx').where('lease_until', '<', before)
      const rows = await ended.orderBy('idx').limit(INTENTS_MAX).execute()
      return rows.map(({ idx }) => idx)
    },
    forgetProbes: async (before) => {
      const old = db.selectFrom('probe').select('key').where('day', '<', before).limit(FORGET_MAX)
      const deleted = await db.deleteFrom('probe').where('key', 'in', old).executeTakeFirst()
      return Number(deleted.numDeletedRows)
    },
    snapshotRows: async (snapshot, key) => {
      const rows = sql.snapshotRows.all(snapshot, key) as { line: number; doc: string }[]
      // No rows mean "no record" only while the snapshot is there (promise 7).
      if (rows.length === 0 && !sql.snapshot.get(snapshot)) return undefined
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
type Sql = Record<keyof typeof QUERIES, Statement>

const QUERIES = {
  begin: 'BEGIN IMMEDIATE',
  commit: 'COMMIT',
  rollback: 'ROLLBACK',
  head: 'SELECT size, checkpoint, time_at AS timeAt FROM head WHERE id = 1',
  firstHead: 'INSERT INTO head (id, size, checkpoint, time_at) VALUES (1, ?, ?, ?)',
  swapHead: 'UPDATE head SET size = ?, checkpoint = ?, time_at = ? WHERE id = 1 AND size = ?',
  insertEntry: 'INSERT INTO entry (idx, leaf, hash) VALUES (?, ?, ?)',
  insertTile: 'INSERT INTO tile (level, n, hashes, root) VALUES (?, ?, ?, ?)',
  insertEvidence:
    'INSERT INTO evidence (idx, sealed, data_key, kek, salt, subject, case_no, official) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  insertRetry: 'INSERT OR IGNORE INTO retry (key, idx) VALUES (?, ?)',
  insertIntent: 'INSERT INTO intent (idx, key, lease_until) VALUES (?, ?, ?)',
  endIntent: 'DELETE FROM intent WHERE idx = ?',
  passRetry: 'UPDATE retry SET idx = ? WHERE key = ? AND idx = ?',
  freeRetry: 'DELETE FROM retry WHERE key = ? AND idx = ?',
  intent: 'SELECT key FROM intent WHERE idx = ?',
  addCounter:
    'INSERT INTO counter (day, key, used) VALUES (?, ?, ?) ON CONFLICT (day, key) DO UPDATE SET used = used + excluded.used',
  setProbe:
    'INSERT INTO probe (key, day, seen) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET seen = excluded.seen',
  erase:
    'UPDATE evidence SET sealed = NULL, data_key = NULL, kek = NULL, salt = NULL, subject = NULL, case_no = NULL, official = NULL, erased_at = ? WHERE idx = ?',
  retry: 'SELECT idx FROM retry WHERE key = ?',
  evidence: 'SELECT sealed, data_key AS dataKey, kek FROM evidence WHERE idx = ?',
  tile: 'SELECT hashes FROM tile WHERE level = ? AND n = ?',
  tileRoots: 'SELECT root FROM tile WHERE level = ? AND n >= ? ORDER BY n',
  leaf: 'SELECT leaf FROM entry WHERE idx = ?',
  leavesFrom: 'SELECT leaf, hash FROM entry WHERE idx >= ? ORDER BY idx',
  counter: 'SELECT used FROM counter WHERE day = ? AND key = ?',
  probe: 'SELECT seen FROM probe WHERE key = ?',
  snapshot: 'SELECT id FROM snapshot WHERE id = ? AND complete = 1',
  snapshotRows: 'SELECT line, doc FROM snapshot_row WHERE snapshot = ? AND key = ?',
} as const

function prepare(raw: Database): Sql {
  const prepared = Object.entries(QUERIES).map(([name, text]) => [name, raw.prepare(text)])
  const sql = Object.fromEntries(prepared) as Sql
  sql.intent.safeIntegers()
  return sql
}

function append(raw: Database, sql: Sql, drafts: readonly Draft[], build: Build): Batch {
  sql.begin.run()
  try {
    const head = readHead(sql)
    const ended = new Set<number>()
    const known = drafts.map((draft) => knownIndex(sql, draft, ended))
    const batch = build(head, known)
    write(sql, head, batch)
    sql.commit.run()
    return batch
  } catch (error) {
    if (raw.inTransaction) sql.rollback.run()
    throw error
  }
}

function findRetry(sql: Sql, key: Uint8Array): Recorded | undefined {
  const index = (sql.retry.get(bits64(key)) as { idx: number } | undefined)?.idx
  if (index === undefined) return undefined
  const { leaf } = sql.leaf.get(index) as { leaf: string }
  const evidence = sql.evidence.get(index) as Omit<Recorded, 'index' | 'leaf'> | undefined
  return { index, leaf, ...(evidence ?? { sealed: null, dataKey: null, kek: null }) }
}

/** Which record stands in the draft's way. Of two that end one intent in one batch, the first does. */
function knownIndex(sql: Sql, { retryKey, ends }: Draft, ended: Set<number>): number | undefined {
  if (ends !== undefined) {
    const isOpen = !ended.has(ends) && sql.intent.get(ends)
    ended.add(ends)
    return isOpen ? undefined : ends
  }
  if (!retryKey) return undefined
  return (sql.retry.get(bits64(retryKey)) as { idx: number } | undefined)?.idx
}

function write(sql: Sql, old: Head, batch: Batch): void {
  const { head, entries, tiles } = batch
  if (entries.length === 0) return
  const counters = new Map<string, { key: string; day: string; used: number }>()
  entries.forEach(({ leaf, hash, draft }, i) => {
    const index = old.size + i
    sql.insertEntry.run(index, leaf, hash)
    writeEvidence(sql, index, draft)
    writeClaim(sql, index, draft)
    if (draft.probe) sql.setProbe.run(bits64(draft.probe.key), draft.probe.day, draft.probe.seen())
    for (const erased of draft.erases ?? []) sql.erase.run(head.timeAt, erased)
    if (draft.counter) count(counters, draft.counter)
  })
  for (const tile of tiles) sql.insertTile.run(tile.level, tile.n, tile.hashes, tile.root)
  for (const { key, day, used } of counters.values()) sql.addCounter.run(day, key, used)
  const done =
    old.checkpoint === ''
      ? sql.firstHead.run(head.size, head.checkpoint, head.timeAt)
      : sql.swapHead.run(head.size, head.checkpoint, head.timeAt, old.size)
  if (done.changes !== 1) throw new Error('the head moved under its own lock')
}

/** Who holds the retry key from this entry on, and which intent is over. */
function writeClaim(sql: Sql, index: number, { retryKey, leaseUntil, ends }: Draft): void {
  const key = retryKey && bits64(retryKey)
  if (ends !== undefined) {
    const claimed = (sql.intent.get(ends) as { key: bigint }).key
    sql.endIntent.run(ends)
    if (key === undefined) sql.freeRetry.run(claimed, ends)
    else sql.passRetry.run(index, claimed, ends)
  } else if (key !== undefined) {
    sql.insertRetry.run(key, index)
    if (leaseUntil !== undefined) sql.insertIntent.run(index, key, leaseUntil)
  }
}

function writeEvidence(sql: Sql, index: number, { evidence: row }: Draft): void {
  if (!row) return
  const { sealed, dataKey, kek, salt, subject, caseNo, official } = row
  sql.insertEvidence.run(index, sealed, dataKey, kek, salt, subject, caseNo, official)
}

function count(
  counters: Map<string, { key: string; day: string; used: number }>,
  { key, day }: { key: string; day: string },
): void {
  const id = `${day} ${key}`
  const counter = counters.get(id)
  if (counter) counter.used += 1
  else counters.set(id, { key, day, used: 1 })
}

function readHead(sql: Sql): Head {
  return (sql.head.get() as Head | undefined) ?? NO_HEAD
}

function readEdge(sql: Sql): StoredEdge {
  const head = readHead(sql)
  const from = head.size - (head.size % TILE_WIDTH)
  const last = sql.leavesFrom.all(from) as { leaf: string; hash: Uint8Array }[]
  const partial = [concat(last.map((row) => row.hash))]
  for (let count = Math.floor(head.size / TILE_WIDTH), level = 0; count > 0; level++) {
    const roots = sql.tileRoots.all(level, count - (count % TILE_WIDTH)) as { root: Uint8Array }[]
    partial.push(concat(roots.map((row) => row.root)))
    count = Math.floor(count / TILE_WIDTH)
  }
  const lastLeaf = (sql.leaf.get(head.size - 1) as { leaf: string } | undefined)?.leaf
  return { head, lastLeaves: last.map((row) => row.leaf), lastLeaf, partial }
}

function concat(hashes: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(hashes.length * HASH_BYTES)
  hashes.forEach((hash, i) => {
    out.set(hash, i * HASH_BYTES)
  })
  return out
}

/**
 * A key's first 64 bits as a row id. The narrow key keeps the one index that grows at random small
 * (about 20 MB for a million requests). Of two keys that share 64 bits, the later one's requests meet
 * the earlier record and are refused (`jti-reuse`): safe, less likely than 1 in 3,000 for any two of 10⁸,
 * and whoever makes such a pair on purpose refuses only himself.
 */
function bits64(key: Uint8Array): bigint {
  return new DataView(key.buffer, key.byteOffset, 8).getBigInt64(0)
}
