import { dayAt, dayNumber, dayWithin } from './days.ts'
import { drawName } from './names.ts'
import { DISTRICTS, idOf } from './people.ts'
import { drawsFrom, pick, STREAM } from './prng.ts'

/** 遥川市, the invented city that they come from. */
const HOME_DISTRICTS = ['990202', '990203', '990221'] as const
const BIRTHDAYS = 4001
const ADULTS_FROM = dayNumber('1985-01-01')
const CHILDREN_FROM = dayNumber('2014-06-01')

/** Somebody registered elsewhere who lives and works in 云汀市 (随迁), with the permit for it. */
export type Migrant = {
  readonly idNo: string
  readonly name: string
  readonly registeredName: string
  readonly sex: 'M' | 'F'
  readonly birthDate: string
  readonly isChild: boolean
  /** The district that they live in. */
  readonly region: string
  /** ISO date of the first permit. */
  readonly heldSince: string
}

/** One adult beside each block of residents, with a child in every second. */
export function migrantsOf(block: number): readonly Migrant[] {
  const draw = drawsFrom(block, STREAM.migrant)
  const region = pick(draw, DISTRICTS)
  const heldSince = dayWithin(draw, 2018, 8)
  const one = (isChild: boolean): Migrant => {
    const from = isChild ? CHILDREN_FROM : ADULTS_FROM
    const born = from + ((block * 1511 + 97) % BIRTHDAYS)
    const sex = draw() < 0.5 ? 'M' : 'F'
    const name = drawName(draw)
    const idNo = idOf(pick(draw, HOME_DISTRICTS), born, block, Number(isChild), sex)
    return {
      idNo,
      name,
      registeredName: name,
      sex,
      birthDate: dayAt(born).iso,
      isChild,
      region,
      heldSince,
    }
  }
  return block % 2 === 0 ? [one(false), one(true)] : [one(false)]
}
