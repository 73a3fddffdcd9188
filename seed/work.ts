import { ageOf, dayWithin, monthsBack, SNAPSHOT_DAY } from './days.ts'
import { employerOf } from './enterprises.ts'
import { migrantsOf } from './migrants.ts'
import type { Block, Resident } from './people.ts'
import { below, drawsFor, STREAM } from './prng.ts'

/** The members of a block that are of working age, all alive: two couples and a single. */
const WORKING = [0, 1, 3, 4, 7] as const
/** Where the migrants of a block stand, after its ten residents. */
const MIGRANT = 10
const FIRST_JOB_AGE = 22
const THIS_YEAR = Number(SNAPSHOT_DAY.slice(0, 4))

export type Person = Pick<Resident, 'idNo' | 'registeredName' | 'sex' | 'birthDate'>

export type Worker = {
  readonly person: Person
  readonly at: number
  /** Where the person lives. */
  readonly region: string
  /** 灵活就业 is `FLEXIBLE`; `NONE` never registered anywhere. */
  readonly kind: 'EMPLOYED' | 'FLEXIBLE' | 'UNEMPLOYED' | 'NONE'
  /** ISO date since when `kind` holds. */
  readonly since: string
  /** Months of social insurance paid, and the latest: this month while one works. */
  readonly months: number
  readonly latestMonth: string
  /** Only of the employed. */
  readonly employer?: string
}

/** Everybody of working age beside or in a block, with how they make their living. */
export function workersOf({ no, people }: Block): Worker[] {
  const residents = WORKING.flatMap((at) => {
    const person = people[at]
    return person ? [workerOf(no, at, { person, region: person.household.region })] : []
  })
  const migrants = migrantsOf(no)
    .filter(({ isChild }) => !isChild)
    .map((person) => workerOf(no, MIGRANT, { person, region: person.region }))
  return [...residents, ...migrants]
}

function workerOf(
  block: number,
  at: number,
  { person, region }: { readonly person: Person; readonly region: string },
): Worker {
  const draw = drawsFor(block, at, STREAM.work)
  const kind = kindOf(draw())
  const stopped = kind === 'UNEMPLOYED' ? 1 + below(draw, 18) : 0
  const possible = (ageOf(person.birthDate) - FIRST_JOB_AGE) * 12 - stopped
  const months = Math.max(1, Math.floor(possible * (0.3 + 0.7 * draw())))
  const base = { person, at, region, kind, months, latestMonth: monthsBack(stopped) }
  if (kind === 'UNEMPLOYED') return { ...base, since: `${monthsBack(stopped - 1)}-15` }
  const since = dayWithin(draw, THIS_YEAR - 1 - below(draw, Math.ceil(months / 12)))
  return kind === 'EMPLOYED' ? { ...base, since, employer: employerOf(block) } : { ...base, since }
}

function kindOf(drawn: number): Worker['kind'] {
  if (drawn < 0.68) return 'EMPLOYED'
  if (drawn < 0.82) return 'FLEXIBLE'
  return drawn < 0.93 ? 'UNEMPLOYED' : 'NONE'
}
