import { ageOf, dayWithin } from './days.ts'
import { blocksOf } from './people.ts'
import type { Row } from './population.ts'
import { below, drawsFor, pick, STREAM } from './prng.ts'
import { reliefOf } from './welfare.ts'
import { workersOf } from './work.ts'

const DISABILITIES = [
  'VISUAL',
  'HEARING',
  'SPEECH',
  'PHYSICAL',
  'INTELLECTUAL',
  'MENTAL',
  'MULTIPLE',
]

/** 社会救助对象 (LOW-01): every living member of a household that gets relief. */
export function* lowIncomeRows(count: number): Generator<Row> {
  for (const block of blocksOf(count)) {
    const relief = reliefOf(block)
    for (const { idNo, registeredName, household, diedOn } of block.people) {
      const granted = relief.get(household.no)
      if (!granted || diedOn) continue
      const { category, since, validTo } = granted
      yield { id_no: idNo, name: registeredName, category, since, valid_to: validTo }
    }
  }
}

/** 残疾人证 (DIS-01). */
export function* disabilityRows(count: number): Generator<Row> {
  for (const { no, people } of blocksOf(count))
    for (const [at, { idNo, registeredName, diedOn }] of people.entries()) {
      const draw = drawsFor(no, at, STREAM.disability)
      if (diedOn || draw() > 0.07) continue
      yield {
        id_no: idNo,
        name: registeredName,
        category: pick(draw, DISABILITIES),
        level: String(1 + below(draw, 4)),
        status: draw() < 0.93 ? 'VALID' : 'CANCELLED',
        valid_to: dayWithin(draw, 2028, 8),
      }
    }
}

/** 退役军人 (VET-01): men who are long of age. */
export function* veteranRows(count: number): Generator<Row> {
  for (const { no, people } of blocksOf(count))
    for (const [at, { idNo, registeredName, sex, birthDate, diedOn }] of people.entries()) {
      const draw = drawsFor(no, at, STREAM.veteran)
      if (diedOn || sex !== 'M' || ageOf(birthDate) < 30 || draw() > 0.15) continue
      yield {
        id_no: idNo,
        name: registeredName,
        category: pick(draw, ['RETIRED_SOLDIER', 'RETIRED_SERGEANT', 'DEMOBILISED_OFFICER']),
        card_status: draw() < 0.85 ? 'VALID' : 'LOST',
      }
    }
}

/** 老年人口 (ELD-01): everybody past 60, with the preference card of those who applied. */
export function* seniorRows(count: number): Generator<Row> {
  for (const { no, people } of blocksOf(count))
    for (const [at, { idNo, registeredName, birthDate, diedOn }] of people.entries()) {
      if (diedOn || ageOf(birthDate) < 60) continue
      const drawn = drawsFor(no, at, STREAM.senior)()
      yield {
        id_no: idNo,
        name: registeredName,
        birth_date: birthDate,
        card_status: drawn < 0.7 ? 'VALID' : drawn < 0.76 ? 'LOST' : '',
      }
    }
}

/** 从业人员健康证明 (HC-01): half of those who work for themselves, in kitchens and stalls. */
export function* healthCertificateRows(count: number): Generator<Row> {
  for (const block of blocksOf(count))
    for (const { person, at, kind } of workersOf(block)) {
      const draw = drawsFor(block.no, at, STREAM.health)
      if (kind !== 'FLEXIBLE' || draw() > 0.6) continue
      const validTo = dayWithin(draw, 2026, 2)
      yield {
        id_no: person.idNo,
        name: person.registeredName,
        status: draw() < 0.95 ? 'VALID' : 'REVOKED',
        valid_to: validTo,
      }
    }
}
