import { type ChildProcess, fork } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ask, Told } from './gateway.ts'

const ROOT = join(import.meta.dirname, '..')
const NODE_COMPILE_CACHE = join(ROOT, 'node_modules', '.cache', 'mianzheng')

/** A gateway under load, in a process of its own. */
export type Running = {
  readonly url: string
  ask(what: Ask['ask']): Promise<number>
  stop(): Promise<void>
}

export async function start(folder: string, databaseUrl?: string): Promise<Running> {
  // The flags of `npm start`, and the cache that its launcher keeps for it and its threads.
  const env = { ...process.env, NODE_COMPILE_CACHE }
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const execArgv = scripts.start.split(' ').filter((word: string) => word.startsWith('--'))
  const args = databaseUrl === undefined ? [folder] : [folder, databaseUrl]
  const child = fork(join(import.meta.dirname, 'gateway.ts'), args, { execArgv, env })
  const ready = (await message(child)) as Told
  if (ready.told !== 'ready') throw new Error('the gateway did not start')
  return {
    url: ready.url,
    ask: async (ask) => {
      const answer = message(child) as Promise<Told>
      child.send({ ask } satisfies Ask)
      const told = await answer
      return told.told === 'value' ? told.value : Number.NaN
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.send({ ask: 'stop' } satisfies Ask)
      }),
  }
}

export function message(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`a bench process ended with ${code}`))
    child.once('exit', ended)
    child.once('message', (told) => {
      child.off('exit', ended)
      resolve(told)
    })
  })
}

const BEAT_MILLIS = 2
const STALL_MILLIS = 20

/**
 * What a process that only sleeps was kept waiting beyond its turn, in milliseconds: no gateway on that
 * machine answers meanwhile, and a percentile says little without it.
 */
export function watchStalls(): { stop(): number } {
  let last = performance.now()
  let stalled = 0
  const beat = setInterval(() => {
    const now = performance.now()
    if (now - last > STALL_MILLIS) stalled += now - last
    last = now
  }, BEAT_MILLIS)
  return {
    stop: () => {
      clearInterval(beat)
      return stalled
    },
  }
}

/** Clock ticks a second in /proc: 100 on every Linux that Node runs on. */
const MICROS_PER_TICK = 10_000

/**
 * CPU of a process and its descendants so far, those that have ended too; in microseconds. NaN where there
 * is no /proc.
 */
export function cpuOfTree(root: number): number {
  try {
    const stats = readdirSync('/proc').flatMap((pid) => (/^\d+$/.test(pid) ? [statOf(pid)] : []))
    const ticksOf = (pid: number): number => {
      const own = stats.find((one) => one?.pid === pid)?.ticks ?? 0
      const children = stats.filter((one) => one?.parent === pid)
      return children.reduce((sum, one) => sum + ticksOf(one?.pid ?? 0), own)
    }
    return ticksOf(root) * MICROS_PER_TICK
  } catch {
    return Number.NaN
  }
}

/** proc(5): fields behind the name, which may hold anything but ends with the last bracket. */
function statOf(pid: string) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [, parent] = fields
    const ticks = fields.slice(11, 15).reduce((sum, one) => sum + one, 0)
    return { pid: Number(pid), parent, ticks }
  } catch {
    return undefined
  }
}

export function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  )
}

export function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN
}
