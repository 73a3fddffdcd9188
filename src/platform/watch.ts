import { hash, timingSafeEqual } from 'node:crypto'
import { Hono } from 'hono'
import type { Watch } from '../app.ts'
import type { Config } from '../config.ts'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { type Exposition, metricsRoute } from '../http/metrics.ts'
import type { Observer } from '../http/observe.ts'
import { onError } from '../http/problem.ts'
import type { Metrics } from './measures.ts'

export type WatchSettings = Partial<Pick<Config, 'metrics' | 'logRequests'>>

/** What the operator asked to see, and on which port: on one of their own the metrics are not on the gateway's. */
export function watchBy(
  { report }: Pick<Deps, 'report'>,
  { metrics: wanted, logRequests = false }: WatchSettings,
  metrics: Metrics | undefined,
): Watch & { readonly own?: { readonly port: number; readonly exposition: Exposition } } {
  const observers = [
    ...(metrics ? [metrics.observer] : []),
    ...(logRequests ? [requestLine(report)] : []),
  ]
  if (!metrics || !wanted) return { observers }
  const { contentType, text } = metrics
  const exposition = { contentType, text, admits: admitting(wanted.token) }
  const { port } = wanted
  return port === undefined ? { observers, exposition } : { observers, own: { port, exposition } }
}

/** The metrics and nothing else, for a port of their own. */
export function metricsApp(
  deps: Pick<Deps, 'issuer' | 'report' | 'clock' | 'look' | 'signIn'>,
  exposition: Exposition,
): Hono {
  const app = new Hono()
  app.onError(onError(deps))
  app.notFound(() => {
    throw new Refusal('not-found')
  })
  return app.route('/', metricsRoute(exposition))
}

/** Hashes of one length compare in constant time, whatever was sent. */
function admitting(token: string | undefined): Exposition['admits'] {
  if (token === undefined) return () => true
  const digest = (text: string) => hash('sha256', text, 'buffer')
  const own = digest(token)
  return (given) => timingSafeEqual(digest(given), own)
}

/** One line a request: what happened to it, and nothing that it said. */
function requestLine(report: Deps['report']): Observer {
  return ({ method, route, status, code, millis, trace }) => {
    const fields = { method, route, status, ...(code ? { code } : {}) }
    report('request', { ...fields, millis: Math.round(millis * 10) / 10, trace: trace().id })
  }
}
