import { Hono } from 'hono'
import type { Deps } from '../deps.ts'

type Check = 'ok' | 'unavailable'

/** Alive, and ready: without a log, a key that signs or a registry to judge by nothing is answered. */
export function healthRoutes({
  log,
  signer,
  registry,
}: Pick<Deps, 'log' | 'signer' | 'registry'>): Hono {
  const checked = {
    log: together(() => log.ready()),
    signer: together(async () => (await signer.ready?.()) !== false),
    // Read again from the database: what is in memory would outlive it.
    registry: together(() => registry.refresh().then(() => true)),
  }
  return new Hono()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      const asked = Object.entries(checked).map(
        async ([name, check]): Promise<[string, Check]> => [name, await check()],
      )
      const answers = await Promise.all(asked)
      const isReady = answers.every(([, answer]) => answer === 'ok')
      const checks = Object.fromEntries(answers)
      const status = isReady ? 'ready' : 'not-ready'
      return c.json({ status, size: log.head().size, checks }, isReady ? 200 : 503)
    })
}

/** Anybody may ask, so those who ask at once share one look; what went wrong is not for them. */
function together(look: () => Promise<boolean>): () => Promise<Check> {
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
