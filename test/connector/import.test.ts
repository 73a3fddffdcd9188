import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { ImportError, stageSnapshot, switchSnapshot } from '../../src/connector/import.ts'
import { lookupKey } from '../../src/connector/snapshot.ts'
import { openCsv } from '../../src/platform/csv.ts'
import { importRegister } from '../../src/platform/seed.ts'
import type { Register } from '../../src/registry/documents.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, NOW, openTestGateway, type TestGateway } from '../harness.ts'

afterEach(checkWholeLog)

const marriage = claimsOf('family-4-marriage')
const HEAD = 'id_no,name,spouse_id_no,status,reg_date,reg_authority'
const HUSBAND = '990104197812170016,戴如远,,DISSOLVED,2026-11-01,11990100MB99010327'
const WIFE = '99010419780629002X,夏姝,,DISSOLVED,2026-11-01,11990100MB99010327'
const DAY_MILLIS = 86_400_000

async function registerOf({ deps }: TestGateway, id = 'marriage'): Promise<Register> {
  const held = (await deps.registry.view()).registers.get(id)
  if (!held) throw new Error(`no register ${id}`)
  return held.register
}

function csv({ dir }: TestGateway, ...lines: string[]): string {
  const path = join(dir, 'marriage.csv')
  writeFileSync(path, [HEAD, ...lines, ''].join('\n'))
  return path
}

async function statusOf(gateway: TestGateway): Promise<unknown> {
  gateway.wait(1)
  const ask = [{ claim: 'status' }]
  const { answer = {} } = await gateway.ask(HOUSING, { ...marriage, ask })
  return (answer.claims as { status: { value: unknown } }).status.value
}

async function rowsOf({ deps }: TestGateway) {
  const { db } = deps.store
  const snapshots = await db
    .selectFrom('snapshot')
    .selectAll()
    .where('register', '=', 'marriage')
    .execute()
  const rows = await db.selectFrom('snapshot_row').select('snapshot').execute()
  const ids = new Set(snapshots.map(({ id }) => id))
  return { snapshots, rows: rows.filter(({ snapshot }) => ids.has(snapshot)).length }
}

describe('a new snapshot', () => {
  test('answers once it is whole, says its own time; the old rows go with the import after it', async () => {
    const gateway = await openTestGateway()
    expect(await statusOf(gateway)).toBe('REGISTERED')
    const size = gateway.size()
    const register = await registerOf(gateway)
    const asOf = NOW - DAY_MILLIS
    const path = csv(gateway, HUSBAND, WIFE)
    expect(await importRegister(gateway.deps, register, { path, asOf })).toBe(2)
    expect(gateway.size()).toBe(size + 1)
    expect(await statusOf(gateway)).toBe('DISSOLVED')
    const { answer } = await gateway.ask(HOUSING, marriage)
    expect(answer?.asOf).toBe(new Date(asOf).toISOString())
    const [old] = (await rowsOf(gateway)).snapshots
    await importRegister(gateway.deps, register, { path, asOf })
    const { snapshots, rows } = await rowsOf(gateway)
    expect(rows).toBe(4)
    expect(snapshots).toMatchObject([
      { complete: 1, rows: 2 },
      { complete: 1, rows: 2 },
    ])
    expect(snapshots.map(({ id }) => id)).not.toContain(old?.id)
  })

  test('never makes a registered person unrecorded for those who still look into the old one', async () => {
    const gateway = await openTestGateway()
    const { snapshot } = (await gateway.deps.registry.view()).registers.get('marriage') ?? {}
    const register = await registerOf(gateway)
    const key = lookupKey('id_no', '990104197812170016')
    const { store } = gateway.deps
    await importRegister(gateway.deps, register, { path: csv(gateway, WIFE) })
    expect(await store.snapshotRows(snapshot?.id ?? 0, key)).toHaveLength(1)
    await importRegister(gateway.deps, register, { path: csv(gateway, WIFE) })
    expect(await store.snapshotRows(snapshot?.id ?? 0, key)).toBeUndefined()
  })

  test('with a fault in one row changes nothing, and the fault is named by line and column', async () => {
    const gateway = await openTestGateway()
    const before = await rowsOf(gateway)
    const size = gateway.size()
    const path = csv(
      gateway,
      HUSBAND,
      WIFE.replace('DISSOLVED', 'MARRIED'),
      '"990104198406260010","巴图尔·\n其其克",,DISSOLVED,2026-11-01,11990100MB99010327',
      '990104198406260011,甲,,DISSOLVED,2026-13-01,11990100MB99010327',
    )
    const register = await registerOf(gateway)
    const fault = await importRegister(gateway.deps, register, { path }).catch((error) => error)
    expect(fault).toBeInstanceOf(ImportError)
    const { faults, count } = fault as ImportError
    expect(count).toBe(faults.length)
    expect(faults[0]).toEqual({ line: 3, columns: ['/status'] })
    // The row before it takes two lines of the file.
    expect(faults.at(-1)?.line).toBe(6)
    expect(JSON.stringify(faults)).not.toMatch(/夏姝|MARRIED|2026-13-01/)
    expect(await rowsOf(gateway)).toEqual(before)
    expect(gateway.size()).toBe(size)
    expect(await statusOf(gateway)).toBe('REGISTERED')
  })

  test('that lists a thousand faults shows the first fifty and counts all', async () => {
    const gateway = await openTestGateway()
    const path = csv(gateway, ...Array<string>(1000).fill('1,甲,,NEVER,x,y'))
    const register = await registerOf(gateway)
    const fault = await importRegister(gateway.deps, register, { path }).catch((error) => error)
    expect(fault).toMatchObject({ count: 1000 })
    expect((fault as ImportError).faults).toHaveLength(50)
  })

  test('of a file that is not there, or no CSV, changes nothing', async () => {
    const gateway = await openTestGateway()
    const register = await registerOf(gateway)
    const before = await rowsOf(gateway)
    const missing = join(gateway.dir, 'nothing.csv')
    await expect(importRegister(gateway.deps, register, { path: missing })).rejects.toThrow()
    const broken = csv(gateway, HUSBAND, `${WIFE},one,too,many`)
    await expect(importRegister(gateway.deps, register, { path: broken })).rejects.toThrow()
    expect(await rowsOf(gateway)).toMatchObject({
      rows: before.rows,
      snapshots: expect.arrayContaining(before.snapshots),
    })
    expect(await statusOf(gateway)).toBe('REGISTERED')
  })

  test('left half-written by a crash is seen by nobody, and removed by the next import', async () => {
    const gateway = await openTestGateway()
    const register = await registerOf(gateway)
    const { db } = gateway.deps.store
    const path = csv(gateway, HUSBAND, WIFE)
    const options = { register, asOf: NOW, version: 'half' }
    const staged = await stageSnapshot(db, openCsv(path).rows, options)
    expect(await statusOf(gateway)).toBe('REGISTERED')
    const again = await stageSnapshot(db, openCsv(path).rows, { ...options, version: 'whole' })
    const { snapshots } = await rowsOf(gateway)
    expect(snapshots.map(({ id }) => id)).not.toContain(staged.id)
    await switchSnapshot(db, register.id, again)
    expect(await statusOf(gateway)).toBe('DISSOLVED')
    const left = await rowsOf(gateway)
    expect(left.snapshots.map(({ version }) => version)).not.toContain('half')
    expect(left.snapshots.at(-1)).toMatchObject({ version: 'whole' })
    // The one that answered until now stays for requests on their way; the next import removes it.
    const next = await stageSnapshot(db, openCsv(path).rows, { ...options, version: 'next' })
    await switchSnapshot(db, register.id, next)
    const versions = (await rowsOf(gateway)).snapshots.map(({ version }) => version)
    expect(versions).toEqual(['whole', 'next'])
  })

  test('reads a byte order mark, quotes, CRLF and empty cells as CSV means them', async () => {
    const gateway = await openTestGateway()
    const path = join(gateway.dir, 'dressed.csv')
    writeFileSync(
      path,
      `\ufeff${HEAD}\r\n"990104197812170016",戴如远,,"DISSOLVED",2026-11-01,11990100MB99010327\r\n\r\n`,
    )
    const rows = []
    for await (const one of openCsv(path).rows) rows.push(one)
    expect(rows).toEqual([
      {
        line: 2,
        row: {
          id_no: '990104197812170016',
          name: '戴如远',
          status: 'DISSOLVED',
          reg_date: '2026-11-01',
          reg_authority: '11990100MB99010327',
        },
      },
    ])
  })

  test('is written while requests are answered from the old one', async () => {
    const gateway = await openTestGateway()
    const register = await registerOf(gateway)
    const lines = Array.from({ length: 2000 }, () => HUSBAND)
    const path = csv(gateway, ...lines)
    const importing = importRegister(gateway.deps, register, { path })
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => gateway.ask(HOUSING, marriage)),
    )
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200))
    await importing
  })
})

describe('a snapshot as old as', () => {
  test.each([
    { days: 30, millis: 0, outcome: 'ANSWERED' },
    { days: 30, millis: 1, outcome: 'UNDETERMINED' },
    { days: 400, millis: 0, outcome: 'UNDETERMINED' },
  ])('$days days and $millis ms: $outcome', async ({ days, millis, outcome }) => {
    const gateway = await openTestGateway()
    gateway.clock.now = NOW + days * DAY_MILLIS + millis
    const { answer, status } = await gateway.ask(HOUSING, marriage)
    expect(status).toBe(200)
    expect(answer).toMatchObject({ outcome, asOf: new Date(NOW).toISOString() })
    const results = Object.values(answer?.claims as Record<string, { result: string }>)
    if (outcome === 'UNDETERMINED')
      expect(results.every(({ result }) => result === 'UNDETERMINED')).toBe(true)
  })
})

test('a register that was never handed over is silence, not "no"', async () => {
  const gateway = await openTestGateway()
  await gateway.deps.store.db.updateTable('register').set({ snapshot: null }).execute()
  await gateway.amend('agency', '11990100MB9901139J', {})
  const reply = await gateway.ask(HOUSING, marriage)
  expect(reply.problem).toMatchObject({ code: 'provider-down', retryable: true })
})
