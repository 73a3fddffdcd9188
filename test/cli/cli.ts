import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const LAUNCHER = fileURLToPath(new URL('../../src/cli/mianzheng.mjs', import.meta.url))

export type Ran = { readonly code: number | null; readonly out: string; readonly err: string }

type How = { readonly env?: Record<string, string>; readonly input?: string }

/** The real CLI in a process of its own, without what the surroundings may have set. */
export async function mianzheng(args: readonly string[], how: How = {}): Promise<Ran> {
  const child = start(args, how.env)
  child.stdin.end(how.input ?? '')
  const closed = once(child, 'close') as Promise<[number | null]>
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = await closed
  return { code, out, err }
}

export type Served = {
  readonly url: string
  readonly metricsUrl?: string
  readonly issuer: string
  readonly stale: readonly string[]
  /** What it has said beside its result. */
  readonly remarks: () => string
  readonly stop: () => Promise<number | null>
}

/** `serve --json` on a free port; resolves once it says where it listens. */
export async function served(data: string, env: Record<string, string> = {}): Promise<Served> {
  const child = start(['serve', '--data', data, '--json'], { PORT: '0', ...env })
  let said = ''
  let err = ''
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  for await (const chunk of child.stdout) {
    said += chunk
    if (said.includes('\n')) break
  }
  if (!said.includes('\n')) throw new Error(`serve did not start: ${err}`)
  const stop = async () => {
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'exit')
    return child.exitCode
  }
  return {
    ...(JSON.parse(said) as Pick<Served, 'url' | 'metricsUrl' | 'issuer' | 'stale'>),
    remarks: () => err,
    stop,
  }
}

export function temporary(): { dir: string; remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'mianzheng-cli-'))
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) }
}

function start(
  args: readonly string[],
  env: Record<string, string> = {},
): ChildProcessWithoutNullStreams {
  const bare = { PATH: process.env.PATH ?? '', NO_COLOR: '1' }
  return spawn(process.execPath, [LAUNCHER, ...args], { env: { ...bare, ...env } })
}
