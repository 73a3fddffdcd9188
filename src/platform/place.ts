import { chmodSync, existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { ConfigError } from '../config.ts'
import { COPIED, isEmpty, LEFT_BEHIND } from '../storage/copy.ts'
import { readMarks, type Unfinished } from '../storage/marks.ts'
import type { Wire } from '../storage/postgres.ts'
import { sqliteStore } from '../storage/sqlite.ts'
import type { Store } from '../storage/store.ts'
import type { Tables } from '../storage/tables.ts'
import { openDatabase } from './database.ts'
import { syncFolder } from './files.ts'
import { holdFolder } from './lock.ts'
import { databaseFile, hasGateway } from './places.ts'
import { holdStart, openPostgres, readPostgres, storeOn } from './postgres.ts'
import { common, link } from './postgres-link.ts'
import { syncSql } from './sync-sql.ts'

/** Where a gateway's database is: its own folder, or a PostgreSQL. */
export type Place = { readonly folder: string } | { readonly url: string }

const HOUR_MILLIS = 3_600_000
/** deadlock_detected, as the link tells it. */
const DEADLOCK = 'SQLSTATE 40P01'
const PAGES_A_TURN = 2000
const PRIVATE = 0o600

/** A folder's path, or an address that begins with postgres://. @throws ConfigError for another address. */
export function placeOf(text: string): Place {
  if (/^postgres(ql)?:\/\//.test(text)) return { url: text }
  if (text === '' || /^[a-z]+:\/\//.test(text))
    throw new ConfigError(
      '须为数据目录或 postgres:// 地址。A data folder, or postgres://user@host/database.',
    )
  return { folder: resolve(text) }
}

/** As it may be shown and kept: without user and password. */
export function nameOf(place: Place): string {
  if ('folder' in place) return place.folder
  const { protocol, host, pathname } = new URL(place.url)
  return `${protocol}//${host}${pathname}`
}

/** A gateway that nobody can write to meanwhile, read as it is at this moment. */
export type Frozen = {
  readonly store: Store
  /** Makes durable what was written through `store.db`. It stays as nobody else may write it until `release`. */
  commit(): Promise<void>
  /** Lets everybody go on. What was not committed never was. */
  release(): Promise<void>
}

/**
 * Stops all writing to a gateway: whoever dies here leaves it as it was. Nodes that are serving refuse
 * with 503 meanwhile and go on afterwards.
 *
 * @throws ConfigError where there is none, or a process serves the folder; StoreUnavailable, SQLITE_BUSY.
 */
export async function freeze(place: Place): Promise<Frozen> {
  if (!(await isThere(place))) throw new ConfigError(noGateway(place))
  return 'url' in place ? freezePostgres(place.url) : freezeFolder(place.folder)
}

async function freezeFolder(folder: string): Promise<Frozen> {
  const held = holdFolder(folder)
  const { store, raw } = await openDatabase(folder)
  const release = async () => {
    if (raw.inTransaction) raw.exec('ROLLBACK')
    await store.close()
    held.release()
  }
  try {
    // Against commands beside the gateway, which need not hold the folder.
    raw.exec('BEGIN IMMEDIATE')
  } catch (error) {
    await release()
    throw error
  }
  return { store, commit: async () => void raw.exec('COMMIT'), release }
}

async function freezePostgres(url: string): Promise<Frozen> {
  const turn = await holdStart(url)
  const one = link(
    { ...common(url), options: '-c synchronous_commit=on -c lock_timeout=10000' },
    HOUR_MILLIS,
  )
  const release = async () => {
    await one.close()
    await turn.release()
  }
  try {
    const wire = await one.hold()
    await lockAll(wire)
    const store = storeOn(wire, release)
    return { store, commit: async () => void (await wire.query('COMMIT')), release: store.close }
  } catch (error) {
    await release()
    throw error
  }
}

/**
 * Before the first read: the state that is seen from then on is the one that nobody changes any more. The head
 * comes first, as with every append. Who writes the registry without one may still have locked the other way
 * round: the server then gives one of both up, and if that is us, he is done by the next time.
 */
async function lockAll(wire: Wire, attempts = 3): Promise<void> {
  const others = COPIED.map(({ table }) => table).filter((table) => table !== 'head')
  await wire.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
  try {
    await wire.query(`LOCK TABLE ${['head', ...others].join()} IN EXCLUSIVE MODE`)
  } catch (error) {
    if ((error as Error).message !== DEADLOCK || attempts === 1) throw error
    await wire.query('ROLLBACK')
    return lockAll(wire, attempts - 1)
  }
}

/** A gateway as it is at this moment, while it goes on. @throws ConfigError where there is none. */
export async function readPlace(place: Place): Promise<Store> {
  if (!(await isThere(place))) throw new ConfigError(noGateway(place))
  return peek(place)
}

function peek(place: Place): Promise<Store> {
  if ('url' in place) return readPostgres(place.url)
  const raw = new Database(databaseFile(place.folder), { readonly: true, fileMustExist: true })
  raw.exec('BEGIN')
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: raw }) })
  return Promise.resolve(sqliteStore(syncSql(raw), db))
}

/**
 * Copies a folder's database into one file while its gateway goes on. The read transaction pins the state
 * that is copied: without it every commit of the gateway would begin the copy anew.
 */
export async function copyFile(
  folder: string,
  to: string,
  onPages: (done: number, total: number) => void = () => {},
): Promise<void> {
  const raw = new Database(databaseFile(folder), { readonly: true, fileMustExist: true })
  try {
    raw.exec('BEGIN')
    raw.prepare('SELECT count(*) FROM meta').get()
    await raw.backup(to, {
      progress: ({ totalPages, remainingPages }) => {
        onPages(totalPages - remainingPages, totalPages)
        return PAGES_A_TURN
      },
    })
  } finally {
    raw.close()
  }
}

/**
 * Leaves the one file, without a write-ahead log beside it, durable, nobody else's to read, and without
 * anybody's session.
 */
export async function settleFile(path: string): Promise<void> {
  chmodSync(path, PRIVATE)
  const raw = new Database(path, { fileMustExist: true })
  try {
    raw.pragma('synchronous = FULL')
    raw.pragma('secure_delete = ON')
    const there = raw.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?")
    // A back-up of an earlier version may have no such table.
    for (const table of LEFT_BEHIND) if (there.get(table)) raw.exec(`DELETE FROM ${table}`)
    raw.pragma('wal_checkpoint(TRUNCATE)')
    raw.pragma('journal_mode = DELETE')
  } finally {
    raw.close()
  }
  const file = await open(path, 'r')
  await file.sync().finally(() => file.close())
  await syncFolder(dirname(path))
}

async function isThere(place: Place): Promise<boolean> {
  if ('folder' in place) return hasGateway({ dataDir: place.folder })
  const seen = await peek(place)
  try {
    return (await seen.db.introspection.getTables()).some(({ name }) => name === 'head')
  } finally {
    await seen.close()
  }
}

const noGateway = (place: Place) =>
  `${nameOf(place)} 里没有网关。There is no gateway in ${nameOf(place)}.`

/** What a copy is written into; nobody else can start there meanwhile. */
export type Target = {
  readonly store: Store
  /** Call it when every row is there. Then it is on the disk, and goes on counting behind what was copied. */
  settle(): Promise<void>
  close(): Promise<void>
}

/** What stands in the way of a copy into this place; undefined: nothing, it is empty. */
export async function obstacleIn(place: Place): Promise<'used' | Unfinished | undefined> {
  if ('folder' in place && !hasGateway({ dataDir: place.folder }))
    return hasLeftovers(place.folder) ? 'used' : undefined
  const seen = await peek(place)
  try {
    if (await isEmpty(seen.db)) return undefined
    return (await readMarks(seen.db)).unfinished ?? 'used'
  } finally {
    await seen.close()
  }
}

/** A journal beside a database that is gone would be played into whatever gets its name. */
function hasLeftovers(folder: string): boolean {
  return ['-wal', '-shm', '-journal'].some((tail) => existsSync(`${databaseFile(folder)}${tail}`))
}

/** Opens a place to be written to, with its tables. */
export async function openTarget(place: Place): Promise<Target> {
  if ('url' in place) return openPostgresTarget(place.url)
  const held = holdFolder(place.folder)
  const { store, raw } = await openDatabase(place.folder)
  // A power cut takes the last commits, never an earlier one without the later: the mark is the first of them.
  raw.pragma('synchronous = NORMAL')
  const settle = async () => {
    raw.pragma('synchronous = FULL')
    raw.pragma('wal_checkpoint(TRUNCATE)')
    await syncFolder(place.folder)
  }
  const close = async () => {
    await store.close()
    held.release()
  }
  return { store, settle, close }
}

async function openPostgresTarget(url: string): Promise<Target> {
  const turn = await holdStart(url)
  const store = await openPostgres({ url }).catch(async (error) => {
    await turn.release()
    throw error
  })
  const settle = async () => {
    const one = link(common(url))
    await one
      .query(
        `SELECT setval(pg_get_serial_sequence('snapshot', 'id'), coalesce(max(id), 0) + 1, false) FROM snapshot`,
      )
      .finally(one.close)
  }
  const close = async () => {
    await store.close()
    await turn.release()
  }
  return { store, settle, close }
}
