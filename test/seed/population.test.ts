import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { COMMITTED_RESIDENTS, writeRegisters } from '../../seed/generate.ts'
import { marriedResidentAt, RESIDENTS_MAX, residentAt } from '../../seed/people.ts'
import { marriageRows } from '../../seed/population.ts'
import { REGISTER_ROWS } from '../../seed/registers.ts'
import { isCitizenId } from '../../src/contract/identifiers.ts'
import { compareNames } from '../../src/contract/name.ts'
import { compileSchema } from '../../src/contract/schema.ts'
import { agencies, readText, registers, rowsOf } from './seed.ts'

const directory = mkdtempSync(join(tmpdir(), 'registers-'))
afterAll(() => rmSync(directory, { recursive: true }))

describe('the committed registers', () => {
  it('are what seed/generate.ts writes, byte for byte', async () => {
    await writeRegisters(pathToFileURL(`${directory}/`), COMMITTED_RESIDENTS)
    for (const { id, file } of registers)
      expect(readFileSync(join(directory, `${id}.csv`), 'utf8')).toBe(readText(`seed/${file}`))
  })

  it.each(registers)('$id: every row fits its schema, every key is there', (register) => {
    const schema = compileSchema(register.row, '/row')
    const rows = rowsOf(register)
    // The words of ECHO-00 are no residents.
    expect(rows.length).toBeGreaterThan(register.id === 'echo' ? 1 : 5)
    for (const row of rows) expect(schema.problems(row)).toEqual([])
    for (const key of register.keys) expect(rows.some((row) => row[key])).toBe(true)
  })

  it('agree with one another', () => {
    const byId = Object.fromEntries(registers.map((register) => [register.id, rowsOf(register)]))
    const names = new Map(byId.resident?.map((row) => [row.id_no, row.name]))
    expect(byId.household).toHaveLength(COMMITTED_RESIDENTS)
    expect(byId.resident).toHaveLength(names.size)
    for (const row of byId.household ?? []) {
      expect(names.get(row.id_no)).toBe(row.name)
      expect(names.has(row.head_id_no)).toBe(true)
    }
    const spouses = new Map(byId.marriage?.map((row) => [row.id_no, row.spouse_id_no]))
    for (const [id, spouse] of spouses) if (spouse) expect(spouses.get(spouse)).toBe(id)
    for (const row of byId['real-estate'] ?? [])
      expect(names.get(row.owner_id_no)).toBe(row.owner_name)
    for (const row of byId.enterprise ?? [])
      expect([...names.values()]).toContain(row.legal_rep_name)
    const certificates = byId['real-estate']?.map((row) => row.cert_no) ?? []
    expect(new Set(certificates).size).toBe(certificates.length)
    const civilAffairs = agencies.find(({ names: { zh } }) => zh === '云汀市民政局')
    for (const row of byId.marriage ?? []) expect(row.reg_authority).toBe(civilAffairs?.uscc)
  })
})

describe('residents', () => {
  const index = fc.nat(RESIDENTS_MAX - 1)

  it('are plausible people, each a pure function of the number', () => {
    fc.assert(
      fc.property(index, (i) => {
        const person = residentAt(i)
        expect(person).toEqual(residentAt(i))
        expect(isCitizenId(person.idNo)).toBe(true)
        expect(person.idNo.slice(6, 14)).toBe(person.birthDate.replaceAll('-', ''))
        expect(Number(person.idNo.charAt(16)) % 2).toBe(person.sex === 'M' ? 1 : 0)
        expect(person.birthDate < '2026').toBe(true)
        const rare = person.name !== person.registeredName
        const compared = compareNames(person.name, person.registeredName)
        expect(compared).toBe(rare ? 'UNDETERMINED' : 'MATCH')
      }),
    )
  })

  it('marry after 22, before their children are born, and not in the future', () => {
    fc.assert(
      fc.property(index, (i) => {
        const { birthDate, marriage } = residentAt(i)
        if (!marriage) return
        expect(
          Number(marriage.regDate.slice(0, 4)) - Number(birthDate.slice(0, 4)),
        ).toBeGreaterThan(21)
        expect(marriage.regDate < '2026').toBe(true)
        const first = i - (i % 10)
        const child = [2, 5][[0, 1].includes(i % 10) ? 0 : 1] ?? 5
        if (i % 10 < 5) expect(marriage.regDate < residentAt(first + child).birthDate).toBe(true)
      }),
    )
  })

  it('never share an identity number, at either end', () => {
    const counted = 60_000
    for (const from of [0, RESIDENTS_MAX - counted]) {
      const ids = new Set(Array.from({ length: counted }, (_, i) => residentAt(from + i).idNo))
      expect(ids.size).toBe(counted)
    }
    expect(() => residentAt(RESIDENTS_MAX)).toThrow(RangeError)
    expect(() => residentAt(-1)).toThrow(RangeError)
  })

  it('give a benchmark a new married subject each time', () => {
    const subjects = Array.from({ length: 600 }, (_, k) => marriedResidentAt(k))
    for (const { marriage } of subjects) expect(marriage?.status).toBe('REGISTERED')
    expect(new Set(subjects.map(({ idNo }) => idNo)).size).toBe(600)
    const streamed = new Set([...marriageRows(1000)].map((row) => row.id_no))
    for (const { idNo } of subjects) expect(streamed).toContain(idNo)
  })

  it('stream: a row of a city of a million is there at once', () => {
    for (const rows of Object.values(REGISTER_ROWS)) {
      const { value } = rows(1_000_000).next()
      expect(value).toBeDefined()
    }
  })
})
