import type { JWK } from 'jose'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import { loadContract } from '../contract/contract.ts'
import { compileSchema } from '../contract/schema.ts'
import type { Tables } from '../storage/tables.ts'
import {
  agencySchema,
  agreementSchema,
  itemSchema,
  registerSchema,
  systemSchema,
} from './documents.ts'
import { bumpVersion } from './registry.ts'
import { serviceFaults } from './service-faults.ts'
import { blacklistSchema, serviceSchema } from './service-item.ts'

const shape = z.strictObject({
  agencies: z.array(agencySchema),
  systems: z.array(systemSchema),
  items: z.array(itemSchema),
  agreements: z.array(agreementSchema),
  registers: z.array(registerSchema),
  contracts: z.array(z.looseObject({ code: z.string() })),
  services: z.array(serviceSchema).default([]),
  blacklists: z.array(blacklistSchema).default([]),
})

export type RegistryDocuments = z.infer<typeof shape>

/** A public key to be registered for a system. */
export type NewSystemKey = {
  readonly system: string
  readonly jwk: JWK & { readonly kid: string; readonly alg: string }
  readonly validFrom: number
}

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
  const inServices = serviceFaults(read.data)
  if (inServices.length > 0) throw new RegistryError(inServices.slice(0, 20).join('\n'))
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
    for (const { system, jwk, validFrom } of keys) await insertKey(trx, { system, jwk, validFrom })
    await bumpVersion(trx)
  })
}

async function upsertAll(
  trx: Kysely<Tables>,
  documents: Partial<RegistryDocuments>,
): Promise<void> {
  const { agencies = [], systems = [], items = [], agreements = [] } = documents
  const { registers = [], contracts = [], services = [], blacklists = [] } = documents
  const doc = JSON.stringify
  for (const one of agencies)
    await trx
      .replaceInto('agency')
      .values({ uscc: one.uscc, doc: doc(one) })
      .execute()
  for (const one of systems)
    await trx
      .replaceInto('system')
      .values({ id: one.id, doc: doc(one) })
      .execute()
  for (const one of contracts)
    await trx
      .replaceInto('contract')
      .values({ code: one.code, doc: doc(one) })
      .execute()
  for (const { code, version, state, ...rest } of items)
    await trx
      .replaceInto('item')
      .values({ code, version, state, doc: doc({ code, version, state, ...rest }) })
      .execute()
  for (const one of agreements)
    await trx
      .replaceInto('agreement')
      .values({ id: one.id, item: one.item, doc: doc(one) })
      .execute()
  for (const one of registers)
    await trx
      .insertInto('register')
      .values({ id: one.id, doc: doc(one), snapshot: null })
      .onConflict((on) => on.column('id').doUpdateSet({ doc: doc(one) }))
      .execute()
  for (const one of services)
    await trx
      .replaceInto('service')
      .values({ code: one.code, state: one.state, doc: doc(one) })
      .execute()
  for (const one of blacklists)
    await trx
      .replaceInto('blacklist')
      .values({ id: one.id, doc: doc(one) })
      .execute()
}

async function insertKey(
  trx: Kysely<Tables>,
  { system, jwk, validFrom }: NewSystemKey,
): Promise<void> {
  const { kid, alg } = jwk
  await trx
    .insertInto('system_key')
    .values({
      system,
      kid,
      alg,
      jwk: JSON.stringify(jwk),
      valid_from: validFrom,
      valid_to: null,
      revoked_at: null,
    })
    .onConflict((on) => on.doNothing())
    .execute()
}
