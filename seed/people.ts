import { citizenIdCheck } from '../src/contract/identifiers.ts'
import { dayAt, dayNumber } from './days.ts'
import { drawDeath } from './deaths.ts'
import { namesOf } from './names.ts'
import { below, type Draw, drawsFrom, pick, STREAM } from './prng.ts'

/**
 * The invented people of 云汀市. Residents come in blocks of ten, made of four households; a block is
 * a pure function of its number, so any resident can be had without the ones before.
 */
export const BLOCK = 10

/** 4,001 is prime: within a position, every block up to 50 × 4,001 gets its own (birthday, order). */
const BIRTHDAYS = 4001
const ORDER_GROUPS = 50
/** So that block 0 does not fall on the first day of every window. */
const FIRST_ROUND = 37

/** In days, rounded up: 22 is the age of marriage for men (民法典 art. 1047). */
const AGED_22 = 8036
const AGED_34 = 12_419
export const RESIDENTS_MAX = BIRTHDAYS * ORDER_GROUPS * BLOCK

export const DISTRICTS = ['990102', '990103', '990104', '990121'] as const

type Relation = 'HEAD' | 'SPOUSE' | 'SON' | 'DAUGHTER'
type Marriage = {
  readonly status: 'REGISTERED' | 'DISSOLVED'
  /** Absent once dissolved: the register names no spouse then. */
  readonly spouseIdNo?: string
  readonly regDate: string
}

export type Resident = {
  readonly idNo: string
  /** As the person writes it. */
  readonly name: string
  /** As the registers hold it: a private-use character where they could not type the real one. */
  readonly registeredName: string
  readonly sex: 'M' | 'F'
  readonly birthDate: string
  readonly household: Household
  readonly relation: Relation
  readonly cardStatus: 'VALID' | 'EXPIRED' | 'LOST' | 'CANCELLED'
  readonly marriage?: Marriage
  /** ISO date; only of the old couples, one of whom may be gone. */
  readonly diedOn?: string
}

/** Ten neighbours; a person's place in it decides the part in the invented city. */
export type Block = { readonly no: number; readonly people: readonly Resident[] }

type Household = {
  readonly no: string
  readonly region: string
  readonly address: string
  readonly status: 'ACTIVE' | 'MOVED' | 'CANCELLED'
  readonly headIdNo: string
}

type Position = {
  readonly household: 0 | 1 | 2 | 3
  /** 'B': alternates with the block, 'D': drawn (children). */
  readonly sex: 'M' | 'F' | 'B' | 'D'
  /** The first day of the window of 4,001 birthdays. */
  readonly bornFrom: number
  readonly step: number
  readonly spouse?: number
}

const POSITIONS: readonly Position[] = [
  { household: 0, sex: 'M', bornFrom: dayNumber('1978-01-01'), step: 1009, spouse: 1 },
  { household: 0, sex: 'F', bornFrom: dayNumber('1978-06-01'), step: 1201, spouse: 0 },
  { household: 0, sex: 'D', bornFrom: dayNumber('2014-01-01'), step: 773 },
  { household: 1, sex: 'F', bornFrom: dayNumber('1972-01-01'), step: 1447, spouse: 4 },
  { household: 1, sex: 'M', bornFrom: dayNumber('1972-01-01'), step: 911, spouse: 3 },
  { household: 1, sex: 'D', bornFrom: dayNumber('2008-01-01'), step: 617 },
  { household: 1, sex: 'D', bornFrom: dayNumber('2014-01-01'), step: 1723 },
  { household: 2, sex: 'B', bornFrom: dayNumber('1978-01-01'), step: 1289 },
  { household: 3, sex: 'M', bornFrom: dayNumber('1946-01-01'), step: 1543, spouse: 9 },
  { household: 3, sex: 'F', bornFrom: dayNumber('1947-01-01'), step: 829, spouse: 8 },
]
const HEADS = [0, 3, 7, 8] as const
const SINGLE = 7
const OLD_COUPLE = [8, 9] as const

const STREETS = [
  '鹭埠路',
  '汀南大道',
  '听澜巷',
  '槐市街',
  '北浦路',
  '澄湖西路',
  '望舒桥路',
  '青石弄',
]
const DISTRICT_NAMES: Readonly<Record<string, string>> = {
  '990102': '汀南区',
  '990103': '云浦区',
  '990104': '鹤洲区',
  '990121': '松屿县',
}

/** The resident of that number, from 0. @throws RangeError beyond RESIDENTS_MAX. */
export function residentAt(index: number): Resident {
  const resident = residentBlock(Math.floor(index / BLOCK))[index % BLOCK]
  if (resident === undefined) throw new RangeError(`resident ${index}: not a whole number`)
  return resident
}

/** The k-th resident with a marriage in force: six in each block. */
export function marriedResidentAt(k: number): Resident {
  const position = [0, 1, 3, 4, 8, 9][k % 6] ?? 0
  return residentAt(Math.floor(k / 6) * BLOCK + position)
}

/** The blocks of the first `count` residents, the last one cut off there. */
export function* blocksOf(count: number): Generator<Block> {
  for (let no = 0; no * BLOCK < count; no += 1)
    yield { no, people: residentBlock(no).slice(0, count - no * BLOCK) }
}

/** The first `count` residents, in order; what is passed is not kept. */
export function* residents(count: number): Generator<Resident> {
  for (const { people } of blocksOf(count)) yield* people
}

/** Ten residents: two couples with children, a single, an old couple. */
export function residentBlock(block: number): readonly Resident[] {
  if (!(block >= 0 && block < BIRTHDAYS * ORDER_GROUPS)) throw new RangeError(`block ${block}`)
  const draw = drawsFrom(block, STREAM.people)
  const sexes = POSITIONS.map((position) => sexOf(position, block, draw))
  const named = POSITIONS.map(({ household, spouse }, at) => ({
    household,
    isWife: spouse !== undefined && sexes[at] === 'F',
  }))
  const names = namesOf(block, named, SINGLE, draw)
  const households = drawHouseholds(block)
  const births = POSITIONS.map(
    ({ bornFrom, step }) => bornFrom + (((block + FIRST_ROUND) * step) % BIRTHDAYS),
  )
  const ids = POSITIONS.map((position, at) => {
    const child = position.sex === 'D'
    const region = child ? households[position.household]?.region : pick(draw, DISTRICTS)
    return idOf(region ?? '', births[at] ?? 0, block, at, sexes[at] ?? 'M')
  })
  const marriages = marriagesOf(block, ids, births)
  const death = drawDeath(block, OLD_COUPLE)
  return POSITIONS.map((position, at): Resident => {
    const head = headOf(position, at, death?.at)
    const diedOn = death?.at === at ? death.on : undefined
    const household = {
      ...households[position.household],
      ...(diedOn && { status: 'CANCELLED' }),
      headIdNo: ids[head],
    } as Household
    const [name = '', registeredName = name] = names[at] ?? []
    const sex = sexes[at] ?? 'M'
    const marriage = marriages[at]
    return {
      idNo: ids[at] ?? '',
      name,
      registeredName,
      sex,
      birthDate: dayAt(births[at] ?? 0).iso,
      household,
      relation: relationOf(at, head, position, sex),
      cardStatus: cardStatusOf(draw(), diedOn),
      ...(marriage && { marriage }),
      ...(diedOn && { diedOn }),
    }
  })
}

function sexOf(position: Position, block: number, draw: Draw): 'M' | 'F' {
  const drawn = draw() < 0.5
  if (position.sex === 'D') return drawn ? 'M' : 'F'
  if (position.sex === 'B') return block % 2 === 0 ? 'M' : 'F'
  return position.sex
}

function relationOf(at: number, head: number, position: Position, sex: 'M' | 'F'): Relation {
  if (at === head) return 'HEAD'
  if (position.spouse !== undefined) return 'SPOUSE'
  return sex === 'M' ? 'SON' : 'DAUGHTER'
}

/** A widow or widower heads the household from then on; the dead keep the page that was closed. */
function headOf({ household }: Position, at: number, dead: number | undefined): number {
  const head = HEADS[household] ?? 0
  return head === dead ? at : head
}

function cardStatusOf(drawn: number, diedOn: string | undefined): Resident['cardStatus'] {
  if (diedOn) return 'CANCELLED'
  if (drawn < 0.94) return 'VALID'
  return drawn < 0.985 ? 'EXPIRED' : 'LOST'
}

/** The order code is odd for men (GB 11643) and distinct for each position and round of birthdays. */
export function idOf(
  region: string,
  born: number,
  block: number,
  at: number,
  sex: 'M' | 'F',
): string {
  const order = (Math.floor(block / BIRTHDAYS) * BLOCK + at) * 2 + (sex === 'M' ? 1 : 0)
  const first17 = region + dayAt(born).digits + String(1000 + order).slice(1)
  return first17 + citizenIdCheck(first17)
}

function drawHouseholds(block: number): Omit<Household, 'headIdNo'>[] {
  const draw = drawsFrom(block, STREAM.household)
  return HEADS.map((_, household) => {
    const region = pick(draw, DISTRICTS)
    const place = `${pick(draw, STREETS)}${1 + below(draw, 399)}号${1 + below(draw, 12)}栋${101 + below(draw, 24) * 100 + below(draw, 4)}室`
    return {
      no: `${region}${String(block * HEADS.length + household).padStart(8, '0')}`,
      region,
      address: `云汀市${DISTRICT_NAMES[region] ?? ''}${place}`,
      status: draw() < 0.97 ? 'ACTIVE' : 'MOVED',
    }
  })
}

/** Couples register after the younger turns 22 and before their children are born; a third of singles once were married. */
function marriagesOf(
  block: number,
  ids: readonly string[],
  births: readonly number[],
): (Marriage | undefined)[] {
  const draw = drawsFrom(block, STREAM.marriage)
  const offsets = HEADS.map(() => below(draw, 1000))
  const divorced = draw() < 0.34
  return POSITIONS.map(({ spouse, household }, at): Marriage | undefined => {
    const own = births[at] ?? 0
    const offset = offsets[household] ?? 0
    if (spouse !== undefined) {
      const later = Math.max(own, births[spouse] ?? 0)
      const spouseIdNo = ids[spouse] ?? ''
      return { status: 'REGISTERED', spouseIdNo, regDate: dayAt(later + AGED_22 + offset).iso }
    }
    if (at !== SINGLE || !divorced) return undefined
    return { status: 'DISSOLVED', regDate: dayAt(own + AGED_34 + offset).iso }
  })
}
