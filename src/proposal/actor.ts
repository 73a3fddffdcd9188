import type { RoleName } from '../people/person.ts'
import type { Agency } from '../registry/documents.ts'
import type { Side } from './move.ts'

/** A signed-in person, as far as acts are judged by. */
export type Actor = {
  readonly id: string
  readonly roles: readonly { readonly role: RoleName; readonly agency: string }[]
  /** When the person last proved who he is, in epoch milliseconds. */
  readonly steppedUpAt: number | null
}

type Sides = { readonly agency: string; readonly party: string | null }

/** Whether the actor has a role on a side of a proposal; a suspended agency's roles do not count. */
export function holdsOn(
  { roles }: Pick<Actor, 'roles'>,
  { agency, party }: Sides,
  agencies: ReadonlyMap<string, Agency>,
) {
  return (wanted: string, side: Side): boolean =>
    roles.some(({ role, agency: own }) => {
      if (role !== wanted || agencies.get(own)?.status !== 'active') return false
      if (side === 'agency') return own === agency
      if (side === 'party') return own === party
      return isCompetent(agencies.get(own), agencies.get(agency))
    })
}

const PREFIX = { city: 4, county: 6, township: 6, village: 6 } as const

/**
 * 同级共享主管部门, or one above it: its region covers the other's (GB/T 2260: the first four digits are the
 * city, all six the county).
 */
function isCompetent(authority: Agency | undefined, over: Agency | undefined): boolean {
  if (!authority || !over) return false
  const digits = PREFIX[authority.level]
  return authority.region.slice(0, digits) === over.region.slice(0, digits)
}
