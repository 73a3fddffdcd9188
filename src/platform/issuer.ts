import { type Config, ConfigError } from '../config.ts'
import type { Store } from '../storage/store.ts'
import { type GatewayKeys, KeyError } from './key-file.ts'

type Named = Pick<Store, 'db'> & {
  /** What an error calls the database. */
  readonly where: string
}

/**
 * The issuer is what every signature and receipt is bound to; a database keeps its own.
 *
 * @param fallback where none is wanted and none is stored.
 * @throws ConfigError where the database belongs to another.
 */
export async function settleIssuer(
  { db, where }: Named,
  wanted: string | undefined,
  fallback: string,
): Promise<string> {
  const settled = await settle(db, 'issuer', wanted ?? fallback)
  if (wanted && settled !== wanted)
    throw new ConfigError(
      `${where} 属于签发者 ${settled}，不属于 ${wanted}。It belongs to the issuer ${settled}, not to ${wanted}: use another one.`,
    )
  return settled
}

const DEFAULT_HOST = 'http://localhost'

/** The issuer of the database that a configuration names. @throws ConfigError. */
export function issuerOf({ db }: Pick<Store, 'db'>, config: Config): Promise<string> {
  const { issuer, port, databaseUrl, dataDir } = config
  const where = databaseUrl ? 'DATABASE_URL' : dataDir
  return settleIssuer({ db, where }, issuer, `${DEFAULT_HOST}:${port}`)
}

/** A log has one key: who holds another one must not sign in it. @throws KeyError. */
export async function settleLogKey(
  { db, where }: Named,
  { log }: Pick<GatewayKeys, 'log'>,
): Promise<void> {
  const own = String(log.jwk.x)
  if ((await settle(db, 'log-key', own)) !== own)
    throw new KeyError(
      `${where} holds another log key than the one that this database was signed with`,
    )
}

/** What a database was given first stays: of two nodes that start at once, one is right. */
async function settle(db: Store['db'], key: string, value: string): Promise<string> {
  await db
    .insertInto('meta')
    .values({ key, value })
    .onConflict((on) => on.doNothing())
    .execute()
  const row = db.selectFrom('meta').select('value').where('key', '=', key)
  return (await row.executeTakeFirstOrThrow()).value
}
