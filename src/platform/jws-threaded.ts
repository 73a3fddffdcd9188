import type { Worker } from 'node:worker_threads'
import type { Told } from './jws-thread.ts'
import { type Done, type Key, work } from './jws-work.ts'
import { AGAIN_MILLIS, startThread } from './thread.ts'

/** Texts in one message at the most: what the thread gives back first is gone on with while it does the rest. */
const TEXTS_MAX = 8
/** Messages that the thread has, before one that is not full waits for an answer to one of them. */
const AHEAD_MAX = 2

type Job = { readonly key: Key; readonly text: string; readonly resolve: (done: Done) => void }

/** One thread, once it has begun; the jobs that it has, and the keys that it knows by number. */
type Running = {
  readonly worker: Worker
  readonly jobs: Job[]
  readonly numbers: WeakMap<Key, number>
  readonly gone: number[]
  next: number
  /** Messages not answered yet. */
  ahead: number
  isReady: boolean
}

/**
 * JWS operations by one thread, several to a message: to wake a thread costs the one that answers requests
 * as much as a third of what it wakes it for. It starts when two are waiting at once, so a small gateway
 * never has it, and nobody waits for it to start. Whoever asks waits for a result, never for an error: what
 * a thread had when it ended is done here, as is everything until another may start.
 */
export function threaded(
  start: () => Worker = startWorker,
): (key: Key, text: string) => Promise<Done> {
  let running: Running | undefined
  let waiting: Job[] = []
  let mayStartAt = 0

  function begin(): Running {
    const begun = runningOn(start())
    begun.worker.on('message', () => setImmediate(look))
    begun.worker.once('exit', () => {
      if (running === begun) running = undefined
      mayStartAt = performance.now() + AGAIN_MILLIS
      doHere(begun.jobs)
      look()
    })
    return begun
  }

  function send(): void {
    const jobs = waiting
    if (jobs.length === 0) return
    waiting = []
    if (!running && jobs.length > 1 && performance.now() >= mayStartAt) running = begin()
    if (!running?.isReady) {
      doHere(jobs)
      return
    }
    running.ahead += 1
    // A command must not end between a question and its answer.
    if (running.jobs.length === 0) running.worker.ref()
    running.jobs.push(...jobs)
    running.worker.postMessage(message(running, jobs))
  }

  /** What came meanwhile goes along with what waits for the thread: it needs no waking of its own. */
  function look(): void {
    if (!running || running.ahead < AHEAD_MAX) send()
  }

  return (key, text) =>
    new Promise((resolve) => {
      waiting.push({ key, text, resolve })
      if (waiting.length === 1) setImmediate(look)
      else if (waiting.length === TEXTS_MAX) send()
    })
}

function runningOn(worker: Worker): Running {
  const jobs: Job[] = []
  const known = { numbers: new WeakMap(), gone: [], next: 0, ahead: 0 }
  const running: Running = { worker, jobs, ...known, isReady: false }
  worker.on('message', (done: readonly Done[]) => {
    // The first says only that the thread is there.
    if (running.isReady) running.ahead -= 1
    running.isReady = true
    const ended = jobs.splice(0, done.length)
    if (jobs.length === 0) worker.unref()
    ended.forEach(({ resolve }, i) => {
      resolve(done[i])
    })
  })
  return running
}

function doHere(jobs: readonly Job[]): void {
  for (const { key, text, resolve } of jobs) resolve(work(key, text))
}

function message(running: Running, jobs: readonly Job[]): Told {
  const keys: (readonly [number, Key])[] = []
  const texts = jobs.map(({ key, text }) => {
    const known = running.numbers.get(key)
    if (known !== undefined) return [known, text] as const
    const number = running.next++
    running.numbers.set(key, number)
    COLLECTED.register(key, { number, running })
    keys.push([number, key])
    return [number, text] as const
  })
  return { keys, gone: running.gone.splice(0), texts }
}

/** A registry that is read anew has new keys; the thread must not keep those of all its predecessors. */
const COLLECTED = new FinalizationRegistry<{ number: number; running: Running }>(
  ({ number, running }) => running.gone.push(number),
)

function startWorker(): Worker {
  return startThread(new URL('./jws-thread.ts', import.meta.url), { youngMb: 2 })
}
