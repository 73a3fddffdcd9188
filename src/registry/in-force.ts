import { z } from 'zod'
import { canonicalJson } from '../log/leaf.ts'
import {
  type Agency,
  agencySchema,
  agreementSchema,
  itemCode,
  itemSchema,
  systemSchema,
} from './documents.ts'
import type { Incoming, IncomingKind, InForce } from './fate.ts'
import { pledgeSchema } from './pledge.ts'
import type { Registry } from './registry.ts'
import { serviceSchema } from './service-item.ts'

/** What files may change, and what those documents refer to. Of contracts the code is all that is needed. */
type Kept = Incoming & { readonly agency: Agency; readonly contract: { readonly code: string } }

export type InForceKind = keyof Kept

type Documents = { readonly [K in InForceKind]: readonly Kept[K][] }

const SCHEMAS: { readonly [K in InForceKind]: z.ZodType<Kept[K]> } = {
  agency: agencySchema,
  contract: z.strictObject({ code: itemCode }),
  item: itemSchema,
  service: serviceSchema,
  agreement: agreementSchema,
  system: systemSchema,
  pledge: pledgeSchema,
}

export const IN_FORCE_KINDS = Object.keys(SCHEMAS) as [InForceKind, ...InForceKind[]]

/** All documents of the registry, by kind. Sandbox systems register themselves, and are left out. */
export const DOCUMENTS: {
  readonly [K in InForceKind]: (registry: K extends 'contract' ? Registry : InForce) => Documents[K]
} = {
  agency: ({ agencies }) => [...agencies.values()],
  contract: ({ contracts }) => [...contracts.keys()].map((code) => ({ code })),
  item: ({ items }) => [...items.values()].flat(),
  service: ({ services }) => [...services.values()],
  agreement: ({ agreements }) => [...agreements.values()].flat(),
  system: ({ systems }) => [...systems.values()].filter(({ roles }) => !roles.includes('sandbox')),
  pledge: ({ pledges }) => [...pledges.values()],
}

const VERSION_DIGITS = 6

/** By which a document is found in the list of its kind; of an item each version has its own. */
export const KEYS: { readonly [K in InForceKind]: (one: Kept[K]) => string } = {
  agency: ({ uscc }) => uscc,
  contract: ({ code }) => code,
  item: ({ code, version }) => `${code}@${String(version).padStart(VERSION_DIGITS, '0')}`,
  service: ({ code }) => code,
  agreement: ({ id }) => id,
  system: ({ id }) => id,
  pledge: ({ agency }) => agency,
}

/** Undefined where these are not documents of that kind. */
export function readInForce<K extends InForceKind>(
  kind: K,
  documents: unknown,
): readonly Kept[K][] | undefined {
  const read = z.array<z.ZodType<Kept[K]>>(SCHEMAS[kind]).safeParse(documents)
  return read.success ? read.data : undefined
}

/** The view that files are judged by, from documents that came over the wire. */
export function inForceOf(all: Documents): InForce {
  const items = [...all.item].sort((one, other) => other.version - one.version)
  return {
    agencies: new Map(all.agency.map((one) => [one.uscc, one])),
    contracts: new Set(all.contract.map(({ code }) => code)),
    items: Map.groupBy(items, ({ code }) => code),
    services: new Map(all.service.map((one) => [one.code, one])),
    agreements: Map.groupBy(all.agreement, ({ item }) => item),
    systems: new Map(all.system.map((one) => [one.id, one])),
    pledges: new Map(all.pledge.map((one) => [one.agency, one])),
  }
}

/** What nobody writes into a file: who brings it in gets the next version, in the state that it will have. */
const ASIDE: readonly string[] = ['state', 'version']

/**
 * A document as its file holds it: the members in the order of their schema, those that people name in
 * the order of their names, so that the same document is the same text wherever it comes from.
 */
export function fileText(kind: IncomingKind, document: unknown): string {
  const read: object = SCHEMAS[kind].parse(JSON.parse(canonicalJson(document)))
  const kept = Object.entries(read).filter(([name]) => !ASIDE.includes(name))
  return `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`
}
