import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { handOver } from '../connector/handover.ts'
import { loadContract } from '../contract/contract.ts'
import type { Deps } from '../deps.ts'
import { generateSigningKey } from '../keys/generate.ts'
import { publicJwk } from '../keys/signer.ts'
import { recordChange } from '../log/change.ts'
import { readDemoPeople, seedPeople } from '../people/demo.ts'
import type { Registered } from '../people/person.ts'
import {
  applyDocuments,
  type RegistryDocuments,
  RegistryError,
  readDocuments,
} from '../registry/apply.ts'
import type { Register, SqlBinding } from '../registry/documents.ts'
import type { NewSystemKey } from '../registry/system-keys.ts'
import { writeDemoDatabase } from './demo-database.ts'
import { readIfPresent, writeDurably } from './files.ts'
import { HOME } from './places.ts'
import { openRegisterFile } from './register-file.ts'

const PRIVATE = 0o600
const SEED_FILES = [
  'agencies',
  'systems',
  'items',
  'agreements',
  'registers',
  'services',
  'blacklists',
  'pledges',
] as const

export type SeedProgress = (step: string, rows: number) => void

/**
 * The invented city: registry, people, demo keys (`demo-keys/<system>.jwk.json`, mode 0600) and registers.
 * Each step is recorded in the log before it takes effect. May be run again: keys are kept, registers
 * get a fresh snapshot.
 */
export async function seedDemo(
  deps: Pick<Deps, 'log' | 'store' | 'crypto' | 'clock' | 'registry'>,
  dataDir: string,
  onProgress: SeedProgress = () => {},
): Promise<{ systems: number; rows: number }> {
  const { documents, keys, registers } = await readCity(dataDir, deps.clock())
  const people = await readPeople()
  const hash = deps.crypto.digest(JSON.stringify({ documents, people }))
  await recordChange(deps.log, { what: 'seed', id: 'demo', hash })
  await applyDocuments(deps.store.db, documents, keys)
  await seedPeople(deps, people)
  let rows = 0
  for (const { register, path } of registers) {
    const told = (done: number) => onProgress(register.id, done)
    rows += await importRegister(deps, register, { path, onProgress: told })
  }
  for (const { connector } of documents.items)
    if (connector?.kind === 'sql') rows += await offerDatabase(dataDir, documents, connector)
  await deps.registry.refresh()
  return { systems: documents.systems.length, rows }
}

export type City = {
  readonly documents: RegistryDocuments
  /** Public; the private halves stand in `demo-keys/`. */
  readonly keys: readonly NewSystemKey[]
  /** Those that are handed over: what is asked elsewhere stays with its provider. */
  readonly registers: readonly { readonly register: Register; readonly path: string }[]
}

/** The invented city as files have it; makes the demo keys that are not there yet. */
export async function readCity(dataDir: string, validFrom: number): Promise<City> {
  const documents = readDocuments(await readSeed())
  const keys: NewSystemKey[] = []
  for (const { id } of documents.systems) keys.push(await demoKey(dataDir, id, validFrom))
  const bound = documents.items.flatMap(({ connector }) =>
    connector?.kind === 'snapshot' ? [connector.register] : [],
  )
  const registers = documents.registers.flatMap((register) =>
    register.file && bound.includes(register.id)
      ? [{ register, path: join(HOME, 'seed', register.file) }]
      : [],
  )
  return { documents, keys, registers }
}

/**
 * Imports one register from CSV or, by the file's ending, XLSX: staged, recorded, then switched.
 *
 * @throws ImportError, CsvError, XlsxError.
 */
export async function importRegister(
  { log, store, clock }: Pick<Deps, 'log' | 'store' | 'clock'>,
  register: Register,
  from: {
    readonly path: string
    /** Of an XLSX file; the first one by default. */
    readonly sheet?: string
    readonly asOf?: number
    readonly onProgress?: (rows: number) => void
    readonly onBytes?: (bytes: number) => void
  },
): Promise<number> {
  const source = await openRegisterFile(from.path, { ...from, row: register.row })
  const { onProgress, asOf = clock() } = from
  const told = onProgress ? { onProgress } : {}
  const { rows } = await handOver({ log, store }, register, { source, asOf, ...told })
  return rows
}

/** The database that a demo provider offers; the gateway reads its sources.json when it is opened next. */
function offerDatabase(
  dataDir: string,
  { registers }: RegistryDocuments,
  { source, register: id }: SqlBinding,
): Promise<number> {
  const register = registers.find((one) => one.id === id)
  if (!register?.file) throw new RegistryError(`the register ${id} has no file`)
  const table = id.replaceAll('-', '_')
  const csv = join(HOME, 'seed', register.file)
  return writeDemoDatabase(dataDir, { source, table, register, csv })
}

const read = async (path: string) => parseJson(await readFile(join(HOME, path), 'utf8'), path)

/** Who works in the invented city. @throws RegistryError. */
async function readPeople(): Promise<readonly Registered[]> {
  const path = 'seed/people.json'
  try {
    return readDemoPeople(await read(path))
  } catch (error) {
    throw new RegistryError(`${path}: ${error instanceof Error ? error.message : 'does not fit'}`)
  }
}

async function readSeed(): Promise<unknown> {
  const parts = await Promise.all(SEED_FILES.map((name) => read(`seed/${name}.json`)))
  const contracts = await readContracts(HOME)
  const named = Object.fromEntries(SEED_FILES.map((name, i) => [name, parts[i]]))
  return { ...named, contracts, calendars: await readYears() }
}

/** Every year in seed/calendar. */
async function readYears(): Promise<unknown[]> {
  const folder = 'seed/calendar'
  const names = (await readdir(join(HOME, folder))).filter((name) => name.endsWith('.json'))
  return Promise.all(
    names.sort().map(async (name) => {
      const file = `${folder}/${name}`
      return parseJson(await readFile(join(HOME, file), 'utf8'), file)
    }),
  )
}

/**
 * Every contract in `<home>/contracts/items`, each sound by itself.
 *
 * @throws ContractError naming file and JSON pointer; RegistryError where a file is no JSON, or is not
 * named after the code inside.
 */
export async function readContracts(home: string): Promise<unknown[]> {
  const folder = 'contracts/items'
  const names = (await readdir(join(home, folder))).filter((name) => name.endsWith('.json'))
  return Promise.all(
    names.sort().map(async (name) => {
      const file = `${folder}/${name}`
      const json = parseJson(await readFile(join(home, file), 'utf8'), file)
      const { code } = loadContract(json, file)
      if (name !== `${code}.json`) throw new RegistryError(`${file}: holds the contract of ${code}`)
      return json
    }),
  )
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new RegistryError(`${file}: ${error instanceof Error ? error.message : 'no JSON'}`)
  }
}

async function demoKey(dataDir: string, system: string, validFrom: number): Promise<NewSystemKey> {
  const path = join(dataDir, 'demo-keys', `${system}.jwk.json`)
  const text = await readIfPresent(path)
  const jwk = text === undefined ? await generateSigningKey('ES256') : JSON.parse(text)
  if (text === undefined) await writeDurably(path, `${JSON.stringify(jwk, null, 2)}\n`, PRIVATE)
  return { system, jwk: (await publicJwk(jwk)) as NewSystemKey['jwk'], validFrom }
}
