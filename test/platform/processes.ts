import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { openGateway } from '../../src/platform/gateway.ts'
import { seedDemo } from '../../src/platform/seed.ts'
import { bumpVersion } from '../../src/registry/registry.ts'
import type { Members } from '../caller.ts'
import { amend } from '../city.ts'
import { configOf, ISSUER, temporaryFolder } from '../harness.ts'

/** A seeded data folder on the real clock, for gateways that are processes of their own. */
export async function seededNow(rate: Members): Promise<string> {
  const dir = temporaryFolder()
  const gateway = await openGateway(configOf(dir), { report: () => {} })
  await seedDemo(gateway.deps, dir)
  await amend(gateway.deps, 'system', { id: 'housing-bureau', members: { rate } })
  await amend(gateway.deps, 'agreement', {
    id: 'housing-mar',
    members: { dailyQuota: 1_000_000_000 },
  })
  await bumpVersion(gateway.deps.store.db)
  await gateway.close()
  return dir
}

export type Running = {
  readonly url: string
  readonly child: ChildProcess
  /** How it ended: exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>
  /** Everything it has said on standard error. */
  complaints(): string
}

/** The command as a user runs it. Resolves once it listens. */
export async function startGateway(
  dir: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const main = fileURLToPath(new URL('../../src/cli/mianzheng.mjs', import.meta.url))
  const own = { DATA_DIR: dir, ISSUER, PORT: '0', HOST: '127.0.0.1', SEED: 'none' }
  const child = spawn(process.execPath, [main, 'serve', '--json'], {
    env: { ...process.env, ...own, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  let complained = ''
  child.stderr.on('data', (part) => {
    complained += part
  })
  const ended = once(child, 'exit').then(([code, signal]) => code ?? signal)
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (part) => {
      said += part
      // One that does not start says so too, and ends.
      if (said.includes('\n') && JSON.parse(said).ok) resolve(JSON.parse(said).url)
    })
    void ended.then((how) => reject(new Error(`it ended with ${how}: ${complained}`)))
  })
  return { url, child, ended, complaints: () => complained }
}
