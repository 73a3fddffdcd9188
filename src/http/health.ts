import { Hono } from 'hono'
import type { Deps } from '../deps.ts'

type Check = 'ok' | 'unavailable'

type Needs = Pick<Deps, 'log' | 'signer' | 'registry'>

/** Alive, and ready: without a log, a key that signs or a registry to judge by nothing is answered. */
export function healthRoutes(deps: Needs): Hono {
  const look = readiness(deps)
  return new Hono()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      const checks = await look()
      const isReady = Object.values(checks).every((check) => check === 'ok')
      const status = isReady ? 'ready' : 'not-ready'
      return c.json({ status, size: deps.log.head().size, checks }, isReady ? 200 : 503)
    })
}

/**
 * Looks at what answering needs. Anybody may make us look, so those who ask at once share one look; and
 * what exactly is wrong is not for them.
 */
export function readiness({ log, signer, registry }: Needs) {
  const checks = {
    log: shared(() => log.ready()),
    signer: shared(async () => (await signer.ready?.()) !== false),
    // Read again from the database: what is in memory would outlive it.
    registry: shared(() => registry.refresh().then(() => true)),
  }
  return async (): Promise<Readonly<Record<keyof typeof checks, Check>>> => {
    const all = [checks.log(), checks.signer(), checks.registry()] as const
    const [ofLog, ofSigner, ofRegistry] = await Promise.all(all)
    return { log: ofLog, signer: ofSigner, registry: ofRegistry }
  }
}

function shared(look: () => Promise<boolean>): () => Promise<Check> {
  let looking: Promise<Check> | undefined
  return () => {
    looking ??= look()
      .then((isOk): Check => (isOk ? 'ok' : 'unavailable'))
      .catch((): Check => 'unavailable')
      .finally(() => {
        looking = undefined
      })
    return looking
  }
}
