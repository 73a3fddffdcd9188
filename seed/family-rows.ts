import { dayAt, dayNumber } from './days.ts'
import { type Block, blocksOf, type Resident } from './people.ts'
import type { Row } from './population.ts'
import { below, drawsFor, drawsFrom, pick, STREAM } from './prng.ts'

/** Father, mother and children of the two families of a block. */
const FAMILIES = [
  { father: 0, mother: 1, children: [2] },
  { father: 4, mother: 3, children: [5, 6] },
] as const
/** The child that is adopted, in every eighth block. */
const ADOPTEE = 6
const ADOPTED_IN = 8
const ADOPTED_WITHIN_DAYS = 400

type Family = {
  readonly father: Resident
  readonly mother: Resident
  readonly children: readonly Resident[]
}

function familiesOf({ people }: Block): Family[] {
  return FAMILIES.flatMap(({ father, mother, children }) => {
    const [him, her] = [people[father], people[mother]]
    if (!him || !her) return []
    return [{ father: him, mother: her, children: children.flatMap((at) => people[at] ?? []) }]
  })
}

function adopteeOf({ no, people }: Block): Resident | undefined {
  return no % ADOPTED_IN === ADOPTED_IN - 1 ? people[ADOPTEE] : undefined
}

/** 同户亲属关系 (HK-02): what the second person is to the first; the dead are no longer in the household. */
export function* kinshipRows(count: number): Generator<Row> {
  for (const { people } of blocksOf(count)) {
    const living = people.filter(({ diedOn }) => !diedOn)
    for (const person of living)
      for (const relative of living)
        if (person !== relative && person.household.no === relative.household.no)
          yield {
            id_no: person.idNo,
            relative_id_no: relative.idNo,
            relation: relationOf(person, relative),
          }
  }
}

function relationOf(person: Resident, relative: Resident): string {
  const isChild = ({ relation }: Resident) => relation === 'SON' || relation === 'DAUGHTER'
  if (isChild(relative)) return isChild(person) ? 'SIBLING' : 'CHILD'
  return isChild(person) ? 'PARENT' : 'SPOUSE'
}

/** 出生医学证明 (BIR-01): children born to their parents here. */
export function* birthRows(count: number): Generator<Row> {
  for (const block of blocksOf(count)) {
    const adopted = adopteeOf(block)
    for (const { father, mother, children } of familiesOf(block))
      for (const child of children)
        if (child !== adopted)
          yield {
            cert_no: `Z99${String(block.no * 10 + block.people.indexOf(child)).padStart(7, '0')}`,
            child_id_no: child.idNo,
            mother_id_no: mother.idNo,
            father_id_no: father.idNo,
            birth_date: child.birthDate,
            sex: child.sex === 'M' ? '1' : '2',
          }
  }
}

/** 收养登记 (ADO-01): one row for each adopter. */
export function* adoptionRows(count: number): Generator<Row> {
  for (const block of blocksOf(count)) {
    const child = adopteeOf(block)
    const draw = drawsFrom(block.no, STREAM.adoption)
    const family = familiesOf(block).find(({ children }) => child && children.includes(child))
    if (!child || !family) continue
    const regDate = dayAt(dayNumber(child.birthDate) + 90 + below(draw, ADOPTED_WITHIN_DAYS)).iso
    const status = draw() < 0.85 ? 'VALID' : 'DISSOLVED'
    for (const adopter of [family.father, family.mother])
      yield {
        reg_no: `泽云收字第${String(block.no).padStart(6, '0')}号`,
        adopter_id_no: adopter.idNo,
        adoptee_id_no: child.idNo,
        status,
        reg_date: regDate,
      }
  }
}

/** 死亡信息 (DEA-01). */
export function* deathRows(count: number): Generator<Row> {
  for (const { people } of blocksOf(count))
    for (const { idNo, registeredName, diedOn } of people)
      if (diedOn) yield { id_no: idNo, name: registeredName, death_date: diedOn }
}

/** 遗体火化 (CRE-01): within a week of the death; a few were not cremated. */
export function* cremationRows(count: number): Generator<Row> {
  for (const { no, people } of blocksOf(count))
    for (const [at, { idNo, registeredName, diedOn }] of people.entries()) {
      const draw = drawsFor(no, at, STREAM.cremation)
      if (!diedOn || draw() > 0.85) continue
      yield {
        id_no: idNo,
        name: registeredName,
        cremated_on: dayAt(dayNumber(diedOn) + 2 + below(draw, 5)).iso,
        facility: pick(draw, ['云汀市殡仪馆', '松屿县殡仪馆']),
      }
    }
}

/** 民族成份 (ETH-01), as GB/T 3304 codes; children bear their father's. */
export function* ethnicityRows(count: number): Generator<Row> {
  for (const { no, people } of blocksOf(count)) {
    const minority = pick(drawsFrom(no, STREAM.ethnicity), ['03', '06', '08', '11', '15'])
    for (const [at, { idNo, registeredName }] of people.entries()) {
      const holder = at === 2 ? people[0] : at === 5 || at === 6 ? people[4] : people[at]
      const name = holder?.name ?? ''
      const isMinority = drawsFor(no, Number(holder && people.indexOf(holder)), STREAM.ethnicity)
      const drawn = isMinority() < 0.06 ? minority : '01'
      const ethnicity = name.includes('·') ? ethnicityOfName(name) : drawn
      yield { id_no: idNo, name: registeredName, ethnicity }
    }
  }
}

/** 维吾尔 05, 蒙古 02, 藏 04. */
function ethnicityOfName(name: string): string {
  if (name.startsWith('巴图尔')) return '02'
  return /^[扎卓]/u.test(name) ? '04' : '05'
}
