import { ageOf, SNAPSHOT_DAY } from './days.ts'
import { migrantsOf } from './migrants.ts'
import { type Block, blocksOf } from './people.ts'
import type { Row } from './population.ts'
import { below, drawsFor, pick, STREAM } from './prng.ts'
import { type Person, workersOf } from './work.ts'

const UNIVERSITIES = ['云汀大学', '泽原师范大学', '遥川医科大学']
const COLLEGES = ['松屿职业技术学院', '云汀工程职业学院']
const DISCIPLINES = ['LAW', 'MEDICINE', 'ENGINEERING', 'MANAGEMENT', 'SCIENCE', 'ECONOMICS']
const SCHOOL_YEAR = Number(SNAPSHOT_DAY.slice(0, 4))
const SCHOOL_AGE = 6

export type Degree = {
  readonly level: 'JUNIOR_COLLEGE' | 'BACHELOR' | 'MASTER'
  readonly institution: string
  readonly graduated: string
  readonly certNo: string
  readonly discipline: string
}

type Graduate = { readonly person: Person; readonly at: number; readonly degrees: Degree[] }

/** Half of those of working age studied; whoever has a master's degree has a bachelor's too. */
export function graduatesOf(block: Block): Graduate[] {
  return workersOf(block).map(({ person, at }) => {
    const draw = drawsFor(block.no, at, STREAM.qualification)
    const drawn = draw()
    const discipline = pick(draw, DISCIPLINES)
    const born = Number(person.birthDate.slice(0, 4))
    const one = (level: Degree['level'], age: number): Degree => ({
      level,
      institution: pick(draw, level === 'JUNIOR_COLLEGE' ? COLLEGES : UNIVERSITIES),
      graduated: `${born + age}-06`,
      certNo: `1${String(99000 + below(draw, 99)).padStart(5, '0')}${born + age}${levelDigits(level)}${String(block.no * 16 + at).padStart(6, '0')}`,
      discipline,
    })
    if (drawn < 0.2) return { person, at, degrees: [one('JUNIOR_COLLEGE', 21)] }
    if (drawn < 0.5) return { person, at, degrees: [one('BACHELOR', 22)] }
    if (drawn < 0.56) return { person, at, degrees: [one('BACHELOR', 22), one('MASTER', 25)] }
    return { person, at, degrees: [] }
  })
}

function levelDigits(level: Degree['level']): string {
  return level === 'JUNIOR_COLLEGE' ? '06' : level === 'BACHELOR' ? '05' : '02'
}

/** 高等教育学历 (EDU-01). */
export function* qualificationRows(count: number): Generator<Row> {
  for (const block of blocksOf(count))
    for (const { person, degrees } of graduatesOf(block))
      for (const { certNo, level, institution, graduated } of degrees)
        yield {
          id_no: person.idNo,
          name: person.registeredName,
          cert_no: certNo,
          level,
          institution,
          graduated,
        }
}

/** 学位 (EDU-02): bachelors and masters, the certificate's number of its own. */
export function* degreeRows(count: number): Generator<Row> {
  for (const block of blocksOf(count))
    for (const { person, degrees } of graduatesOf(block))
      for (const { certNo, level, discipline, graduated } of degrees)
        if (level !== 'JUNIOR_COLLEGE')
          yield {
            id_no: person.idNo,
            name: person.registeredName,
            cert_no: `${certNo.slice(0, 10)}4${certNo.slice(13, 18)}`,
            degree: level,
            discipline,
            conferred: graduated,
          }
}

/** 在校学籍 (STU-01): whoever was 6 to 18 when the school year began, migrants' children too. */
export function* enrolmentRows(count: number): Generator<Row> {
  for (const { no, people } of blocksOf(count)) {
    const young = [...people, ...migrantsOf(no).filter(({ isChild }) => isChild)]
    for (const [at, { idNo, registeredName, birthDate }] of young.entries()) {
      const draw = drawsFor(no, at, STREAM.enrolment)
      const place = placeAt(ageAtEntry(birthDate))
      if (!place) continue
      yield {
        id_no: idNo,
        name: registeredName,
        status: draw() < 0.97 ? 'ENROLLED' : 'SUSPENDED',
        school: pick(draw, place.schools),
        stage: place.stage,
        grade: String(place.grade),
      }
    }
  }
}

function ageAtEntry(birthDate: string): number {
  return SCHOOL_YEAR - Number(birthDate.slice(0, 4)) - Number(birthDate.slice(5) >= '09-01')
}

function placeAt(age: number) {
  const year = age - SCHOOL_AGE
  if (year < 0 || year > 12) return undefined
  if (year < 6)
    return { stage: 'PRIMARY', grade: year + 1, schools: ['鹭埠小学', '槐市实验小学', '松屿小学'] }
  if (year < 9)
    return { stage: 'JUNIOR_SECONDARY', grade: year - 5, schools: ['云汀第一中学', '鹤洲中学'] }
  if (year < 12) return { stage: 'SENIOR_SECONDARY', grade: year - 8, schools: ['云汀第一中学'] }
  return { stage: 'HIGHER', grade: 1, schools: [...UNIVERSITIES, ...COLLEGES] }
}

/** 预防接种 (VAC-01): the children under 14. */
export function* vaccinationRows(count: number): Generator<Row> {
  for (const { no, people } of blocksOf(count))
    for (const [at, { idNo, registeredName, birthDate }] of people.entries())
      if (ageOf(birthDate) < 14)
        yield {
          id_no: idNo,
          name: registeredName,
          complete: String(drawsFor(no, at, STREAM.vaccination)() < 0.92),
        }
}
