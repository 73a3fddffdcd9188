import { certificatesOf } from './certificates.ts'
import { ageOf, dayWithin } from './days.ts'
import type { Block, Resident } from './people.ts'
import { drawsFor, pick, STREAM } from './prng.ts'

export type Relief = { readonly category: string; readonly since: string; readonly validTo: string }

/**
 * The relief that each household gets, by its number: one in five of those that own at most one home
 * and nothing of commerce. 特困 only for the old.
 */
export function reliefOf(block: Block): Map<string, Relief> {
  const held = certificatesOf(block)
  const households = Map.groupBy(block.people, ({ household }) => household.no)
  const found = new Map<string, Relief>()
  for (const [at, [no, members]] of [...households].entries()) {
    const draw = drawsFor(block.no, at + 3, STREAM.lowIncome)
    const owned = held.filter(({ owner }) => owner.household.no === no)
    const isPoor =
      draw() < 0.3 && new Set(owned.map(({ year }) => year)).size < 2 && owned.every(isHome)
    if (!isPoor) continue
    const isOld = members.some(({ birthDate }) => ageOf(birthDate) >= 60)
    const category = pick(draw, isOld ? ['DIBAO', 'TEKUN'] : ['DIBAO', 'BIANYUAN', 'GANGXING'])
    found.set(no, { category, since: dayWithin(draw, 2022, 4), validTo: '2027-12-31' })
  }
  return found
}

function isHome({ use }: { readonly use: string }): boolean {
  return use === 'RESIDENTIAL'
}

/** Whose household may have a car: relief and a car exclude each other (低保家庭财产状况). */
export function mayOwnVehicle(relief: ReadonlyMap<string, Relief>, person: Resident): boolean {
  return !person.diedOn && !relief.has(person.household.no)
}
