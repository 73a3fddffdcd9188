import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Deps } from '../deps.ts'
import { recordChange } from '../log/change.ts'
import { bumpVersion } from '../registry/registry.ts'
import { HOME } from './places.ts'

const START_MILLIS = 15_000

export type DemoProvider = { stop(): void }

type Around = { readonly gateway: string; readonly dataDir: string }

/**
 * Starts the example provider (examples/provider) as a process of its own, as an agency would run it,
 * and tells the registry where it listens. It ends with this process, however that ends.
 *
 * @returns undefined where no system is a provider.
 */
export async function startDemoProvider(
  deps: Pick<Deps, 'store' | 'log' | 'crypto' | 'registry' | 'report'>,
  around: Around,
): Promise<DemoProvider | undefined> {
  const { systems } = await deps.registry.view()
  const providers = [...systems.values()].filter(({ roles }) => roles.includes('provider'))
  if (providers.length === 0) return undefined
  const { listening, stop } = await spawnDemoProvider(around)
  for (const system of providers)
    await moveTo(deps, system.id, { ...system, endpoint: `${listening}/${system.id}` })
  await deps.registry.refresh()
  return { stop }
}

/** The example provider, listening on a port of its own choice. */
export async function spawnDemoProvider({
  gateway,
  dataDir,
}: Around): Promise<DemoProvider & { readonly listening: string }> {
  const keys = join(dataDir, 'demo-keys')
  const args = ['--gateway', gateway, '--keys', keys, '--port', '0', '--attached']
  const child = spawn(process.execPath, [join(HOME, 'examples/provider/main.ts'), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  return { listening: await listeningAt(child), stop: () => void child.kill() }
}

function listeningAt(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const failed = (why: string) => {
      clearTimeout(late)
      reject(new Error(`the demo provider did not start: ${why}`))
    }
    const late = setTimeout(() => failed('it says nothing'), START_MILLIS)
    child.once('exit', (code) => failed(`exit ${code}`))
    child.once('error', (error) => failed(error.message))
    if (!child.stdout) return failed('no output')
    createInterface(child.stdout).on('line', (line) => {
      const { listening } = JSON.parse(line) as { listening?: string }
      if (!listening) return
      clearTimeout(late)
      resolve(listening)
    })
  })
}

/** Recorded before it takes effect, like every change of the registry. */
async function moveTo(
  { store, log, crypto }: Pick<Deps, 'store' | 'log' | 'crypto'>,
  id: string,
  system: object,
): Promise<void> {
  const doc = JSON.stringify(system)
  await recordChange(log, { what: 'system', id, hash: crypto.digest(doc) })
  await store.db.updateTable('system').set({ doc }).where('id', '=', id).execute()
  await bumpVersion(store.db)
}
