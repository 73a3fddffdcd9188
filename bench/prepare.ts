import { cpSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { base64url } from 'jose'
import { marriageRows } from '../seed/population.ts'
import { readConfig } from '../src/config.ts'
import { stageSnapshot, switchSnapshot } from '../src/connector/import.ts'
import { indexRow } from '../src/evidence/pseudonyms.ts'
import { leafText } from '../src/log/entry.ts'
import { type Gateway, openGateway } from '../src/platform/gateway.ts'
import { seedDemo } from '../src/platform/seed.ts'
import { bumpVersion } from '../src/registry/registry.ts'
import type { Draft } from '../src/storage/store.ts'
import { RESIDENTS } from './subjects.ts'

const PENDING = 2048
/** Length of the sealed strings of a MAR-01 exchange with two predicates. */
const SEALED_BYTES = 1900

export type Say = (line: string) => void

type CityOptions = {
  readonly residents?: number
  readonly databaseUrl?: string
  /** The city whose callers' keys are registered here too. */
  readonly keysOf?: string
}

/** A city with the demo registry, no limits in the way, and the marriages of so many residents. */
export async function prepareCity(
  folder: string,
  say: Say,
  { residents = RESIDENTS, databaseUrl, keysOf }: CityOptions = {},
): Promise<void> {
  rmSync(folder, { recursive: true, force: true })
  if (keysOf !== undefined)
    cpSync(join(keysOf, 'demo-keys'), join(folder, 'demo-keys'), { recursive: true })
  const config = readConfig({ DATA_DIR: folder, DATABASE_URL: databaseUrl, PORT: '1' })
  const gateway = await openGateway(config)
  await seedDemo(gateway.deps, folder)
  await liftLimits(gateway)
  const { db } = gateway.deps.store
  const { registers } = await gateway.deps.registry.view()
  const register = registers.get('marriage')?.register
  if (!register) throw new Error('no register marriage')
  const options = {
    register,
    asOf: Date.now(),
    version: 'bench',
    onProgress: (n: number) => say(`marriages ${n}`),
  }
  await switchSnapshot(db, register.id, await stageSnapshot(db, sourceRows(residents), options))
  await gateway.close()
}

function* sourceRows(residents: number) {
  let line = 2
  for (const row of marriageRows(residents)) {
    const cells = Object.entries(row).filter(([, cell]) => cell !== '')
    yield { line: line++, row: Object.fromEntries(cells) }
  }
}

/** No quota and no rate: what is measured is the path. */
export async function liftLimits({ deps: { store } }: Gateway): Promise<void> {
  const agreements = await store.db.selectFrom('agreement').selectAll().execute()
  for (const { id, doc } of agreements) {
    const lifted = JSON.stringify({ ...JSON.parse(doc), dailyQuota: 1_000_000_000 })
    await store.db.updateTable('agreement').set({ doc: lifted }).where('id', '=', id).execute()
  }
  const systems = await store.db.selectFrom('system').selectAll().execute()
  for (const { id, doc } of systems) {
    const lifted = JSON.stringify({
      ...JSON.parse(doc),
      rate: { perSecond: 1e6, burst: 1_000_000 },
    })
    await store.db.updateTable('system').set({ doc: lifted }).where('id', '=', id).execute()
  }
  await bumpVersion(store.db)
}

/** A copy whose log holds `entries` full-size records, appended by the product's own append. */
export async function growLog(
  from: string,
  to: string,
  entries: number,
  say: Say,
): Promise<number> {
  rmSync(to, { recursive: true, force: true })
  cpSync(from, to, { recursive: true })
  const gateway = await openGateway(readConfig({ DATA_DIR: to, PORT: '1' }))
  const { log } = gateway.deps
  const start = performance.now()
  const first = log.head().size
  for (let done = first; done < entries; done = log.head().size) {
    const count = Math.min(PENDING, entries - done)
    await Promise.all(Array.from({ length: count }, () => log.append(fullDraft(gateway))))
    if (done % (PENDING * 16) < PENDING) say(`log ${done}`)
  }
  const perSecond = ((entries - first) * 1000) / (performance.now() - start)
  await gateway.close()
  return perSecond
}

function fullDraft({ deps: { crypto } }: Gateway): Draft {
  const hash = () => base64url.encode(crypto.randomBytes(32))
  const { row, indexHash } = indexRow(crypto, {
    subject: hash(),
    caseNo: 'c',
    official: 'o',
  })
  const purpose = { service: 'S04', basis: 'PRH-MEASURES', scenario: 'eligibility-review' }
  const fields = {
    kind: 'exchange',
    agreement: 'housing-mar',
    caller: 'housing-bureau',
    item: 'MAR-01@1',
    outcome: 'ANSWERED',
    requester: '11990100MB9901075L',
    purpose,
    requestHash: hash(),
    answerHash: hash(),
    indexHash,
  } as const
  const sealed = crypto.randomBytes(SEALED_BYTES)
  const day = new Date().toISOString().slice(0, 10)
  const seen = hash().slice(0, 20)
  return {
    leaf: (time) => leafText(fields, time),
    retryKey: crypto.randomBytes(32),
    evidence: { sealed, dataKey: crypto.randomBytes(40), kek: 'sealing-1', ...row },
    counter: { key: 'housing-mar', day, limit: Number.MAX_SAFE_INTEGER },
    probe: { key: crypto.randomBytes(32), day, join: () => seen },
  }
}

export function isPrepared(folder: string): boolean {
  return existsSync(`${folder}/gateway.sqlite`)
}
