import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HOUSING, type Members, SCHOOLS } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'

type Row = Readonly<Record<string, string>>

const home = new URL('../../seed/registers/', import.meta.url)
const read = (name: string): Row[] => parse(readFileSync(new URL(name, home)), { columns: true })
const marriages = read('marriage.csv')
const households = read('household.csv')

const marriage = claimsOf('family-4-marriage')
const pupil = claimsOf('hk-pupil-and-guardian')

let gateway: TestGateway

beforeAll(async () => {
  gateway = await openTestGateway()
})

afterAll(checkWholeLog)

const RESULTS = ['MATCH', 'MISMATCH', 'NO_RECORD', 'UNDETERMINED']

/** Everything about a row that the caller did not already say. */
function secretsOf(row: Row, asked: unknown): string[] {
  const said = JSON.stringify(asked)
  return Object.entries(row)
    .filter(([column]) => !['status', 'reg_authority'].includes(column))
    .map(([, cell]) => cell)
    .filter((cell) => cell.length > 6 && !said.includes(cell))
}

test('a predicate says yes or no about any person and any value, and takes the value with it', async () => {
  const date = fc
    .date({ min: new Date('1980-01-01'), max: new Date('2026-01-01'), noInvalidDate: true })
    .map((day) => day.toISOString().slice(0, 10))
  const predicate = fc.oneof(
    fc.record({ claim: fc.constant('regDate'), equals: date }),
    fc.record({ claim: fc.constant('regDate'), atLeast: date }),
    fc.record({ claim: fc.constant('regDate'), atMost: date }),
    fc.record({ claim: fc.constant('status'), in: fc.constant(['REGISTERED', 'DISSOLVED']) }),
    fc
      .constantFrom(...marriages.map((row) => row.id_no))
      .map((idNo) => ({ claim: 'spouseIdNo', equals: idNo })),
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...marriages), predicate, async (row, one) => {
      const subject = { idNo: row.id_no, name: row.name }
      await expectOnlyResults(HOUSING, { ...marriage, subject, ask: [one] }, row)
    }),
    { numRuns: 150 },
  )
})

test('so does the household register, whose rows hold an address', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...households), async (row) => {
      const subject = { idNo: row.id_no, name: row.name }
      const ask = [
        { claim: 'status', equals: 'ACTIVE' },
        { claim: 'headIdNo', equals: '990104197812170016' },
      ]
      await expectOnlyResults(SCHOOLS, { ...pupil, subject, ask }, row)
    }),
    { numRuns: 60 },
  )
})

async function expectOnlyResults(system: string, claims: Members, row: Row): Promise<void> {
  const reply = await gateway.ask(system, claims)
  // Chance may pick one person more often than a day allows.
  if (reply.problem?.code === 'probing') return
  expect(reply.status, reply.text).toBe(200)
  const said = JSON.stringify(reply.answer)
  for (const secret of secretsOf(row, claims)) expect(said).not.toContain(secret)
  for (const claim of Object.values(reply.answer?.claims as Members)) {
    expect(Object.keys(claim as Members)).toEqual(['result'])
    expect(RESULTS).toContain((claim as Members).result)
  }
  // The subject itself is not repeated either: the answer is bound to the request by its hash.
  expect(said).not.toContain(row.id_no)
  expect(said).not.toContain(row.name)
}
