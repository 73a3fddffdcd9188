import { afterEach, expect, test } from 'vitest'
import { stageSnapshot, switchSnapshot } from '../../src/connector/import.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'

afterEach(checkWholeLog)

const ORPHAN = 900

async function orphansIn({ deps: { store } }: TestGateway): Promise<number> {
  const known = store.db.selectFrom('snapshot').select('id')
  const rows = store.db.selectFrom('snapshot_row').where('snapshot', 'not in', known)
  const counted = rows.select(({ fn }) => fn.countAll<number>().as('n'))
  return Number((await counted.executeTakeFirstOrThrow()).n)
}

async function importing({ deps }: TestGateway) {
  const { registers } = await deps.registry.view()
  const register = registers.get('marriage')?.register
  if (!register) throw new Error('no register marriage')
  const rows = await deps.store.db.selectFrom('snapshot_row').selectAll().execute()
  const own = rows.flatMap(({ doc }) => (doc.includes('spouse_id_no') ? [JSON.parse(doc)] : []))
  const source = own.slice(0, 3).map((row, i) => ({ line: i + 2, row }))
  return { register, asOf: deps.clock(), version: 'test', source }
}

test('rows that a removal left behind go with the next import, and no later snapshot inherits them', async () => {
  const gateway = await openTestGateway()
  const { db } = gateway.deps.store
  const left = Array.from({ length: 30 }, (_, line) => {
    return { snapshot: ORPHAN, key: `id_no ${line}`, line, doc: '{}' }
  })
  await db.insertInto('snapshot_row').values(left).execute()
  const { source, ...options } = await importing(gateway)
  await switchSnapshot(db, options.register.id, await stageSnapshot(db, source, options))
  expect(await orphansIn(gateway)).toBe(0)
})

test('an import that another one overtakes leaves nothing for good', async () => {
  const gateway = await openTestGateway()
  const { db } = gateway.deps.store
  const { source, ...options } = await importing(gateway)
  const overtaken = await stageSnapshot(db, source, options)
  const faster = await stageSnapshot(db, source, options)
  // The slower one goes on writing under a snapshot that is gone.
  await db
    .insertInto('snapshot_row')
    .values({ snapshot: overtaken.id, key: 'id_no 1', line: 9, doc: '{}' })
    .execute()
  await switchSnapshot(db, options.register.id, faster)
  await expect(switchSnapshot(db, options.register.id, overtaken)).rejects.toThrow('came between')
  expect(await orphansIn(gateway)).toBe(0)
})
