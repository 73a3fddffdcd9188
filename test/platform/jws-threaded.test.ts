import { execFile } from 'node:child_process'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Told } from '../../src/platform/jws-thread.ts'
import { threaded } from '../../src/platform/jws-threaded.ts'
import { type Key, work } from '../../src/platform/jws-work.ts'
import { startThread } from '../../src/platform/thread.ts'

const SCRIPT = new URL('../../src/platform/jws-thread.ts', import.meta.url)

function madeKeys(): { signs: Key; verifies: Key } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = (object: KeyObject): Key => ({ alg: 'ES256', object })
  return { signs: key(privateKey), verifies: key(publicKey) }
}

/** Real threads, which the test may watch and end. */
function watched() {
  const workers: Worker[] = []
  const told: { keys: number[]; gone: readonly number[]; texts: number }[] = []
  /** What the thread is not given before the test says so. */
  let held: (() => void)[] | undefined
  const ask = threaded(() => {
    const worker = startThread(SCRIPT, { youngMb: 2 })
    const post = worker.postMessage.bind(worker)
    worker.postMessage = (message: Told) => {
      const { keys, gone, texts } = message
      told.push({ keys: keys.map(([number]) => number), gone, texts: texts.length })
      if (held) held.push(() => post(message))
      else post(message)
    }
    workers.push(worker)
    return worker
  })
  /** Two at once start it; until it is there they are done where they were asked for. */
  const begun = async () => {
    const { signs } = madeKeys()
    expect(await Promise.all([ask(signs, 'a'), ask(signs, 'b')])).not.toContain(undefined)
    await once(workers.at(-1) as Worker, 'message')
  }
  onTestFinished(async () => {
    for (const worker of workers) await worker.terminate()
  })
  const hold = () => {
    held = []
    return () => {
      for (const give of held ?? []) give()
      held = undefined
    }
  }
  return { ask, workers, told, begun, hold }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('the thread that verifies and signs', { timeout: 60_000 }, () => {
  test('gives each asker his own result, however they come (happy)', async () => {
    const { ask, workers, told, begun } = watched()
    await begun()
    const pairs = Array.from({ length: 3 }, madeKeys)
    const pause = () => new Promise((resolve) => setTimeout(resolve, 1))
    const one = fc.record({
      by: fc.nat(2),
      against: fc.nat(2),
      text: fc.string({ unit: 'grapheme-ascii' }),
      waits: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 40 }), async (orders) => {
        await Promise.all(
          orders.map(async ({ by, against, text, waits }) => {
            if (waits) await pause()
            const signature = await ask((pairs[by] as (typeof pairs)[0]).signs, text)
            const verdict = await ask(
              (pairs[against] as (typeof pairs)[0]).verifies,
              `${text}.${signature}`,
            )
            expect(verdict).toBe(by === against)
          }),
        )
      }),
      { numRuns: 30 },
    )
    expect(workers).toHaveLength(1)
    expect(told.flatMap(({ keys }) => keys)).toHaveLength(6)
    expect(Math.max(...told.map(({ texts }) => texts))).toBe(8)
  })

  test('at work it is woken by full messages only, and gets the rest with its next (happy)', async () => {
    const { ask, told, begun, hold } = watched()
    await begun()
    const { signs, verifies } = madeKeys()
    const signature = await ask(signs, 'text')
    const before = told.length
    const sizes = () => told.slice(before).map(({ texts }) => texts)
    const release = hold()
    const asked: Promise<unknown>[] = []
    for (let i = 0; i < 13; i++) {
      asked.push(ask(verifies, `text.${signature}`))
      await turn()
    }
    expect(sizes()).toEqual([1, 1, 8])
    release()
    expect(new Set(await Promise.all(asked))).toEqual(new Set([true]))
    expect(sizes()).toEqual([1, 1, 8, 3])
  })

  test('ended while some still wait for it, it leaves nobody without a result (error)', async () => {
    const { ask, workers, told, begun, hold } = watched()
    await begun()
    const { signs, verifies } = madeKeys()
    const signature = await ask(signs, 'text')
    const before = told.length
    hold()
    const asked: Promise<unknown>[] = []
    for (let i = 0; i < 5; i++) {
      asked.push(ask(verifies, `text.${signature}`))
      await turn()
    }
    expect(told).toHaveLength(before + 2)
    await workers[0]?.terminate()
    expect(await Promise.all(asked)).toEqual(Array(5).fill(true))
  })

  test('ended in the middle, it leaves nobody without a result (error)', async () => {
    const { ask, workers, begun } = watched()
    await begun()
    const { signs, verifies } = madeKeys()
    const signature = await ask(signs, 'text')
    const asked = Array.from({ length: 100 }, (_, i) =>
      ask(verifies, `${i % 2 === 0 ? 'text' : 'other'}.${signature}`),
    )
    const ended = workers[0]?.terminate()
    expect(await Promise.all(asked)).toEqual(asked.map((_, i) => i % 2 === 0))
    await ended
    // Another may start only later; nobody waits for it.
    expect(await ask(verifies, `text.${signature}`)).toBe(true)
    expect(workers).toHaveLength(1)
  })

  test('is followed by another, which learns the keys anew (happy)', async () => {
    const { ask, workers, told, begun } = watched()
    await begun()
    const { signs, verifies } = madeKeys()
    const signature = await ask(signs, 'text')
    await workers[0]?.terminate()
    const later = performance.now() + 11_000
    vi.spyOn(performance, 'now').mockReturnValue(later)
    onTestFinished(() => void vi.restoreAllMocks())
    await begun()
    const before = told.length
    expect(await ask(verifies, `text.${signature}`)).toBe(true)
    expect(await ask(verifies, `other.${signature}`)).toBe(false)
    expect(workers).toHaveLength(2)
    expect(told).toHaveLength(before + 2)
  })

  test('which cannot start costs nobody his result (error)', async () => {
    let starts = 0
    const ask = threaded(() => {
      starts += 1
      return startThread(new URL('./no-such-thread.ts', import.meta.url), { youngMb: 2 })
    })
    const { signs, verifies } = madeKeys()
    const signatures = await Promise.all([ask(signs, 'text'), ask(signs, 'text')])
    for (let i = 0; i < 20; i++)
      for (const one of await Promise.all(
        signatures.map((signature) => ask(verifies, `text.${signature}`)),
      ))
        expect(one).toBe(true)
    expect(starts).toBe(1)
  })

  test('a lone one is done where it is asked for, without a thread (happy)', async () => {
    const { ask, workers } = watched()
    const { signs, verifies } = madeKeys()
    for (let i = 0; i < 20; i++)
      expect(await ask(verifies, `text.${await ask(signs, 'text')}`)).toBe(true)
    expect(workers).toHaveLength(0)
  })

  test('forgets the keys that nobody holds any more (happy)', async () => {
    setFlagsFromString('--expose-gc')
    const gc = runInNewContext('gc') as () => void
    const { ask, told, begun } = watched()
    await begun()
    const kept = madeKeys()
    const signature = await ask(kept.signs, 'text')
    for (let i = 0; i < 20; i++) await ask(madeKeys().verifies, `text.${signature}`)
    await vi.waitFor(
      async () => {
        gc()
        expect(await ask(kept.verifies, `text.${signature}`)).toBe(true)
        expect(told.flatMap(({ gone }) => gone).length).toBeGreaterThan(10)
      },
      { timeout: 10_000 },
    )
    const sent = told.flatMap(({ keys }) => keys)
    expect(new Set(sent).size).toBe(sent.length)
    expect(await ask(kept.signs, 'text')).toHaveLength(86)
  })

  test('holds no process, and lets none end before its result (happy)', async () => {
    const script = `
      import { once } from 'node:events'
      import { generateKeyPairSync } from 'node:crypto'
      import { Worker } from 'node:worker_threads'
      const { threaded } = await import('./src/platform/jws-threaded.ts')
      let worker
      const ask = threaded(() => (worker = new Worker('./src/platform/jws-thread.ts', { execArgv: [] })))
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const key = { alg: 'ES256', object: privateKey }
      await Promise.all([ask(key, 'a'), ask(key, 'b')])
      worker.ref()
      await once(worker, 'message')
      worker.unref()
      ask(key, 'c').then((signature) => console.log(signature.length))`
    const args = ['--input-type=module', '-e', script]
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 20_000 })
    expect(stdout.trim()).toBe('86')
  })

  test('a key that cannot do what is asked says so, and harms no other (error)', async () => {
    const { ask, begun } = watched()
    await begun()
    const { signs, verifies } = madeKeys()
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const [wrongSign, wrongVerify, signature] = await Promise.all([
      ask({ alg: 'ES256', object: privateKey }, 'text'),
      ask({ alg: 'ES256', object: publicKey }, `text.${'A'.repeat(86)}`),
      ask(signs, 'text'),
    ])
    expect([wrongSign, wrongVerify]).toEqual([undefined, false])
    expect(work(verifies, `text.${signature}`)).toBe(true)
  })
})
