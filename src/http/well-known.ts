import { Hono } from 'hono'
import type { Deps } from '../deps.ts'
import { ALGORITHMS, type PublishedKey } from '../keys/signer.ts'

const CACHE = { 'Cache-Control': 'public, max-age=300' }

export type WellKnown = {
  readonly logIdentity: { readonly origin: string; readonly vkey: string }
  /** The gateway's answer keys, ended ones included, newest first. */
  published(): Promise<readonly PublishedKey[]>
}

/** What a machine needs to begin: addresses, algorithms, keys. */
export function wellKnownRoutes(
  { issuer, sandbox }: Pick<Deps, 'issuer' | 'sandbox'>,
  own: WellKnown,
): Hono {
  const metadata = {
    issuer,
    endpoints: {
      requests: `${issuer}/v1/requests`,
      catalog: `${issuer}/v1/catalog/items`,
      services: `${issuer}/v1/catalog/services`,
      systems: `${issuer}/v1/catalog/systems`,
      jwks: `${issuer}/.well-known/jwks.json`,
      log: `${issuer}/log`,
      openapi: `${issuer}/openapi.json`,
      ...(sandbox ? { sandbox: `${issuer}/v1/sandbox/systems` } : {}),
    },
    algorithms: ALGORITHMS,
    log: own.logIdentity,
    pastLogs: [],
  }
  return new Hono()
    .get('/mianzheng', (c) => c.json(metadata, 200, CACHE))
    .get('/jwks.json', async (c) =>
      c.json({ keys: (await own.published()).map(toJwk) }, 200, CACHE),
    )
}

/** RFC 7517 with three members of our own: evidence is judged as of its entry's time. */
function toJwk({ jwk, validFrom, validTo, revokedAt }: PublishedKey) {
  return { ...jwk, validFrom, ...(validTo ? { validTo } : {}), ...(revokedAt ? { revokedAt } : {}) }
}
