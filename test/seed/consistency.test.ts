import { describe, expect, it } from 'vitest'
import { ageOf, SNAPSHOT_DAY } from '../../seed/days.ts'
import { blocksOf } from '../../seed/people.ts'
import { REGISTER_ROWS } from '../../seed/registers.ts'
import { registers, rowsOf } from './seed.ts'

type Row = Readonly<Record<string, string>>

const held = new Map<string, readonly Row[]>(
  registers.map((register) => [register.id, rowsOf(register) as Row[]]),
)

function rows(id: string): readonly Row[] {
  const found = held.get(id)
  if (!found) throw new Error(`no register ${id}`)
  return found
}

const idsOf = (id: string, column = 'id_no') => new Set(rows(id).map((row) => row[column]))
const bornOn = (idNo = '') => `${idNo.slice(6, 10)}-${idNo.slice(10, 12)}-${idNo.slice(12, 14)}`
const ageOfId = (idNo = '') => ageOf(bornOn(idNo))

const people = idsOf('resident')
const dead = idsOf('death')
const diedOn = new Map(rows('death').map((row) => [row.id_no, row.death_date ?? '']))
const households = new Map(rows('household').map((row) => [row.id_no, row]))

/** Registers whose rows are about the living only. */
const OF_THE_LIVING = [
  ...['social-insurance', 'employment', 'medical-insurance', 'housing-fund', 'enrolment'],
  ...['vaccination', 'disability', 'low-income', 'veteran', 'senior', 'driving-licence'],
  ...['health-certificate', 'physician', 'residence-permit'],
]

describe('the registers are of one city', () => {
  it.each(registers.filter(({ row }) => 'id_no' in ((row.properties ?? {}) as object)))(
    '$id names only people that the police know, by the name they know',
    ({ id }) => {
      const names = new Map(rows('resident').map((row) => [row.id_no, row.name]))
      for (const row of rows(id)) {
        expect(people).toContain(row.id_no)
        if (row.name !== undefined) expect(row.name).toBe(names.get(row.id_no))
      }
    },
  )

  it.each(OF_THE_LIVING)('%s holds nobody who is dead', (id) => {
    for (const idNo of idsOf(id)) expect(dead).not.toContain(idNo)
  })

  it('the dead have a cancelled page and card, and nobody else', () => {
    expect(dead.size).toBeGreaterThan(5)
    for (const row of rows('household'))
      expect(row.status === 'CANCELLED').toBe(dead.has(row.id_no))
    for (const row of rows('resident'))
      expect(row.card_status === 'CANCELLED').toBe(dead.has(row.id_no))
    for (const { id_no: idNo, death_date: on = '' } of rows('death')) {
      expect(on > bornOn(idNo) && on <= SNAPSHOT_DAY).toBe(true)
      const heads = rows('household').filter((row) => row.head_id_no === idNo)
      for (const row of heads) expect(row.id_no).toBe(idNo)
    }
    for (const { id_no: idNo, cremated_on: on = '' } of rows('cremation'))
      expect(on > (diedOn.get(idNo) ?? '9')).toBe(true)
  })

  it('each living household has one head, who is alive', () => {
    const living = rows('household').filter((row) => row.status !== 'CANCELLED')
    for (const [, members] of Map.groupBy(living, (row) => row.household_no)) {
      const heads = members.filter((row) => row.householder === 'true')
      expect(heads).toHaveLength(1)
      for (const row of members) expect(row.head_id_no).toBe(heads[0]?.id_no)
    }
  })

  it('kin live in one household and see each other the same way', () => {
    const mirrored = { SPOUSE: 'SPOUSE', SIBLING: 'SIBLING', CHILD: 'PARENT', PARENT: 'CHILD' }
    const known = new Map(rows('kinship').map((row) => [`${row.id_no} ${row.relative_id_no}`, row]))
    for (const { id_no: a = '', relative_id_no: b = '', relation } of rows('kinship')) {
      expect(households.get(a)?.household_no).toBe(households.get(b)?.household_no)
      expect(known.get(`${b} ${a}`)?.relation).toBe(mirrored[relation as keyof typeof mirrored])
      if (relation === 'PARENT') expect(ageOfId(b) - ageOfId(a)).toBeGreaterThan(17)
    }
    const spouses = new Map(rows('marriage').map((row) => [row.id_no, row.spouse_id_no]))
    for (const { id_no: a, relative_id_no: b, relation } of rows('kinship'))
      if (relation === 'SPOUSE') expect(spouses.get(a)).toBe(b)
  })

  it('parents are older than their children, by birth and by adoption', () => {
    const adopted = idsOf('adoption', 'adoptee_id_no')
    for (const row of rows('birth')) {
      const { child_id_no: child = '', mother_id_no: mother = '', father_id_no: father } = row
      for (const parent of [mother, father])
        expect(ageOfId(parent) - ageOfId(child)).toBeGreaterThan(17)
      expect(row.birth_date).toBe(bornOn(child))
      expect(Number(child.charAt(16)) % 2).toBe(row.sex === '1' ? 1 : 0)
      expect(adopted).not.toContain(child)
    }
    for (const row of rows('adoption')) {
      expect(ageOfId(row.adopter_id_no)).toBeGreaterThan(ageOfId(row.adoptee_id_no) + 17)
      expect((row.reg_date ?? '') > bornOn(row.adoptee_id_no)).toBe(true)
    }
  })
})

describe('people live plausible lives', () => {
  it('who pays social insurance is of age, and no longer than since coming of age', () => {
    for (const { id_no: idNo, months, latest_month: latest = '' } of rows('social-insurance')) {
      const age = ageOfId(idNo)
      expect(age).toBeGreaterThan(17)
      expect(age).toBeLessThan(60)
      expect(Number(months)).toBeLessThanOrEqual((age - 18) * 12)
      expect(latest <= SNAPSHOT_DAY.slice(0, 7)).toBe(true)
    }
  })

  it('work, insurance and housing fund agree', () => {
    const insured = new Map(rows('social-insurance').map((row) => [row.id_no, row]))
    const enterprises = new Map(rows('enterprise').map((row) => [row.uscc, row.status]))
    expect(idsOf('employment')).toEqual(idsOf('social-insurance'))
    for (const { id_no: idNo, status, since = '' } of rows('employment')) {
      const row = insured.get(idNo)
      expect(row?.status).toBe(status === 'EMPLOYED' ? 'INSURED' : 'SUSPENDED')
      expect(since <= SNAPSHOT_DAY).toBe(true)
      if (status === 'UNEMPLOYED') expect(since.slice(0, 7) > (row?.latest_month ?? '')).toBe(true)
    }
    for (const { employer_uscc: employer } of rows('social-insurance'))
      if (employer !== undefined) expect(enterprises.get(employer)).toBe('IN_BUSINESS')
    for (const { id_no: idNo, months, loan_outstanding: loan } of rows('housing-fund')) {
      expect(Number(months)).toBeLessThanOrEqual(Number(insured.get(idNo)?.months))
      const owned = rows('real-estate').filter((row) => row.owner_id_no === idNo)
      if (loan === 'true') expect(owned.some((row) => row.mortgaged === 'true')).toBe(true)
    }
  })

  it('pensioners are sixty or more; the pensions of the dead have ended', () => {
    for (const { id_no: idNo = '', status, alive_confirmed_on: on = '' } of rows('pension')) {
      expect(ageOfId(idNo)).toBeGreaterThanOrEqual(60)
      expect(status === 'ENDED').toBe(dead.has(idNo))
      expect(on <= (diedOn.get(idNo) ?? SNAPSHOT_DAY)).toBe(true)
    }
    for (const { id_no: idNo, birth_date: born } of rows('senior')) {
      expect(born).toBe(bornOn(idNo))
      expect(ageOfId(idNo)).toBeGreaterThanOrEqual(60)
    }
  })

  it('pupils are of school age, the vaccinated are children', () => {
    for (const { id_no: idNo } of rows('enrolment')) {
      expect(ageOfId(idNo)).toBeGreaterThanOrEqual(6)
      expect(ageOfId(idNo)).toBeLessThanOrEqual(19)
    }
    for (const { id_no: idNo } of rows('vaccination')) expect(ageOfId(idNo)).toBeLessThan(14)
  })

  it('degrees follow qualifications, professions follow degrees', () => {
    const studied = new Map(
      rows('qualification').map((row) => [`${row.id_no} ${row.level} ${row.graduated}`, row]),
    )
    for (const { id_no: idNo, degree, conferred = '' } of rows('degree')) {
      expect(studied.has(`${idNo} ${degree} ${conferred}`)).toBe(true)
      expect(Number(conferred.slice(0, 4)) - Number(bornOn(idNo).slice(0, 4))).toBeGreaterThan(20)
    }
    const medicine = rows('degree').filter((row) => row.discipline === 'MEDICINE')
    const physicians = new Set(medicine.map((row) => row.id_no))
    for (const { id_no: idNo } of rows('physician')) expect(physicians).toContain(idNo)
    for (const id of ['qualification', 'degree']) {
      const numbers = rows(id).map((row) => row.cert_no)
      expect(new Set(numbers).size).toBe(numbers.length)
    }
  })

  it('owners of vehicles are licensed, of age, and get no relief', () => {
    const plates = rows('vehicle').map((row) => row.plate_no)
    expect(new Set(plates).size).toBe(plates.length)
    for (const { owner_id_no: idNo } of rows('vehicle')) {
      expect(idsOf('driving-licence')).toContain(idNo)
      expect(idsOf('low-income')).not.toContain(idNo)
      expect(ageOfId(idNo)).toBeGreaterThan(17)
    }
  })

  it('residence permits are of people registered elsewhere', () => {
    for (const { id_no: idNo = '', held_since: since = '', valid_to: to = '' } of rows(
      'residence-permit',
    )) {
      expect(households.has(idNo)).toBe(false)
      expect(idNo.startsWith('9901')).toBe(false)
      expect(since < to).toBe(true)
    }
  })

  it('deed tax was paid in the year of a certificate; permits and qualifications are of enterprises', () => {
    const bought = new Set(
      rows('real-estate').map((row) => `${row.owner_id_no} ${(row.cert_no ?? '').slice(2, 6)}`),
    )
    for (const row of rows('tax-payment'))
      if (row.tax_type === 'DEED') expect(bought).toContain(`${row.payer_id_no} ${row.tax_year}`)
    const enterprises = new Map(rows('enterprise').map((row) => [row.uscc, row]))
    for (const id of ['food-permit', 'construction'])
      for (const { uscc, status } of rows(id))
        expect(status === 'VALID').toBe(enterprises.get(uscc)?.status === 'IN_BUSINESS')
  })
})

describe('the generator', () => {
  it('makes the same city of any size: a smaller one is the beginning of a larger', () => {
    for (const [id, generate] of Object.entries(REGISTER_ROWS)) {
      if (id === 'resident') continue
      const small = [...generate(100)]
      expect([...generate(200)].slice(0, small.length)).toEqual(small)
    }
  })

  it('lets die only one of an old couple', () => {
    for (const { people: neighbours } of blocksOf(5000)) {
      const gone = neighbours.filter((person) => person.diedOn)
      expect(gone.length).toBeLessThan(2)
      for (const { birthDate, household } of gone) {
        expect(ageOf(birthDate)).toBeGreaterThan(60)
        expect(household.status).toBe('CANCELLED')
      }
    }
  })
})
