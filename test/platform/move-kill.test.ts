import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { keysFolder } from '../../src/platform/keys.ts'
import { moveGateway } from '../../src/platform/move.ts'
import { placeOf } from '../../src/platform/place.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, NOW, openTestGateway, temporaryFolder } from '../harness.ts'
import { run } from '../postgres-city.ts'
import { copyKeys, ownPostgres, rowsOf } from './places.ts'

afterEach(checkWholeLog)
const emptyDatabase = ownPostgres()

/** `MOVE_KILLS=200 vitest run test/platform/move-kill` is the long run. */
const KILLS = Number(process.env.MOVE_KILLS ?? 4)
const MAIN = fileURLToPath(new URL('../../src/cli/mianzheng.mjs', import.meta.url))
const marriage = claimsOf('family-4-marriage')

async function filled() {
  const gateway = await openTestGateway()
  const reply = await gateway.ask(HOUSING, marriage)
  await gateway.close()
  return { dir: gateway.dir, reply }
}

const moving = (from: string, to: string, dir: string) => ({
  ...{ from: placeOf(from), to: placeOf(to), keys: keysFolder(dir), now: NOW },
  anchorDir: join(dir, 'anchor'),
})

/** The command in a process of its own, killed after so many milliseconds. @returns how long it ran, and whether it came to its end. */
async function migrate(from: string, to: string, dir: string, killAfter?: number) {
  const env = { ...process.env, DATA_DIR: dir }
  const args = [MAIN, 'migrate-engine', '--from', from, '--to', to, '--yes', '--json']
  const began = performance.now()
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (part) => {
    said += part
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), killAfter ?? 60_000)
  const [code] = await once(child, 'close')
  clearTimeout(timer)
  return { millis: performance.now() - began, code, said }
}

/** Opens what may be served; undefined where it is refused as moved or unfinished. `dir` has the keys. */
async function opened(place: string, dir: string) {
  const isFolder = !place.startsWith('postgres:')
  if (isFolder) copyKeys(dir, place)
  const at = isFolder ? { dir: place } : { dir, databaseUrl: place }
  return openTestGateway(at).catch((error) => {
    expect(error.name).toBe('NotServable')
    return undefined
  })
}

async function isServable(place: string, dir: string): Promise<boolean> {
  const gateway = await opened(place, dir)
  await gateway?.close()
  return gateway !== undefined
}

test(
  `killed ${KILLS} times while it moves, a gateway is never in two places, and never lost`,
  async ({ skip }) => {
    const { dir, reply } = await filled()
    const before = await rowsOf(dir)
    let place = await emptyDatabase(skip)
    let { millis } = await migrate(dir, place, dir)
    let [killed, moved] = [0, 0]
    while (killed < KILLS) {
      const to = place.startsWith('postgres:') ? temporaryFolder() : await emptyDatabase(skip)
      const ran = await migrate(place, to, dir, millis * (0.4 + 0.7 * Math.random()))
      if (ran.code === null) killed += 1
      else millis = (millis + ran.millis) / 2
      expect(ran.code ?? 0, ran.said).toBe(0)
      if (await isServable(place, dir)) {
        // Where nothing had been written yet, the place is as empty as it was: it may be used.
        const again = await migrate(place, to, dir)
        if (again.code === 0) place = to
        else expect(again.said).toContain('holds an unfinished copy')
      } else {
        // Retired, and perhaps killed before the last step: which the same command takes.
        if (!(await isServable(to, dir))) expect((await migrate(place, to, dir)).code).toBe(0)
        place = to
      }
      if (place === to) moved += 1
    }
    expect(await rowsOf(place)).toEqual(before)
    const gateway = await opened(place, dir)
    expect((await gateway?.send(reply.request))?.text).toBe(reply.text)
    process.stderr.write(`killed ${killed} times, moved ${moved} times\n`)
  },
  120_000 + KILLS * 15_000,
)

test('dead between the end of the old place and the start of the new one, the same command ends it', async () => {
  const { dir, reply } = await filled()
  const home = temporaryFolder()
  copyKeys(dir, home)
  let blocked: Database.Database | undefined
  const onEntries = () => {
    blocked ??= new Database(join(home, 'gateway.sqlite'))
    blocked.exec(
      "CREATE TRIGGER IF NOT EXISTS no BEFORE DELETE ON meta BEGIN SELECT RAISE(ABORT, 'no'); END",
    )
  }
  await expect(moveGateway({ ...moving(dir, home, dir), onEntries })).rejects.toThrow('no')
  blocked?.exec('DROP TRIGGER no')
  blocked?.close()
  await expect(openTestGateway({ dir })).rejects.toThrow('was moved to')
  await expect(openTestGateway({ dir: home })).rejects.toThrow('did not come to its end')
  // Only to where it went.
  await expect(moveGateway(moving(dir, temporaryFolder(), dir))).rejects.toThrow('was moved to')
  await moveGateway(moving(dir, home, dir))
  const there = await openTestGateway({ dir: home })
  expect((await there.send(reply.request)).text).toBe(reply.text)
  await expect(moveGateway(moving(dir, home, dir))).rejects.toThrow('was moved to')
})

test('cut off from the old place before that ended, it goes on there', async ({ skip }) => {
  const { dir, reply } = await filled()
  const url = await emptyDatabase(skip)
  await moveGateway(moving(dir, url, dir))
  const home = temporaryFolder()
  // The connection is gone in the very statement that retires.
  await run(
    url,
    `CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;
    CREATE TRIGGER cut BEFORE INSERT ON meta FOR EACH ROW EXECUTE FUNCTION cut()`,
  )
  const failed = await moveGateway(moving(url, home, dir)).catch((error) => error)
  expect(failed.name).toBe('StoreUnavailable')
  await run(url, 'DROP TRIGGER cut ON meta')
  copyKeys(dir, home)
  await expect(openTestGateway({ dir: home })).rejects.toThrow('did not come to its end')
  const still = await openTestGateway({ dir, databaseUrl: url })
  expect((await still.send(reply.request)).text).toBe(reply.text)
  expect((await still.ask(HOUSING, marriage)).status).toBe(200)
  await still.close()
  await expect(moveGateway(moving(url, home, dir))).rejects.toThrow('unfinished copy')
  rmSync(home, { recursive: true })
  await moveGateway(moving(url, home, dir))
})
