import { type Config, ConfigError } from '../config.ts'
import type { Store } from '../storage/store.ts'

/**
 * The issuer is what every signature and receipt is bound to; a store keeps its own.
 *
 * @param fallback where none is configured and none is stored.
 * @throws ConfigError where the store belongs to another.
 */
export async function settleIssuer(
  { db }: Pick<Store, 'db'>,
  { issuer: wanted, dataDir }: Pick<Config, 'issuer' | 'dataDir'>,
  fallback: string,
): Promise<string> {
  const row = await db
    .selectFrom('meta')
    .select('value')
    .where('key', '=', 'issuer')
    .executeTakeFirst()
  if (row && wanted && row.value !== wanted)
    throw new ConfigError(
      `${dataDir} belongs to the issuer ${row.value}, not to ${wanted}: use another DATA_DIR`,
    )
  if (row) return row.value
  const issuer = wanted ?? fallback
  await db.insertInto('meta').values({ key: 'issuer', value: issuer }).execute()
  return issuer
}
