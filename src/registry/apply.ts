import type { Kysely } from 'kysely'
import { z } from 'zod'
import { calendarSchema } from '../calendar/document.ts'
import { loadContract } from '../contract/contract.ts'
import { compileSchema } from '../contract/schema.ts'
import type { Tables } from '../storage/tables.ts'
import { adoptionFaults } from './adoption.ts'
import { agencyFaults } from './agency-tree.ts'
import {
  agencySchema,
  agreementSchema,
  itemSchema,
  registerSchema,
  systemSchema,
} from './documents.ts'
import { pledgeSchema } from './pledge.ts'
import { bumpVersion } from './registry.ts'
import { serviceFaults } from './service-faults.ts'
import { blacklistSchema, serviceSchema } from './service-item.ts'
import { keyInsertion, type NewSystemKey } from './system-keys.ts'

const shape = z.strictObject({
  agencies: z.array(agencySchema),
  systems: z.array(systemSchema),
  items: z.array(itemSchema),
  agreements: z.array(agreementSchema),
  registers: z.array(registerSchema),
  contracts: z.array(z.looseObject({ code: z.string() })),
  services: z.array(serviceSchema).default([]),
  blacklists: z.array(blacklistSchema).default([]),
  pledges: z.array(pledgeSchema).default([]),
  calendars: z.array(calendarSchema).default([]),
})

export type RegistryDocuments = z.infer<typeof shape>

export class RegistryError extends Error {
  override readonly name = 'RegistryError'
}

/**
 * Nothing is written before all of it holds.
 *
 * @throws RegistryError naming the document and the place; ContractError for a contract, or a register's
 * row schema, that could not be judged safely later.
 */
export function readDocuments(input: unknown): RegistryDocuments {
  const read = shape.safeParse(input)
  if (!read.success) {
    const lines = read.error.issues.map((issue) => `${issue.path.join('/')}: ${issue.message}`)
    throw new RegistryError(lines.slice(0, 20).join('\n'))
  }
  const { agencies, items, agreements, contracts } = read.data
  for (const contract of contracts) loadContract(contract)
  for (const [i, { row }] of read.data.registers.entries())
    compileSchema(row, `/registers/${i}/row`)
  const known = new Set(agencies.map((agency) => agency.uscc))
  const codes = new Set(contracts.map((contract) => contract.code))
  const faults = [
    ...items.filter((item) => !known.has(item.provider)).map((item) => `${item.code}: provider`),
    ...items
      .filter((item) => item.contract !== null && !codes.has(item.contract))
      .map((item) => `${item.code}: contract`),
    ...agreements
      .filter((agreement) => !items.some((item) => item.code === agreement.item))
      .map((agreement) => `${agreement.id}: item`),
  ]
  if (faults.length > 0) throw new RegistryError(`unknown references: ${faults.join(', ')}`)
  const beyond = [
    ...agencyFaults(agencies),
    ...serviceFaults(read.data),
    ...adoptionFaults(read.data),
    ...read.data.pledges
      .filter(({ agency }) => !known.has(agency))
      .map(({ agency }) => `pledge of ${agency}: unknown agency`),
  ]
  if (beyond.length > 0) throw new RegistryError(beyond.slice(0, 20).join('\n'))
  return read.data
}

/** Writes documents over what is there, in one transaction; every process sees all of it or none. */
export async function applyDocuments(
  db: Kysely<Tables>,
  documents: Partial<RegistryDocuments>,
  keys: readonly NewSystemKey[],
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await upsertAll(trx, documents)
    for (const key of keys)
      await keyInsertion(trx, key)
        .onConflict((on) => on.doNothing())
        .execute()
    await bumpVersion(trx)
  })
}

async function upsertAll(
  trx: Kysely<Tables>,
  documents: Partial<RegistryDocuments>,
): Promise<void> {
  const { agencies = [], systems = [], items = [], agreements = [] } = documents
  const { registers = [], contracts = [], services = [], blacklists = [] } = documents
  const { calendars = [], pledges = [] } = documents
  await upsert(trx, 'agency', ['uscc'], agencies)
  await upsert(trx, 'system', ['id'], systems)
  await upsert(trx, 'contract', ['code'], contracts)
  await upsert(trx, 'item', ['code', 'version'], items, ['state'])
  await upsert(trx, 'agreement', ['id'], agreements, ['item'])
  // The snapshot that answers stays.
  await upsert(trx, 'register', ['id'], registers)
  await upsert(trx, 'service', ['code'], services, ['state'])
  await upsert(trx, 'blacklist', ['id'], blacklists)
  await upsert(trx, 'pledge', ['agency'], pledges)
  await upsert(trx, 'calendar', ['year'], calendars)
}

type Document = Readonly<Record<string, unknown>>
type DocumentTable = {
  [T in keyof Tables]: Tables[T] extends { doc: string } ? T : never
}[keyof Tables]

/** Writes documents over those of the same key; `more` names members that have a column of their own. */
async function upsert(
  trx: Kysely<Tables>,
  table: DocumentTable,
  key: readonly string[],
  documents: readonly Document[],
  more: readonly string[] = [],
): Promise<void> {
  const db = trx as unknown as Kysely<Record<string, Document>>
  for (const one of documents) {
    const columns = [...key, ...more].map((name) => [name, one[name]])
    const row = { ...Object.fromEntries(columns), doc: JSON.stringify(one) }
    await db
      .insertInto(table)
      .values(row)
      .onConflict((on) => on.columns(key).doUpdateSet(row))
      .execute()
  }
}
