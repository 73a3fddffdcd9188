import { readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { openDatabase } from '../../src/platform/database.ts'
import { databaseFile } from '../../src/platform/places.ts'
import { copyWal } from '../../src/platform/wal.ts'
import { temporaryFolder } from '../harness.ts'

const PAGE_BYTES = 4096
const WAIT = { timeout: 15_000, interval: 20 }

const LONG = 4000

type Pass = { log: number; checkpointed: number }

async function opened() {
  const dir = temporaryFolder()
  const { raw, store } = await openDatabase(dir)
  onTestFinished(() => store.close())
  raw.exec('CREATE TABLE filler (id INTEGER PRIMARY KEY, bytes BLOB)')
  const insert = raw.prepare('INSERT INTO filler (bytes) VALUES (randomblob(?))')
  /** A commit of about so many pages. */
  const write = (pages: number) => void insert.run(pages * PAGE_BYTES)
  const state = () => (raw.pragma('wal_checkpoint(NOOP)') as [Pass])[0]
  const rows = () => raw.prepare('SELECT count(*) AS n FROM filler').get() as { n: number }
  return { dir, raw, store, write, state, rows }
}

/** Threads of this process, by what the kernel lists. */
function threads(): number {
  return readdirSync('/proc/self/task').length
}

describe('the write-ahead log', { timeout: 60_000 }, () => {
  test('is copied by a thread once it has grown, and begins anew (happy)', async () => {
    const { write, state, rows } = await opened()
    for (let i = 0; i < 30; i++) write(100)
    expect(state().checkpointed).toBe(0)
    await vi.waitFor(() => expect(state()).toMatchObject({ checkpointed: state().log }), WAIT)
    const before = state().log
    write(1)
    expect(state().log).toBeLessThan(before)
    expect(rows()).toEqual({ n: 31 })
  })

  test('goes on while it is copied, and nothing of it is lost (happy)', async () => {
    const { dir, write, state, rows, store, raw } = await opened()
    let n = 0
    const until = performance.now() + 2500
    while (performance.now() < until) {
      for (let i = 0; i < 20; i++, n++) write(20)
      await pause(1)
    }
    await vi.waitFor(() => expect(state().log - state().checkpointed).toBeLessThan(2000), WAIT)
    expect(rows()).toEqual({ n })
    expect(raw.pragma('integrity_check', { simple: true })).toBe('ok')
    await store.close()
    const again = new Database(databaseFile(dir), { readonly: true })
    onTestFinished(() => void again.close())
    expect(again.prepare('SELECT count(*) AS n FROM filler').get()).toEqual({ n })
  })

  test('begins anew when it is long, though nobody stops writing (happy)', async () => {
    const raw = new Database(join(temporaryFolder(), 'busy.sqlite'))
    raw.pragma('journal_mode = WAL')
    raw.exec('CREATE TABLE filler (bytes BLOB)')
    const insert = raw.prepare('INSERT INTO filler VALUES (randomblob(?))')
    const copying = copyWal(raw, raw.name, LONG)
    onTestFinished(async () => {
      await copying.stop()
      raw.close()
    })
    const lengths: number[] = []
    const hasBegunAnew = () => lengths.some((length, i) => length < (lengths[i - 1] ?? 0))
    const until = performance.now() + 30_000
    while (!hasBegunAnew() && performance.now() < until) {
      insert.run(5 * PAGE_BYTES)
      lengths.push((raw.pragma('wal_checkpoint(NOOP)') as [Pass])[0].log)
      await pause(1)
    }
    expect(hasBegunAnew()).toBe(true)
    const [shorter, longer] = [lengths.at(-1) ?? 0, lengths.at(-2) ?? 0]
    expect(shorter).toBeLessThan(100)
    expect(longer).toBeGreaterThanOrEqual(LONG)
    expect(longer).toBeLessThan(LONG + 16_000)
  })

  test.skipIf(process.platform !== 'linux')('of a small gateway needs no thread', async () => {
    const before = threads()
    const { write, state } = await opened()
    for (let i = 0; i < 10; i++) write(100)
    await pause(700)
    expect(threads()).toBe(before)
    expect(state().checkpointed).toBe(0)
  })

  test('waits for a reader who looks at what it was before (error)', async () => {
    const { dir, write, state } = await opened()
    write(1)
    const reader = new Database(databaseFile(dir), { readonly: true })
    onTestFinished(() => void reader.close())
    const reading = reader.prepare('SELECT id FROM filler').iterate()
    reading.next()
    for (let i = 0; i < 30; i++) write(100)
    await pause(700)
    expect(state().checkpointed).toBeLessThan(state().log)
    reading.return?.()
    await vi.waitFor(() => expect(state()).toMatchObject({ checkpointed: state().log }), WAIT)
  })

  test('whose file nobody else can open ends nothing: it stays, and is written on (error)', async () => {
    const { dir, write, rows, state } = await opened()
    write(1)
    renameSync(databaseFile(dir), join(dir, 'elsewhere.sqlite'))
    for (let i = 0; i < 30; i++) write(100)
    await pause(1000)
    write(1)
    expect(rows()).toEqual({ n: 32 })
    expect(state().checkpointed).toBe(0)
  })

  test('may be closed at any moment of it (error)', async () => {
    for (let round = 0; round < 3; round++) {
      const { dir, write, store } = await opened()
      for (let i = 0; i < 30; i++) write(100)
      await pause(180 + round * 25)
      await store.close()
      const again = new Database(databaseFile(dir))
      expect(again.prepare('SELECT count(*) AS n FROM filler').get()).toEqual({ n: 30 })
      expect(again.pragma('integrity_check', { simple: true })).toBe('ok')
      again.close()
    }
  })
})
