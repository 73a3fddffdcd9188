import { Hono } from 'hono'
import type { Deps } from '../deps.ts'

/** Alive, and ready: without a log or a key that signs nothing is answered. */
export function healthRoutes({ log, signer }: Pick<Deps, 'log' | 'signer'>): Hono {
  return new Hono()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      const signs = (await signer.ready?.()) !== false
      const ready = (await log.ready()) && signs
      return c.json(
        { status: ready ? 'ready' : 'not-ready', size: log.head().size },
        ready ? 200 : 503,
      )
    })
}
