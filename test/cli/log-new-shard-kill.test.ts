import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/platform/database.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, ISSUER, openTestGateway, temporaryFolder } from '../harness.ts'
import { seededNow } from '../platform/processes.ts'
import { fill, newShard } from '../shards.ts'

afterEach(checkWholeLog)

const LAUNCHER = fileURLToPath(new URL('../../src/cli/mianzheng.mjs', import.meta.url))
const marriage = claimsOf('family-4-marriage')
const ENTRIES = 300
/** After the command has said what it will do, which is when it does it. */
const DELAYS = [0, 1, 2, 4, 7, 11, 16, 25, 60]

async function prepared() {
  const dir = await seededNow({ perSecond: 100, burst: 100 })
  const gateway = await openTestGateway({ dir, nowMillis: Date.now() })
  const answered = await gateway.ask(HOUSING, marriage)
  await fill(gateway, ENTRIES - gateway.size())
  await gateway.close()
  return { dir, answered }
}

/** The state after it, as the file holds it. */
async function stateOf(dir: string) {
  const { store } = await openDatabase(dir)
  const { shard, base, size } = await store.readHead()
  const tiles = await store.db.selectFrom('tile').select(['shard', 'level', 'n']).execute()
  await store.close()
  return { shard, base, size, tiles: tiles.length }
}

/** One full tile; of a closed shard also the partial ones of both levels. */
const OLD = { shard: 1, base: 0, size: ENTRIES, tiles: 1 }
const NEW = { shard: 2, base: ENTRIES, size: 1, tiles: 3 }

test('a command that is killed at any moment leaves the old shard or the new one, whole', async () => {
  const { dir, answered } = await prepared()
  const left: string[] = []
  for (const delay of DELAYS) {
    const copy = temporaryFolder()
    cpSync(dir, copy, { recursive: true })
    const args = ['log', 'new-shard', '--data', copy, '--reason', 'killed', '--yes']
    const child = spawn(process.execPath, [LAUNCHER, ...args], {
      env: { PATH: process.env.PATH ?? '', ISSUER },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const ended = once(child, 'exit')
    await Promise.race([once(child.stdout, 'data'), ended])
    await pause(delay)
    child.kill('SIGKILL')
    await ended
    const state = await stateOf(copy)
    expect([OLD, NEW]).toContainEqual(state)
    left.push(`${delay} ms: shard ${state.shard}`)
    const again = await openTestGateway({ dir: copy, nowMillis: Date.now() + 1000 })
    expect((await again.send(answered.request)).text).toBe(answered.text)
    expect((await again.verify(answered)).ok).toBe(true)
    const reply = await again.ask(HOUSING, marriage)
    expect((await again.verify(reply)).ok).toBe(true)
  }
  process.stderr.write(`${left.join('; ')}\n`)
}, 180_000)

describe('a statement that fails takes the whole change back', () => {
  test.each([
    'BEFORE INSERT ON tile WHEN NEW.level = 0',
    'AFTER INSERT ON tile WHEN NEW.level = 1',
    'BEFORE INSERT ON entry',
    'AFTER INSERT ON entry',
    'BEFORE UPDATE ON head',
    'AFTER UPDATE ON head',
  ])('%s', async (when) => {
    const { dir } = await prepared()
    const { raw, store } = await openDatabase(dir)
    raw.exec(`CREATE TRIGGER fault ${when} BEGIN SELECT RAISE(ABORT, 'a fault'); END`)
    await expect(newShard(dir, Date.now())).rejects.toThrow('a fault')
    expect(await stateOf(dir)).toEqual(OLD)
    raw.exec('DROP TRIGGER fault')
    await store.close()
    await newShard(dir, Date.now())
    expect(await stateOf(dir)).toEqual(NEW)
  })
})
