import { normalizeName } from '../contract/name.ts'
import type { Agency, Item } from './documents.ts'
import { itemsOf, type Service } from './service-item.ts'

type Known = { readonly agencies: ReadonlySet<string>; readonly items: ReadonlySet<string> }

/** What the services' schema cannot see: references that lead nowhere, and papers named twice. */
export function serviceFaults({
  services,
  agencies,
  items,
}: {
  readonly services: readonly Service[]
  readonly agencies: readonly Agency[]
  readonly items: readonly Item[]
}): readonly string[] {
  const known = {
    agencies: new Set(agencies.map(({ uscc }) => uscc)),
    items: new Set(items.map(({ code }) => code)),
  }
  return [
    ...repeated(services.map(({ code }) => code)).map((code) => `${code}: named twice`),
    ...repeated(services.flatMap(({ materials }) => materials.map(({ id }) => id))).map(
      (id) => `${id}: named twice`,
    ),
    ...services.flatMap((service) => faultsOf(service, known)),
  ]
}

function faultsOf({ code, lead, coLeads = [], materials }: Service, known: Known): string[] {
  const names = materials.map(({ names }) => normalizeName(names.zh))
  return [
    ...[lead, ...coLeads]
      .filter((uscc) => !known.agencies.has(uscc))
      .map((uscc) => `${code}: unknown agency ${uscc}`),
    ...materials
      .filter(({ id }) => !id.startsWith(`${code}-`))
      .map(({ id }) => `${id}: not a material of ${code}`),
    ...repeated(names).map((name) => `${code}: demands ${name} twice`),
    ...materials.flatMap((material) =>
      itemsOf(material)
        .filter((item) => !known.items.has(item))
        .map((item) => `${material.id}: unknown item ${item}`),
    ),
  ]
}

function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, i) => values.indexOf(value) !== i))]
}
