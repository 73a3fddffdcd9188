import { Hono } from 'hono'
import type { Deps } from '../deps.ts'

/** Alive, and ready: a log that cannot sign answers nothing, so it is not ready. */
export function healthRoutes({ log }: Pick<Deps, 'log'>): Hono {
  return new Hono()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      const ready = await log.ready()
      return c.json(
        { status: ready ? 'ready' : 'not-ready', size: log.head().size },
        ready ? 200 : 503,
      )
    })
}
