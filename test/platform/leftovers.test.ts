import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { recordChange } from '../../src/log/change.ts'
import { fileAnchor } from '../../src/platform/anchor.ts'
import { openGateway } from '../../src/platform/gateway.ts'
import { obstacleIn } from '../../src/platform/place.ts'
import { checkWholeLog, openTestGateway, temporaryFolder } from '../harness.ts'

afterEach(checkWholeLog)

test.each(['-wal', '-shm', '-journal'])(
  'a folder where a crashed gateway left its %s is not empty: it would be played into what is restored there',
  async (tail) => {
    const folder = temporaryFolder()
    expect(await obstacleIn({ folder })).toBeUndefined()
    writeFileSync(join(folder, `gateway.sqlite${tail}`), 'left')
    expect(await obstacleIn({ folder })).toBe('used')
  },
)

test('an anchor that another process has written further on is not taken back', async () => {
  const { deps } = await openTestGateway()
  const change = { what: 'test', id: 'x', hash: '' }
  const early = deps.log.head().checkpoint
  await recordChange(deps.log, change)
  const late = deps.log.head().checkpoint
  const anchor = fileAnchor(temporaryFolder(), () => {}, 1)
  for (const checkpoint of [late, early]) {
    anchor.offer(checkpoint)
    await anchor.flush()
  }
  expect(await anchor.read()).toBe(late)
})

test('a log that never signed may have a head already, as one that comes from another engine has', async () => {
  const gateway = await openGateway(readConfig({ DATA_DIR: temporaryFolder() }), {
    report: () => {},
  })
  const { log, store } = gateway.deps
  const head = { id: 1, size: 0, checkpoint: '', time_at: 0, shard: 1, base: 0 }
  await store.db.insertInto('head').values(head).execute()
  expect(await recordChange(log, { what: 'test', id: 'x', hash: '' })).toBe(0)
  await gateway.close()
})
