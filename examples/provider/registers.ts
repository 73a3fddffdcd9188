import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import {
  compareNames,
  type ItemSource,
  type ProviderAnswer,
  type ProviderQuestion,
  undetermined,
} from '../../src/provider/index.ts'

type Row = Readonly<Record<string, string>>
type Values = Readonly<Record<string, unknown>>

/** An agency's register, as far as this example needs one: a CSV file, by one column. */
type Register = { readonly rowsOf: (key: unknown) => readonly Row[]; readonly version: string }

function openRegister(file: string, column: string): Register {
  const text = readFileSync(new URL(`../../seed/registers/${file}`, import.meta.url), 'utf8')
  const rows: Row[] = parse(text, { columns: true, bom: true })
  const byKey = Map.groupBy(rows, (row) => row[column])
  return { rowsOf: (key) => byKey.get(String(key)) ?? [], version: `${file}@${rows.length}` }
}

/** A record is a person's when number and name agree; a name that cannot be compared cannot be told. */
function ownRows(rows: readonly Row[], column: string, name: unknown): readonly Row[] | undefined {
  const compared = rows.map((row) => compareNames(String(name), row[column] ?? ''))
  if (compared.includes('UNDETERMINED')) return undefined
  return rows.filter((_, i) => compared[i] === 'MATCH')
}

function answerFrom(
  rows: readonly Row[] | undefined,
  valuesOf: (rows: readonly Row[]) => Values,
): ProviderAnswer {
  if (!rows) return { outcome: 'UNDETERMINED' }
  if (rows.length === 0) return { outcome: 'NO_RECORD' }
  return { outcome: 'ANSWERED', values: valuesOf(rows) }
}

/** Of several records that differ, one value cannot be told. */
function single(rows: readonly Row[], column: string): unknown {
  const values = new Set(rows.map((row) => row[column]))
  return values.size > 1 ? undetermined : rows[0]?.[column] || undefined
}

function byPerson(register: Register, valuesOf: (rows: readonly Row[]) => Values) {
  return async ({ subject }: ProviderQuestion) =>
    answerFrom(ownRows(register.rowsOf(subject.idNo), 'name', subject.name), valuesOf)
}

const insurance = openRegister('social-insurance.csv', 'id_no')
const employment = openRegister('employment.csv', 'id_no')
const byOwner = openRegister('vehicle.csv', 'owner_id_no')
const byPlate = openRegister('vehicle.csv', 'plate_no')

/** 社会保险参保缴费查询 SOC-01. */
export const socialInsurance: ItemSource = {
  register: 'social-insurance',
  version: () => insurance.version,
  answer: byPerson(insurance, ([row]) => ({
    status: row?.status,
    months: row?.months ? Number(row.months) : undefined,
    latestMonth: row?.latest_month || undefined,
    employer: row?.employer_uscc || undefined,
  })),
}

/** 就业失业登记核验 EMP-01. */
export const employmentRegistration: ItemSource = {
  register: 'employment',
  version: () => employment.version,
  answer: byPerson(employment, ([row]) => ({
    status: row?.status,
    since: row?.since || undefined,
  })),
}

/** 机动车登记信息核验 VEH-01, by owner or by plate. */
export const vehicles: ItemSource = {
  register: 'vehicle',
  version: () => byOwner.version,
  answer: async ({ subject }) =>
    answerFrom(
      subject.plateNo === undefined
        ? ownRows(byOwner.rowsOf(subject.idNo), 'owner_name', subject.name)
        : byPlate.rowsOf(subject.plateNo),
      (rows) => ({
        count: rows.length,
        mortgaged: rows.some((row) => row.mortgaged === 'true'),
        status: single(rows, 'status'),
        type: single(rows, 'type'),
      }),
    ),
}
