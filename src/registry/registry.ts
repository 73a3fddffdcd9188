import { importJWK } from 'jose'
import { type Kysely, sql } from 'kysely'
import type { Calendar } from '../calendar/calendar.ts'
import { type Contract, loadContract } from '../contract/contract.ts'
import { type Algorithm, isAlgorithm } from '../keys/signer.ts'
import type { SnapshotTable, Tables } from '../storage/tables.ts'
import { loadCalendar } from './calendars.ts'
import type { Agency, Agreement, Item, Register, System } from './documents.ts'
import type { Pledge } from './pledge.ts'
import type { Blacklist, Service } from './service-item.ts'

/** A registered key: the algorithm comes from here, never from a message. Instants in milliseconds. */
export type SystemKey = {
  readonly system: string
  readonly kid: string
  readonly alg: Algorithm
  readonly jwk: Readonly<Record<string, unknown>>
  readonly verifier: CryptoKey
  readonly validFrom: number
  readonly validTo: number | null
  readonly revokedAt: number | null
}

export type Snapshot = { readonly id: number; readonly asOf: number; readonly version: string }

/** One consistent, immutable version of everything the path judges by. */
export type Registry = {
  readonly version: number
  readonly agencies: ReadonlyMap<string, Agency>
  readonly systems: ReadonlyMap<string, System>
  /** By system id and kid, joined with a space (neither contains one). */
  readonly keys: ReadonlyMap<string, SystemKey>
  /** Every version of an item, newest first. */
  readonly items: ReadonlyMap<string, readonly Item[]>
  readonly contracts: ReadonlyMap<string, Contract>
  readonly agreements: ReadonlyMap<string, readonly Agreement[]>
  readonly registers: ReadonlyMap<string, { register: Register; snapshot: Snapshot | undefined }>
  readonly services: ReadonlyMap<string, Service>
  /** By id: the national lists of proofs that nobody may be sent for. */
  readonly blacklists: ReadonlyMap<string, Blacklist>
  /** By agency: what those who offer no item have signed. */
  readonly pledges: ReadonlyMap<string, Pledge>
  /** Working days of the years that are loaded. */
  readonly calendar: Calendar
}

/** `view` gives the version to judge one request by: take it once, use it to the end. */
export type RegistryReader = {
  view(): Promise<Registry>
  version(): number
  /** Reads again at once, after a change of one's own. */
  refresh(): Promise<void>
}

/** A change made by another process is seen within this time. */
const RECHECK_MILLIS = 500

/**
 * Keeps the newest registry in memory.
 *
 * @param inTime rejects where `clock` may not be judged by: keys and agreements have their times
 * @throws what `loadRegistry` throws, at the start only.
 */
export async function registryReader(
  db: Kysely<Tables>,
  clock: () => number,
  inTime: () => Promise<void> = async () => {},
): Promise<RegistryReader> {
  let current = await loadRegistry(db)
  let checkedAt = Number.NEGATIVE_INFINITY
  let loading: Promise<void> | undefined

  /** Where it fails nobody is judged by what may be out of date: a revocation counts. */
  async function recheck(): Promise<void> {
    const began = clock()
    const [version] = await Promise.all([storedVersion(db), inTime()])
    if (version !== current.version) current = await loadRegistry(db)
    checkedAt = began
  }

  return {
    version: () => current.version,
    refresh: recheck,
    view: async () => {
      if (Math.abs(clock() - checkedAt) >= RECHECK_MILLIS)
        loading ??= recheck().finally(() => {
          loading = undefined
        })
      if (loading) await loading
      return current
    },
  }
}

const VERSION = 'registry-version'

async function storedVersion(db: Kysely<Tables>): Promise<number> {
  const row = await db
    .selectFrom('meta')
    .select('value')
    .where('key', '=', VERSION)
    .executeTakeFirst()
  return Number(row?.value ?? 0)
}

/**
 * The statement that tells every process that the registry changed; it goes into the transaction of the
 * change. It counts in the database: of two that read, then wrote, one change would never be seen.
 */
export function nextVersion(db: Kysely<Tables>) {
  const value = sql<string>`CAST(CAST(meta.value AS INTEGER) + 1 AS TEXT)`
  return db
    .insertInto('meta')
    .values({ key: VERSION, value: '1' })
    .onConflict((on) => on.column('key').doUpdateSet({ value }))
}

export async function bumpVersion(db: Kysely<Tables>): Promise<void> {
  await nextVersion(db).execute()
}

type DocumentTable =
  | 'agency'
  | 'system'
  | 'contract'
  | 'agreement'
  | 'item'
  | 'service'
  | 'blacklist'
  | 'pledge'

/** How often it is read while others change it. */
const READS_MAX = 5

/**
 * All tables as of one version: read again where another process changed them in between. That takes no
 * transaction, which would hold the one connection that appends need.
 *
 * @throws ContractError when a stored contract does not load: nothing may be judged by half a registry.
 *   Error when it kept changing.
 */
async function loadRegistry(db: Kysely<Tables>): Promise<Registry> {
  for (let reads = 0; reads < READS_MAX; reads++) {
    const registry = await readTables(db, await storedVersion(db))
    if ((await storedVersion(db)) === registry.version) return registry
  }
  throw new Error(`the registry kept changing while it was read ${READS_MAX} times`)
}

async function readTables(db: Kysely<Tables>, version: number): Promise<Registry> {
  const docs = async <T>(table: DocumentTable) =>
    (await db.selectFrom(table).select('doc').execute()).map((row) => JSON.parse(row.doc) as T)
  const agencies = await docs<Agency>('agency')
  const systems = await docs<System>('system')
  const items = (await docs<Item>('item')).sort((a, b) => b.version - a.version)
  const contracts = (await docs<unknown>('contract')).map((doc) => loadContract(doc))
  const agreements = await docs<Agreement>('agreement')
  const services = await docs<Service>('service')
  const blacklists = await docs<Blacklist>('blacklist')
  const pledges = await docs<Pledge>('pledge')
  return {
    version,
    agencies: new Map(agencies.map((agency) => [agency.uscc, agency])),
    systems: new Map(systems.map((system) => [system.id, system])),
    keys: await loadKeys(db),
    items: Map.groupBy(items, (item) => item.code),
    contracts: new Map(contracts.map((contract) => [contract.code, contract])),
    agreements: Map.groupBy(agreements, (agreement) => agreement.item),
    registers: await loadRegisters(db),
    services: new Map(services.map((service) => [service.code, service])),
    blacklists: new Map(blacklists.map((list) => [list.id, list])),
    pledges: new Map(pledges.map((pledge) => [pledge.agency, pledge])),
    calendar: await loadCalendar(db),
  }
}

async function loadKeys(db: Kysely<Tables>): Promise<Map<string, SystemKey>> {
  const rows = await db.selectFrom('system_key').selectAll().execute()
  const keys = rows.map(async (row): Promise<[string, SystemKey]> => {
    if (!isAlgorithm(row.alg)) throw new TypeError(`key ${row.kid}: algorithm ${row.alg}`)
    const jwk = JSON.parse(row.jwk) as Record<string, unknown>
    const verifier = (await importJWK(jwk, row.alg)) as CryptoKey
    const { system, kid, alg, valid_from, valid_to, revoked_at } = row
    const key = { system, kid, alg, jwk, verifier }
    return [
      `${system} ${kid}`,
      { ...key, validFrom: valid_from, validTo: valid_to, revokedAt: revoked_at },
    ]
  })
  return new Map(await Promise.all(keys))
}

async function loadRegisters(db: Kysely<Tables>): Promise<Registry['registers']> {
  const rows = await db
    .selectFrom('register')
    .leftJoin('snapshot', 'snapshot.id', 'register.snapshot')
    .select(['register.doc', 'snapshot.id', 'snapshot.as_of', 'snapshot.version'])
    .execute()
  return new Map(
    rows.map((row) => {
      const register = JSON.parse(row.doc) as Register
      return [register.id, { register, snapshot: toSnapshot(row) }]
    }),
  )
}

function toSnapshot(row: {
  id: number | null
  as_of: SnapshotTable['as_of'] | null
  version: string | null
}): Snapshot | undefined {
  if (row.id === null || row.as_of === null || row.version === null) return undefined
  return { id: row.id, asOf: row.as_of, version: row.version }
}
