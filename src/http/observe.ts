import type { Context, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { Code } from '../errors.ts'
import type { Tracing } from '../trace.ts'
import { traceOf } from './trace.ts'

/** What an operator may see of one request: nothing of what it said, nor of whom it is about. */
export type Seen = {
  readonly method: string
  /** The pattern of the route, never the path. */
  readonly route: string
  readonly status: number
  /** Of the closed table, where it was refused. */
  readonly code?: Code
  /** Whether that refusal has an entry in the log; what cannot be attributed has none. */
  readonly isRecorded?: boolean
  readonly millis: number
  readonly trace: Tracing
}

/** Told of each request once its answer is ready. Must not throw, and must be quick. */
export type Observer = (seen: Seen) => void

const REFUSED = 'refused'
const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS']

type Refused = Required<Pick<Seen, 'code' | 'isRecorded'>>

/** Notes the refusal that goes out, for whoever observes. */
export function noteRefused(c: Context, refused: Refused): void {
  c.set(REFUSED, refused)
}

/** Times requests from the first handler to the answer that is ready to be sent. */
export function observing(observers: readonly Observer[]): MiddlewareHandler {
  return async function observe(c, next) {
    const started = performance.now()
    await next()
    const refused: Refused | undefined = c.get(REFUSED)
    const seen: Seen = {
      // Anybody may invent a method; a label may not grow with it.
      method: METHODS.includes(c.req.method) ? c.req.method : 'other',
      route: routeOf(c),
      status: c.res.status,
      ...refused,
      millis: performance.now() - started,
      trace: () => traceOf(c),
    }
    for (const observer of observers) observer(seen)
  }
}

function routeOf(c: Context): string {
  return matchedRoutes(c).find(({ method }) => method !== 'ALL')?.path ?? 'none'
}
