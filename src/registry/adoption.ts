import { ranksAbove } from './agency-tree.ts'
import type { Agency, Item } from './documents.ts'
import { byCode } from './order.ts'
import type { Registry } from './registry.ts'
import type { Service } from './service-item.ts'

/** The version of an item that this one adopts, where the registry has it. */
export function definitionOfItem(
  { items }: Pick<Registry, 'items'>,
  { adopts }: Pick<Item, 'adopts'>,
): Item | undefined {
  if (!adopts) return undefined
  return items.get(adopts.code)?.find(({ version }) => version === adopts.version)
}

/** The service that this one adopts, where the registry has it. */
export function definitionOfService(
  { services }: Pick<Registry, 'services'>,
  { adopts }: Pick<Service, 'adopts'>,
): Service | undefined {
  return adopts ? services.get(adopts.code) : undefined
}

/** One code for a thing and all that adopt it: where it was defined. */
export function rootOf({
  code,
  adopts,
}: Pick<Item, 'code'> & { readonly adopts?: { readonly code: string } | undefined }): string {
  return adopts?.code ?? code
}

/** Who has taken over an item or a service, in the order of their codes. */
export function adoptersOf<T extends { code: string; adopts?: { code: string } | undefined }>(
  all: Iterable<T>,
  code: string,
): readonly T[] {
  return [...all].filter(({ adopts }) => adopts?.code === code).sort(byCode)
}

type Documents = {
  readonly agencies: readonly Agency[]
  readonly items: readonly Item[]
  readonly services: readonly Service[]
}

/**
 * Adoptions that lead nowhere: what is adopted must be there, be defined and not itself adopted, and belong
 * to the agency that is named, which stands above. What the adopter then makes of it is a check's
 * (checks/adopted-item.ts), since a definition may change after it was adopted.
 */
export function adoptionFaults({ agencies, items, services }: Documents): readonly string[] {
  const known = new Map(agencies.map((agency) => [agency.uscc, agency]))
  const versions = new Map(items.map((item) => [`${item.code}@${item.version}`, item]))
  const byService = new Map(services.map((service) => [service.code, service]))
  return [
    ...items.flatMap(({ code, version, provider, adopts }) => {
      if (!adopts) return []
      const found = versions.get(`${adopts.code}@${adopts.version}`)
      const at = { name: `${code}@${version}`, adopts, lower: known.get(provider) }
      return faultsOf(at, found && { ...found, owner: found.provider }, known)
    }),
    ...services.flatMap(({ code, lead, adopts }) => {
      if (!adopts) return []
      const found = byService.get(adopts.code)
      const at = { name: code, adopts, lower: known.get(lead) }
      return faultsOf(at, found && { ...found, owner: found.lead }, known)
    }),
  ]
}

type Adopting = {
  readonly name: string
  readonly adopts: { readonly agency: string; readonly code: string }
  readonly lower: Agency | undefined
}

function faultsOf(
  { name, adopts, lower }: Adopting,
  found: { readonly owner: string; readonly adopts?: unknown } | undefined,
  known: ReadonlyMap<string, Agency>,
): string[] {
  if (!found) return [`${name}: adopts ${adopts.code}, which is not there`]
  if (found.adopts) return [`${name}: adopts ${adopts.code}, which is itself adopted`]
  if (found.owner !== adopts.agency)
    return [`${name}: adopts ${adopts.code}, which is not of ${adopts.agency}`]
  const upper = known.get(adopts.agency)
  return upper && lower && !ranksAbove(upper, lower)
    ? [`${name}: adopts ${adopts.code} of an agency that does not stand above`]
    : []
}
