import { ageOf, dayWithin } from './days.ts'
import { migrantsOf } from './migrants.ts'
import { type Block, blocksOf, type Resident } from './people.ts'
import type { Row } from './population.ts'
import { type Draw, drawsFor, pick, STREAM } from './prng.ts'
import { mayOwnVehicle, reliefOf } from './welfare.ts'

const CLASSES = ['C1', 'C1', 'C1', 'C2', 'B2', 'A2'] as const
const DRIVING_UNTIL = 75

type Driver = { readonly person: Resident; readonly at: number; readonly draw: Draw }

/** Adults alive and not too old, six in ten; the draw goes on to the licence. */
function driversOf({ no, people }: Block): Driver[] {
  return people.flatMap((person, at) => {
    const draw = drawsFor(no, at, STREAM.driving)
    const age = ageOf(person.birthDate)
    const drives = draw() < 0.6 && age >= 18 && age < DRIVING_UNTIL && !person.diedOn
    return drives ? [{ person, at, draw }] : []
  })
}

function licenceOf(no: number, { person, at, draw }: Driver): Row {
  return {
    id_no: person.idNo,
    name: person.registeredName,
    file_no: `9901${String(no * 16 + at).padStart(8, '0')}`,
    class: pick(draw, CLASSES),
    status: draw() < 0.95 ? 'VALID' : 'SUSPENDED',
    valid_to: dayWithin(draw, 2027, 8),
  }
}

/** 机动车驾驶证 (DRV-01). */
export function* drivingLicenceRows(count: number): Generator<Row> {
  for (const block of blocksOf(count))
    for (const driver of driversOf(block)) yield licenceOf(block.no, driver)
}

/** 机动车登记 (VEH-01): owners are licensed drivers, and of no household that gets relief. */
export function* vehicleRows(count: number): Generator<Row> {
  for (const block of blocksOf(count)) {
    const relief = reliefOf(block)
    for (const { person, at } of driversOf(block)) {
      const draw = drawsFor(block.no, at, STREAM.vehicle)
      if (draw() > 0.65 || !mayOwnVehicle(relief, person)) continue
      const vehicles = draw() < 0.12 ? 2 : 1
      for (let i = 0; i < vehicles; i += 1)
        yield {
          plate_no: plateOf(block.no * 32 + at * 2 + i),
          owner_id_no: person.idNo,
          owner_name: person.registeredName,
          type: pick(draw, ['SMALL_CAR', 'SMALL_CAR', 'LIGHT_TRUCK', 'MOTORCYCLE']),
          status: draw() < 0.96 ? 'NORMAL' : 'OVERDUE_INSPECTION',
          mortgaged: String(draw() < 0.2),
        }
    }
  }
}

/** 泽 is the invented province's abbreviation; five characters carry 33 million plates. */
function plateOf(serial: number): string {
  return `泽A${serial.toString(32).toUpperCase().replaceAll('O', 'Y').replaceAll('I', 'X').padStart(5, '0')}`
}

/** 居住证 (RES-01): the grown-up migrants. */
export function* residencePermitRows(count: number): Generator<Row> {
  for (const { no } of blocksOf(count))
    for (const { idNo, registeredName, isChild, region, heldSince } of migrantsOf(no)) {
      if (isChild) continue
      const lapsed = no % 9 === 4
      yield {
        id_no: idNo,
        name: registeredName,
        issue_region: region,
        status: lapsed ? 'SUSPENDED' : 'VALID',
        held_since: heldSince,
        valid_to: `${lapsed ? 2026 : 2027}${heldSince.slice(4)}`,
      }
    }
}

/** 出入境证件 (EXT-01): three in ten adults. */
export function* exitEntryRows(count: number): Generator<Row> {
  for (const { no, people } of blocksOf(count))
    for (const [at, { registeredName, birthDate, diedOn }] of people.entries()) {
      const draw = drawsFor(no, at, STREAM.document)
      if (draw() > 0.35 || diedOn) continue
      const type = ageOf(birthDate) < 18 || draw() < 0.6 ? 'PASSPORT' : 'HK_MACAO_PERMIT'
      const serial = String(no * 16 + at).padStart(8, '0')
      yield {
        doc_no: `${type === 'PASSPORT' ? 'EZ' : 'CZ'}${serial.slice(1)}`,
        doc_type: type,
        name: registeredName,
        status: draw() < 0.9 ? 'VALID' : 'LOST',
        valid_to: dayWithin(draw, 2027, 8),
      }
    }
}
