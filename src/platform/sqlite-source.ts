import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ProviderFailure } from '../connector/connector.ts'
import type { Row } from '../connector/rows.ts'
import { type SqlSource, WritableSource } from '../connector/sql.ts'
import type { SqliteReply, SqliteTask } from './sqlite-child.ts'

const CHILD = fileURLToPath(new URL('./sqlite-child.ts', import.meta.url))

/** Beyond these, answers would come too late for their callers anyway. */
const WAITING_MAX = 64

/** On a busy machine a process is slow to start, which is not the provider's fault. */
const START_MILLIS = 5000

/** A reader that nobody asks gives its memory (about 70 MB) back. */
const IDLE_MILLIS = 60_000

export type SqliteOptions = {
  /** For the operator's log. */
  readonly name: string
  readonly path: string
  readonly timeoutMillis: number
  readonly maxRows: number
}

type Unnumbered<T> = T extends { readonly id: number } ? Omit<T, 'id'> : never

type Job = {
  readonly id: number
  readonly task: Unnumbered<SqliteTask>
  readonly resolve: (rows: readonly Row[]) => void
  readonly reject: (error: Error) => void
  readonly deadline: NodeJS.Timeout
}

/**
 * A provider's SQLite file, read in a process of its own: one for each source, so that no agency's slow
 * file delays another's. Look-ups run one after the other; each has `timeoutMillis` from when it is asked,
 * and what it takes to start the process where there is none yet.
 *
 * A process, not a worker thread: `Worker.terminate` cannot stop a thread inside SQLite, and this SQLite
 * is built without a progress callback. A process is killed in the middle of a query that runs away; its
 * handle is read-only, so there is nothing to damage, and the next look-up starts another.
 */
export function sqliteSource({ name, path, timeoutMillis, maxRows }: SqliteOptions): SqlSource {
  const waiting: Job[] = []
  let running: Job | undefined
  let child: ChildProcess | undefined
  let isReady = false
  let idle: NodeJS.Timeout | undefined
  let closed = false
  let count = 0

  function start(): ChildProcess {
    const args = [path, String(maxRows), String(timeoutMillis)]
    const started = fork(CHILD, args, {
      env: {},
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    started.on('message', (reply: SqliteReply) => {
      if (child === started) settle(reply)
    })
    // Killed by us it is no longer `child`; otherwise it died under whatever it ran.
    const died = () => {
      if (child !== started) return
      child = undefined
      isReady = false
      fail(running, new ProviderFailure('down', `the reader of ${name} ended`))
    }
    started.on('exit', died)
    started.on('error', died)
    return started
  }

  function stop(): void {
    clearTimeout(idle)
    const stopped = child
    child = undefined
    isReady = false
    stopped?.kill('SIGKILL')
  }

  function next(): void {
    clearTimeout(idle)
    if (running) return
    running = waiting.shift()
    if (!running) {
      idle = setTimeout(stop, IDLE_MILLIS).unref()
      return
    }
    child ??= start()
    const { id, task } = running
    child.send({ id, ...task } as SqliteTask, (error) => {
      if (error && running?.id === id) stop()
      if (error) fail(running, new ProviderFailure('down', `the reader of ${name} ended`))
    })
  }

  function settle(reply: SqliteReply): void {
    isReady = true
    const job = running
    if (!job || job.id !== reply.id) return
    if ('rows' in reply) {
      done(job)
      job.resolve(reply.rows)
      next()
    } else if (reply.fault === 'writable') fail(job, new WritableSource(`${name} can be written`))
    else fail(job, new ProviderFailure(reply.fault, `${name}: ${reply.what}`))
  }

  function done(job: Job): void {
    clearTimeout(job.deadline)
    if (running === job) running = undefined
    const at = waiting.indexOf(job)
    if (at >= 0) waiting.splice(at, 1)
  }

  function fail(job: Job | undefined, error: Error): void {
    if (!job) return
    done(job)
    job.reject(error)
    next()
  }

  function expire(job: Job): void {
    if (job === running) stop()
    fail(job, new ProviderFailure('timeout', `${name}: no answer in ${timeoutMillis} ms`))
  }

  function ask(task: Unnumbered<SqliteTask>): Promise<readonly Row[]> {
    if (closed) return Promise.reject(new ProviderFailure('down', 'the gateway is stopping'))
    if (waiting.length >= WAITING_MAX)
      return Promise.reject(new ProviderFailure('down', `${name}: too many look-ups wait`))
    return new Promise((resolve, reject) => {
      count += 1
      const patience = isReady ? timeoutMillis : timeoutMillis + START_MILLIS
      const deadline = setTimeout(() => expire(job), patience)
      const job: Job = { id: count, task, resolve, reject, deadline }
      waiting.push(job)
      next()
    })
  }

  return {
    query: (text, values) => ask({ kind: 'query', text, values }),
    checkReadOnly: async () => {
      await ask({ kind: 'check' })
    },
    close: async () => {
      closed = true
      stop()
      for (const job of [running, ...waiting])
        fail(job, new ProviderFailure('down', 'the gateway is stopping'))
      clearTimeout(idle)
    },
  }
}
