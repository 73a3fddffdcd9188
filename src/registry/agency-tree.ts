import { regionCovers } from '../contract/identifiers.ts'
import type { Agency } from './documents.ts'

/** 四级, lowest first. */
const LEVELS: readonly Agency['level'][] = ['village', 'township', 'county', 'city']

/** Whether what `upper` defines may be taken over by `lower`: a higher level, and its place within. */
export function ranksAbove(upper: Agency, lower: Agency): boolean {
  return (
    LEVELS.indexOf(upper.level) > LEVELS.indexOf(lower.level) &&
    regionCovers(upper.region, lower.region)
  )
}

/** Whether one is of a lower level than the other, wherever it is. */
export function standsBelow(one: Agency, other: Agency): boolean {
  return LEVELS.indexOf(one.level) < LEVELS.indexOf(other.level)
}

/** The agency's parent, its parent's parent and so on, nearest first. Ends where a chain goes in a circle. */
export function ancestorsOf(agencies: ReadonlyMap<string, Agency>, uscc: string): Agency[] {
  const seen = new Set([uscc])
  const found: Agency[] = []
  for (let at = agencies.get(uscc)?.parent; at !== undefined && !seen.has(at); ) {
    seen.add(at)
    const parent = agencies.get(at)
    if (!parent) break
    found.push(parent)
    at = parent.parent
  }
  return found
}

/** What the agencies' schema cannot see: one named twice, parents that nobody knows, stand below, or go in a circle. */
export function agencyFaults(agencies: readonly Agency[]): readonly string[] {
  const known = new Map(agencies.map((agency) => [agency.uscc, agency]))
  const twice = agencies.filter((agency) => known.get(agency.uscc) !== agency)
  return [
    ...new Set(twice.map(({ uscc }) => `agency ${uscc}: named twice`)),
    ...agencies.flatMap((agency) => parentFaults(known, agency)),
    ...circles(known),
  ]
}

function parentFaults(known: ReadonlyMap<string, Agency>, { uscc, level, parent }: Agency) {
  if (parent === undefined) return []
  const above = known.get(parent)
  if (!above) return [`agency ${uscc}: unknown parent ${parent}`]
  return LEVELS.indexOf(above.level) < LEVELS.indexOf(level)
    ? [`agency ${uscc}: its parent ${parent} is of a lower level`]
    : []
}

/** Each circle once, from its smallest code on. */
function circles(known: ReadonlyMap<string, Agency>): string[] {
  const done = new Set<string>()
  const found: string[] = []
  for (const start of [...known.keys()].sort()) {
    const trail: string[] = []
    let at: string | undefined = start
    while (at !== undefined && !done.has(at) && !trail.includes(at)) {
      trail.push(at)
      at = known.get(at)?.parent
    }
    if (at !== undefined && trail.includes(at)) {
      const round = trail.slice(trail.indexOf(at))
      const from = round.indexOf([...round].sort()[0] as string)
      const turned = [...round.slice(from), ...round.slice(0, from)]
      found.push(`agencies are their own parents: ${[...turned, turned[0]].join(' → ')}`)
    }
    for (const one of trail) done.add(one)
  }
  return found
}
