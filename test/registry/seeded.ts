import { calendarOf } from '../../src/calendar/calendar.ts'
import { readDocuments } from '../../src/registry/apply.ts'
import type { Registry, SystemKey } from '../../src/registry/registry.ts'
import {
  agencies,
  agreements,
  CONTRACT_CODES,
  contractOf,
  items,
  readText,
  registers,
  systems,
} from '../seed/seed.ts'

export const TODAY = '2026-11-23'

const json = (path: string) => JSON.parse(readText(path)) as unknown
const contracts = CONTRACT_CODES.map((code) => json(`contracts/items/${code}.json`))

/** The invented city's documents, read as they are loaded. */
export const documents = readDocuments({
  ...{ agencies, systems, items, agreements, registers, contracts },
  services: json('seed/services.json'),
  blacklists: json('seed/blacklists.json'),
  pledges: json('seed/pledges.json'),
})

type Documents = typeof documents

/** The view of a registry, with some of its documents put in the place of those of the same key. */
export function registryOf(
  changed: Partial<Documents> = {},
  keys: readonly SystemKey[] = [],
): Registry {
  const over = <K extends keyof Documents>(kind: K, key: (one: Documents[K][number]) => string) => {
    const all = [...documents[kind], ...(changed[kind] ?? [])] as Documents[K][number][]
    return new Map(all.map((one) => [key(one), one]))
  }
  const newestFirst = [...over('items', (one) => `${one.code}@${one.version}`).values()].sort(
    (a, b) => b.version - a.version,
  )
  return {
    version: 1,
    agencies: over('agencies', ({ uscc }) => uscc),
    systems: over('systems', ({ id }) => id),
    keys: new Map(keys.map((key) => [`${key.system} ${key.kid}`, key])),
    items: Map.groupBy(newestFirst, ({ code }) => code),
    contracts: new Map(CONTRACT_CODES.map((code) => [code, contractOf(code)])),
    agreements: Map.groupBy(over('agreements', ({ id }) => id).values(), ({ item }) => item),
    registers: new Map(
      [...over('registers', ({ id }) => id)].map(([id, register]) => [
        id,
        { register, snapshot: undefined },
      ]),
    ),
    services: over('services', ({ code }) => code),
    blacklists: over('blacklists', ({ id }) => id),
    pledges: over('pledges', ({ agency }) => agency),
    calendar: calendarOf([]),
  }
}

export const seeded = registryOf()
