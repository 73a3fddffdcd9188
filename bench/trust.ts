import type { Trust, TrustedKey } from '../src/log/trust.ts'

/** The trust file's content, read from a running gateway. */
export async function readTrust(url: string): Promise<Trust> {
  const get = async (path: string) => (await fetch(url + path)).json()
  const metadata = (await get('/.well-known/mianzheng')) as {
    issuer: string
    log: Trust['log'][number]
  }
  const { keys } = (await get('/.well-known/jwks.json')) as {
    keys: (TrustedKey & TrustedKey['jwk'])[]
  }
  const { systems } = (await get('/v1/catalog/systems')) as {
    systems: { id: string; keys: TrustedKey[] }[]
  }
  return {
    issuer: metadata.issuer,
    gateway: keys.map(({ kid, alg, validFrom, kty, crv, x, y }) => ({
      kid,
      alg,
      validFrom,
      jwk: {
        ...(kty ? { kty } : {}),
        ...(crv ? { crv } : {}),
        ...(x ? { x } : {}),
        ...(y ? { y } : {}),
      },
    })),
    log: [metadata.log],
    callers: Object.fromEntries(systems.map((system) => [system.id, system.keys])),
    providers: {},
  }
}
