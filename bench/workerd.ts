import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import { marriageRows } from '../seed/population.ts'
import { upload, uploaderOf } from '../src/cli/upload.ts'
import { uploadCity } from '../src/cli/upload-city.ts'
import { readCity } from '../src/platform/seed.ts'
import { freePort } from '../src/platform/serve.ts'
import {
  hasWrangler,
  operatorFile,
  prepareWorkers,
  startWrangler,
} from '../src/platform/wrangler.ts'

const RATE = { perSecond: 1_000_000, burst: 1_000_000 }
const QUOTA = 1_000_000_000

export type Workerd = { readonly url: string; readonly pid: number; stop(): Promise<void> }

/**
 * The same city in a Durable Object on the local workerd, its state on disk, brought there by upload: no
 * limits in the way, and the callers' keys of the city that the load signs for.
 *
 * @returns undefined where no workerd can run.
 */
export async function startWorkerd(
  folder: string,
  { issuer, keysOf, residents }: { issuer: string; keysOf: string; residents: number },
): Promise<Workerd | undefined> {
  if (!hasWrangler()) return undefined
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  cpSync(join(keysOf, 'demo-keys'), join(folder, 'demo-keys'), { recursive: true })
  const envFile = await prepareWorkers(folder, { ISSUER: issuer })
  const worker = await startWrangler({
    dataDir: folder,
    envFile,
    port: await freePort('127.0.0.1'),
  })
  const city = await readCity(folder, Date.now())
  const { systems, agreements } = city.documents
  const documents = {
    ...city.documents,
    systems: systems.map((system) => ({ ...system, rate: RATE })),
    agreements: agreements.map((agreement) => ({ ...agreement, dailyQuota: QUOTA })),
  }
  const uploader = await uploaderOf({ to: worker.url, operatorKey: operatorFile(folder) })
  await uploadCity(uploader, { ...city, documents })
  const body = new TextEncoder().encode(stringify([...marriageRows(residents)], { header: true }))
  await upload(uploader, { path: '/v1/operator/registers/marriage', type: 'text/csv', body })
  return { url: worker.url, pid: worker.child.pid ?? 0, stop: worker.stop }
}
