import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { marriageRows } from '../seed/population.ts'
import { readConfig } from '../src/config.ts'
import { generateSigningKey } from '../src/keys/generate.ts'
import { publicJwk } from '../src/keys/signer.ts'
import { openGateway } from '../src/platform/gateway.ts'
import { seedDemo } from '../src/platform/seed.ts'
import { bumpVersion } from '../src/registry/registry.ts'
import type { Tables } from '../src/storage/tables.ts'
import { liftLimits } from './prepare.ts'
import { RESIDENTS } from './subjects.ts'

export const PROVIDER = 'civil-affairs'
const CIVIL_AFFAIRS = '11990100MB99010327'
const CHUNK = 10_000

type Item = { connector: { kind: string } & Record<string, unknown> } & Record<string, unknown>

/** MAR-01 asked of the provider's own SQLite, which holds the same marriages as the snapshot. */
export async function prepareSql(folder: string): Promise<void> {
  await prepareVariant(folder, ({ lookup, confirm, claims }) => ({
    kind: 'sql',
    source: 'marriages',
    register: 'marriage',
    query: 'SELECT * FROM marriage WHERE id_no = :idNo',
    ...{ lookup, confirm, claims },
  }))
  const db = new Database(join(folder, 'marriages.sqlite'))
  let insert: Database.Statement | undefined
  let inChunk = 0
  db.exec('BEGIN')
  for (const row of marriageRows(RESIDENTS)) {
    const names = Object.keys(row)
    if (!insert) {
      db.exec(`CREATE TABLE marriage (${names.join(', ')})`)
      insert = db.prepare(`INSERT INTO marriage VALUES (${names.map(() => '?').join(', ')})`)
    }
    insert.run(...names.map((name) => row[name] || null))
    if (++inChunk % CHUNK === 0) db.exec('COMMIT; BEGIN')
  }
  db.exec('COMMIT; CREATE INDEX by_id ON marriage (id_no)')
  db.close()
  const sources = { marriages: { kind: 'sqlite', path: 'marriages.sqlite' } }
  writeFileSync(join(folder, 'sources.json'), JSON.stringify(sources), { mode: 0o600 })
}

/** MAR-01 asked of an endpoint on the provider kit, whose key is written to `provider.jwk.json`. */
export async function prepareHttp(folder: string, endpoint: string): Promise<void> {
  const jwk = await generateSigningKey('ES256')
  writeFileSync(join(folder, '..', 'provider.jwk.json'), JSON.stringify(jwk), { mode: 0o600 })
  const system = {
    id: PROVIDER,
    agency: CIVIL_AFFAIRS,
    names: { zh: '婚姻登记', en: 'Marriages' },
    actsFor: [CIVIL_AFFAIRS],
    roles: ['provider'],
    endpoint,
    status: 'active',
    rate: { perSecond: 1, burst: 1 },
  }
  const key: Tables['system_key'] = {
    system: PROVIDER,
    kid: String(jwk.kid),
    alg: 'ES256',
    jwk: JSON.stringify(await publicJwk(jwk)),
    valid_from: 0,
    valid_to: null,
    revoked_at: null,
  }
  const named = (members: unknown) =>
    (members as { subject: string; compare?: string }[]).map(({ subject, compare }) => ({
      subject,
      ...(compare ? { compare } : {}),
    }))
  await prepareVariant(
    folder,
    ({ lookup, confirm }) => ({
      kind: 'http',
      system: PROVIDER,
      lookup: named(lookup),
      confirm: named(confirm),
    }),
    { system, key },
  )
}

async function prepareVariant(
  folder: string,
  rebind: (connector: Item['connector']) => Item['connector'],
  provider?: { system: object; key: Tables['system_key'] },
): Promise<void> {
  rmSync(folder, { recursive: true, force: true })
  // The load signs with the first city's keys.
  cpSync(join(folder, '..', 'city', 'demo-keys'), join(folder, 'demo-keys'), { recursive: true })
  const gateway = await openGateway(readConfig({ DATA_DIR: folder, PORT: '1' }))
  await seedDemo(gateway.deps, folder)
  await liftLimits(gateway)
  const { db } = gateway.deps.store
  const { doc } = await db
    .selectFrom('item')
    .select('doc')
    .where('code', '=', 'MAR-01')
    .executeTakeFirstOrThrow()
  const item = JSON.parse(doc) as Item
  const moved = JSON.stringify({ ...item, connector: rebind(item.connector) })
  await db.updateTable('item').set({ doc: moved }).where('code', '=', 'MAR-01').execute()
  if (provider) {
    const row = { id: PROVIDER, doc: JSON.stringify(provider.system) }
    await db.insertInto('system').values(row).execute()
    await db.insertInto('system_key').values(provider.key).execute()
  }
  await bumpVersion(db)
  await gateway.close()
}
