import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { leafText } from '../src/log/entry.ts'
import { openShardChange } from '../src/platform/next-shard.ts'
import {
  configOf,
  isShared,
  openTestGateway,
  type TestGateway,
  temporaryFolder,
} from './harness.ts'
import { TEST_SHARED } from './postgres-city.ts'

/** The database as it stands now, kept elsewhere; `restore` puts it back, as an operator would. */
export function backUp({ dir, gateway }: TestGateway): { restore(): void } {
  const copy = join(temporaryFolder(), 'copy.sqlite')
  gateway.raw.exec(`VACUUM INTO '${copy}'`)
  return {
    restore: () => {
      for (const rest of ['-wal', '-shm'])
        rmSync(join(dir, `gateway.sqlite${rest}`), { force: true })
      cpSync(copy, join(dir, 'gateway.sqlite'))
    },
  }
}

/** On the test's clock, whichever the engine. */
export function changing(nowMillis: number) {
  return { clock: () => nowMillis, ...(isShared ? { shared: TEST_SHARED } : {}) }
}

/** What the command does. */
export async function newShard(dir: string, nowMillis: number, seen?: string) {
  const change = await openShardChange(configOf(dir), { ...changing(nowMillis), seen })
  try {
    return { ...(await change.commit('a test')), plan: change.plan }
  } finally {
    await change.close()
  }
}

/** Closes the gateway, begins a new shard, and serves again. */
export async function inNewShard(gateway: TestGateway): Promise<TestGateway> {
  const { dir, clock } = gateway
  await gateway.close()
  await newShard(dir, clock.now)
  return openTestGateway({ dir, nowMillis: clock.now })
}

/** Entries that say nothing, each another. */
export async function fill({ deps }: TestGateway, count: number): Promise<void> {
  const change = (id: number) => ({ what: 'test', id: String(id), hash: '' })
  await Promise.all(
    Array.from({ length: count }, (_, id) =>
      deps.log.append({ leaf: (time) => leafText({ kind: 'registry', change: change(id) }, time) }),
    ),
  )
}
