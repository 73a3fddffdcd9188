import { Hono } from 'hono'
import type { Deps } from '../deps.ts'
import { ALGORITHMS, type PublishedKey } from '../keys/signer.ts'
import { type PastLog, shardName } from '../log/shard.ts'

const CACHE = { 'Cache-Control': 'public, max-age=300' }

export type WellKnown = {
  readonly logIdentity: { readonly origin: string; readonly vkey: string }
  /** The gateway's answer keys, ended ones included, newest first. */
  published(): Promise<readonly PublishedKey[]>
}

/** What a machine needs to begin: addresses, algorithms, keys. */
export function wellKnownRoutes(
  { issuer, sandbox, log }: Pick<Deps, 'issuer' | 'sandbox' | 'log'>,
  own: WellKnown,
): Hono {
  const { shard, base } = log.head()
  const metadata = {
    issuer,
    endpoints: {
      requests: `${issuer}/v1/requests`,
      catalog: `${issuer}/v1/catalog/items`,
      services: `${issuer}/v1/catalog/services`,
      systems: `${issuer}/v1/catalog/systems`,
      jwks: `${issuer}/.well-known/jwks.json`,
      log: `${issuer}/${shardName(shard)}`,
      openapi: `${issuer}/openapi.json`,
      ...(sandbox ? { sandbox: `${issuer}/v1/sandbox/systems` } : {}),
    },
    algorithms: ALGORITHMS,
    log: { ...own.logIdentity, ...(shard > 1 ? { base } : {}) },
    pastLogs: log.past.map(pastLog),
  }
  return new Hono()
    .get('/mianzheng', (c) => c.json(metadata, 200, CACHE))
    .get('/jwks.json', async (c) =>
      c.json({ keys: (await own.published()).map(toJwk) }, 200, CACHE),
    )
}

/** `base` is the number of the log's first entry; `size` counts what is held of it. */
function pastLog({ origin, vkey, base, size, checkpoint }: PastLog) {
  return { origin, vkey, base, size, checkpoint }
}

/** RFC 7517 with three members of our own: evidence is judged as of its entry's time. */
function toJwk({ jwk, validFrom, validTo, revokedAt }: PublishedKey) {
  return { ...jwk, validFrom, ...(validTo ? { validTo } : {}), ...(revokedAt ? { revokedAt } : {}) }
}
