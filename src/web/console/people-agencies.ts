import { holdsOn } from '../../proposal/actor.ts'
import type { Desk } from './enter.ts'

/** The agencies whose people somebody may propose: those that he administers; of an authority all it covers. */
export function proposesFor({ actor, registry: { agencies } }: Desk): readonly string[] {
  const own = new Set(actor.roles.map(({ agency }) => agency))
  const isAuthority = actor.roles.some(({ role }) => role === 'authority')
  const near = isAuthority ? [...agencies.keys()] : [...own]
  return near.filter((agency) => {
    const holds = holdsOn(actor, { agency, party: null }, agencies)
    const isActive = agencies.get(agency)?.status === 'active'
    return isActive && (holds('admin', 'agency') || holds('authority', 'authority'))
  })
}
