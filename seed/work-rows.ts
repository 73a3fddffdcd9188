import { certificatesOf } from './certificates.ts'
import { ageOf, dayWithin, SNAPSHOT_DAY } from './days.ts'
import { migrantsOf } from './migrants.ts'
import { type Block, blocksOf, type Resident } from './people.ts'
import type { Row } from './population.ts'
import { below, drawsFor, STREAM } from './prng.ts'
import { workersOf } from './work.ts'

const PENSION_AGE = 60

/** 社会保险参保缴费 (SOC-01): who works or worked, of age and alive. */
export function* socialInsuranceRows(count: number): Generator<Row> {
  for (const block of blocksOf(count))
    for (const { person, kind, months, latestMonth, employer } of workersOf(block))
      if (kind !== 'NONE')
        yield {
          id_no: person.idNo,
          name: person.registeredName,
          status: kind === 'UNEMPLOYED' ? 'SUSPENDED' : 'INSURED',
          months: String(months),
          latest_month: latestMonth,
          employer_uscc: employer ?? '',
        }
}

/** 就业失业登记 (EMP-01); 灵活就业 counts as employed. */
export function* employmentRows(count: number): Generator<Row> {
  for (const block of blocksOf(count))
    for (const { person, kind, since } of workersOf(block))
      if (kind !== 'NONE')
        yield {
          id_no: person.idNo,
          name: person.registeredName,
          status: kind === 'UNEMPLOYED' ? 'UNEMPLOYED' : 'EMPLOYED',
          since,
        }
}

/** 社会保险待遇领取 (SOC-02): nine in ten past 60; it ends with death. */
export function* pensionRows(count: number): Generator<Row> {
  for (const { no, people } of blocksOf(count))
    for (const [at, person] of people.entries()) {
      const draw = drawsFor(no, at, STREAM.pension)
      if (ageOf(person.birthDate) < PENSION_AGE || draw() > 0.9) continue
      yield {
        id_no: person.idNo,
        name: person.registeredName,
        status: person.diedOn ? 'ENDED' : 'RECEIVING',
        alive_confirmed_on: confirmedOn(person, draw),
      }
    }
}

/** In the year before the snapshot, or before the death. */
function confirmedOn({ diedOn }: Resident, draw: () => number): string {
  return dayWithin(draw, Number((diedOn ?? SNAPSHOT_DAY).slice(0, 4)) - 1)
}

/** 基本医疗保险参保 (MED-01): nearly everybody alive; 职工 by work, 居民 all others. */
export function* medicalRows(count: number): Generator<Row> {
  for (const block of blocksOf(count)) {
    const kinds = new Map(workersOf(block).map(({ person, kind }) => [person.idNo, kind]))
    const residents = block.people.filter(({ diedOn }) => !diedOn)
    const insured = [
      ...residents.map((person) => ({ person, region: person.household.region })),
      ...migrantsOf(block.no).map((person) => ({ person, region: person.region })),
    ]
    for (const [at, { person, region }] of insured.entries()) {
      if (drawsFor(block.no, at, STREAM.medical)() > 0.95) continue
      const kind = kinds.get(person.idNo)
      yield {
        id_no: person.idNo,
        name: person.registeredName,
        type: kind === 'EMPLOYED' || kind === 'FLEXIBLE' ? 'EMPLOYEE' : 'RESIDENT',
        status: kind === 'UNEMPLOYED' ? 'SUSPENDED' : 'INSURED',
        region,
      }
    }
  }
}

/** 住房公积金缴存 (HPF-01): seven in ten of the employed; a loan only on a mortgaged home of one's own. */
export function* housingFundRows(count: number): Generator<Row> {
  for (const block of blocksOf(count))
    for (const { person, at, kind, months, latestMonth } of workersOf(block)) {
      const draw = drawsFor(block.no, at, STREAM.housingFund)
      if (draw() > 0.75 || (kind !== 'EMPLOYED' && kind !== 'UNEMPLOYED')) continue
      const borrowed = draw() < 0.6
      yield {
        id_no: person.idNo,
        name: person.registeredName,
        status: kind === 'EMPLOYED' ? 'ACTIVE' : 'SEALED',
        months: String(Math.max(1, months - below(draw, Math.ceil(months / 2)))),
        latest_month: latestMonth,
        loan_outstanding: String(borrowed && ownsMortgaged(block, person.idNo)),
      }
    }
}

function ownsMortgaged(block: Block, idNo: string): boolean {
  return certificatesOf(block).some(({ owner, mortgaged }) => mortgaged && owner.idNo === idNo)
}
