import { createInterface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import { setTimeout as after } from 'node:timers/promises'
import { styleText } from 'node:util'
import { Presets, SingleBar } from 'cli-progress'

const LINE_EVERY_MILLIS = 3000

type Style = Parameters<typeof styleText>[0]

/** The command line's arguments, without the program's own name. */
export function programArguments(): string[] {
  return process.argv.slice(2)
}

export function environment(): Readonly<Record<string, string | undefined>> {
  return process.env
}

/** One line of the result. */
export function print(line = ''): void {
  process.stdout.write(`${line}\n`)
}

export function printAll(lines: readonly string[]): void {
  for (const line of lines) print(line)
}

/** One line beside the result: with `--json` the result must stay one object. */
export function remark(line = ''): void {
  process.stderr.write(`${line}\n`)
}

/** Styled only where standard output is a terminal that shows colours (NO_COLOR is respected). */
export function tint(style: Style, what: string): string {
  return styleText(style, what, { stream: process.stdout })
}

export function isStyled(): boolean {
  return tint('bold', '') !== ''
}

export function isInteractive(): boolean {
  return Boolean(process.stdin.isTTY && process.stderr.isTTY)
}

export async function askYes(question: string): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^(y|yes|是)$/i.test((await prompt.question(question)).trim())
  } finally {
    prompt.close()
  }
}

export function readStdin(): Promise<string> {
  return text(process.stdin)
}

/** Resolves at the first SIGTERM or SIGINT; a second one ends the process at once. */
export function untilStopped(): Promise<string> {
  return new Promise((resolve) => {
    let stopping = false
    const stop = (signal: NodeJS.Signals) => {
      if (stopping) process.exit(signal === 'SIGINT' ? 130 : 143)
      stopping = true
      resolve(signal)
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
  })
}

/** The process ends with this code once nothing is left to do; a closed pipe is no fault. */
export function finishWith(code: number): void {
  process.exitCode = code
}

export function quietPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      process.exit()
    })
}

export async function pause(millis: number): Promise<void> {
  await after(millis)
}

export type Progress = {
  /** `total` 0: not known. */
  update(done: number, total: number): void
  stop(): void
}

/** A bar on a terminal, a line every few seconds elsewhere; always beside the result. */
export function progress(label: string): Progress {
  return process.stderr.isTTY ? bar(label) : lines(label)
}

function bar(label: string): Progress {
  let drawn: SingleBar | undefined
  return {
    update: (done, total) => {
      if (!drawn) {
        const amount = total > 0 ? '{bar} {percentage}% {value}/{total}' : '{value}'
        const options = { format: `${label} ${amount}`, hideCursor: true, clearOnComplete: true }
        drawn = new SingleBar(options, Presets.rect)
        drawn.start(total, done)
      }
      drawn.setTotal(Math.max(total, done))
      drawn.update(done)
    },
    stop: () => drawn?.stop(),
  }
}

function lines(label: string): Progress {
  let shownAt = Date.now()
  return {
    update: (done, total) => {
      if (Date.now() - shownAt < LINE_EVERY_MILLIS) return
      shownAt = Date.now()
      remark(total > 0 ? `${label} ${done}/${total}` : `${label} ${done}`)
    },
    stop: () => {},
  }
}
