import { afterAll, expect, test } from 'vitest'
import { openDatabase } from '../../src/platform/database.ts'
import { checkWholeLog, openTestGateway } from '../harness.ts'
import { applyServices, MOVING } from '../service-items.ts'

afterAll(checkWholeLog)

test('a folder of the first version is brought up to date, and keeps what it holds', async () => {
  const gateway = await openTestGateway()
  const size = gateway.size()
  await gateway.close()
  const old = await openDatabase(gateway.dir)
  old.raw.exec(
    "DROP TABLE service; DROP TABLE blacklist; DELETE FROM kysely_migration WHERE name = '0002-services'",
  )
  await old.store.close()
  const opened = await openTestGateway({ dir: gateway.dir })
  expect(opened.size()).toBe(size)
  await applyServices(opened.deps, [MOVING])
  expect((await opened.deps.registry.view()).services.get('T01')).toEqual(MOVING)
})
