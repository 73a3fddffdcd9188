import { Hono } from 'hono'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'

const FOR_GOOD = 'public, max-age=31536000, immutable'

/**
 * `/assets/<hash>/<name>`. Another release's hash (a page from before an upgrade, or from another node during
 * one) gets this release's file and may not keep it.
 */
export function assetRoutes({ look }: Pick<Deps, 'look'>): Hono {
  return new Hono().get('/:hash/:name{.+}', (c) => {
    const file = look.files.get(c.req.param('name'))
    if (!file) throw new Refusal('not-found')
    const isCurrent = c.req.param('hash') === look.hash
    return c.body(file.body, 200, {
      'Content-Type': file.type,
      'Cache-Control': isCurrent ? FOR_GOOD : 'no-cache',
    })
  })
}
