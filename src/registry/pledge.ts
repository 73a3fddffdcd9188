import { z } from 'zod'
import { text, uscc } from './documents.ts'
import { isPublic } from './order.ts'
import type { Registry } from './registry.ts'
import { SANDBOX_AGENCY } from './sandbox.ts'

const day = z.iso.date()

/**
 * 零报告承诺: an agency that offers no assistance item says so in public, and signs for it. `signedBy` is
 * an office-holder, named as on any published document.
 */
export const pledgeSchema = z
  .strictObject({
    agency: uscc,
    text,
    from: day,
    to: day,
    signedBy: z.strictObject({ name: z.string().min(1).max(64), position: text }),
    signedOn: day,
  })
  .refine(({ from, to }) => from <= to, { error: 'it ends before it begins', path: ['to'] })

export type Pledge = z.infer<typeof pledgeSchema>

type Held = Pick<Registry, 'agencies' | 'items' | 'pledges'>

/** The agency's pledge, where it covers that day (ISO date). */
export function pledgeOn({ pledges }: Pick<Held, 'pledges'>, agency: string, today: string) {
  const pledge = pledges.get(agency)
  return pledge && pledge.from <= today && today <= pledge.to ? pledge : undefined
}

/** Whether the agency has an item in the catalogue, in service or suspended. */
export function offersItems({ items }: Pick<Held, 'items'>, agency: string): boolean {
  return [...items.values()]
    .flat()
    .some(
      ({ provider, state }) =>
        provider === agency && (state === 'published' || state === 'suspended'),
    )
}

/**
 * Whether an agency owes a pledge on that day: it is active, offers nothing, and no pledge covers the day.
 * A village committee is no administrative organ and owes none; nor does the sandbox's agency, which is
 * nobody.
 */
export function owesPledge(registry: Held, agency: string, today: string): boolean {
  const known = registry.agencies.get(agency)
  if (known?.status !== 'active' || known.level === 'village') return false
  if (agency === SANDBOX_AGENCY) return false
  return !offersItems(registry, agency) && pledgeOn(registry, agency, today) === undefined
}

/** Every pledge that covers the day, and every agency that owes one, by their codes. */
export function pledgesOn(registry: Held, today: string) {
  const offering = new Set(
    [...registry.items.values()]
      .flat()
      .filter(isPublic)
      .map(({ provider }) => provider),
  )
  const codes = [...registry.agencies.keys()].sort()
  return {
    pledges: codes.flatMap((agency) => pledgeOn(registry, agency, today) ?? []),
    owing: codes.filter((agency) => !offering.has(agency) && owesPledge(registry, agency, today)),
  }
}
