import { importJWK } from 'jose'
import { type Config, ConfigError } from '../config.ts'
import type { Operator } from '../http/operator-proof.ts'
import { readSystemJwk } from '../registry/system-keys.ts'
import { readCsv } from './csv-rows.ts'

/** Who may upload; undefined where nobody may. @throws ConfigError for a key that cannot be one. */
export async function operatorOf({
  operatorKey,
}: Pick<Config, 'operatorKey'>): Promise<Operator | undefined> {
  if (operatorKey === undefined) return undefined
  try {
    const jwk = await readSystemJwk(JSON.parse(operatorKey))
    return { jwk, verifier: (await importJWK(jwk, jwk.alg)) as CryptoKey, readCsv }
  } catch (error) {
    const why = error instanceof SyntaxError ? 'not JSON' : (error as Error).message
    throw new ConfigError(`The environment does not fit:\n  OPERATOR_KEY: ${why}`)
  }
}
