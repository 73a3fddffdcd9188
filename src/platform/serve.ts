import { type AddressInfo, createServer } from 'node:net'
import { serve } from '@hono/node-server'
import type { Hono } from 'hono'
import { createApp } from '../app.ts'
import type { Config } from '../config.ts'
import { closeOrphans } from '../exchange/intend.ts'
import { anchorFile } from './anchor.ts'
import type { Gateway } from './gateway.ts'
import type { Metrics } from './measures.ts'
import { VERSION } from './places.ts'
import { metricsApp, type WatchSettings, watchBy } from './watch.ts'

const DRAIN_MILLIS = 10_000
const SWEEP_MILLIS = 50
const ORPHANS_MILLIS = 30_000
const HEADERS_MILLIS = 10_000
const REQUEST_MILLIS = 30_000

export type Serving = {
  readonly url: string
  /** Where the metrics are, if they have a port of their own. */
  readonly metricsUrl: string | undefined
  /** Refuses new connections, lets running requests end, drains the log, closes the file. */
  stop(): Promise<void>
}

type Settings = Pick<Config, 'host' | 'port'> & Partial<Pick<Config, 'anchorDir'>> & WatchSettings

/**
 * Serves an open gateway over HTTP. Who alone holds his folder knows that every intent found open at the
 * start was cut off; where nodes share a database, those whose lease is over. @throws when an address cannot be had.
 */
export async function serveGateway(
  gateway: Gateway,
  settings: Settings,
  metrics?: Metrics,
): Promise<Serving> {
  const { deps, engine, operator } = gateway
  const { clock, store } = deps
  // A log that cannot be written yet is no reason not to start: `/readyz` says so, and the sweep goes on.
  await sweepOrphans(gateway, store.shared ? clock() : Number.MAX_SAFE_INTEGER)
  const watch = watchBy(deps, settings, metrics)
  const { host, port, anchorDir = '' } = settings
  const own = watch.own
    ? await listen(metricsApp(deps, watch.own.exposition), host, watch.own.port)
    : undefined
  const main = await listen(createApp(deps, gateway.own, { ...watch, operator }), host, port).catch(
    async (error) => {
      await own?.close()
      throw error
    },
  )
  const anchor = anchorFile(anchorDir, deps.log.head().shard)
  metrics?.watch({ deps, engine, version: VERSION, anchorFile: anchor })
  const sweep = setInterval(() => void sweepOrphans(gateway), ORPHANS_MILLIS).unref()
  return {
    url: main.url,
    metricsUrl: own && `${own.url}/metrics`,
    stop: async () => {
      clearInterval(sweep)
      await Promise.all([main.close(), own?.close()])
      await gateway.close()
    },
  }
}

type Listening = { readonly url: string; close(): Promise<void> }

async function listen(app: Hono, hostname: string, port: number): Promise<Listening> {
  const server = await new Promise<ReturnType<typeof serve>>((resolve, reject) => {
    const serverOptions = { headersTimeout: HEADERS_MILLIS, requestTimeout: REQUEST_MILLIS }
    const options = { fetch: app.fetch, hostname, port, serverOptions }
    const starting = serve(options, () => resolve(starting))
    starting.once('error', reject)
  })
  const address = server.address() as AddressInfo
  return { url: `http://${hostname}:${address.port}`, close: () => closeServer(server) }
}

/** What a failed append left open ends when its lease does. */
async function sweepOrphans({ deps }: Gateway, before = deps.clock()): Promise<void> {
  await closeOrphans(deps, before).catch((error) =>
    deps.report('intents-still-open', { error: String(error) }),
  )
}

/**
 * A port that was free a moment ago: `wanted`, or with 0 any. The issuer is settled by the port before
 * anything listens. @throws EADDRINUSE and the like.
 */
export function freePort(host: string, wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(wanted, host, () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

/** A connection kept alive would hold the process: each ends with the answer that it waits for. */
function closeServer(server: ReturnType<typeof serve>): Promise<void> {
  return new Promise((resolve) => {
    server.prependListener('request', (_, response: { shouldKeepAlive?: boolean }) => {
      response.shouldKeepAlive = false
    })
    const cut = setTimeout(() => {
      if ('closeAllConnections' in server) server.closeAllConnections()
    }, DRAIN_MILLIS)
    const sweep = setInterval(() => {
      if ('closeIdleConnections' in server) server.closeIdleConnections()
    }, SWEEP_MILLIS)
    server.close(() => {
      clearTimeout(cut)
      clearInterval(sweep)
      resolve()
    })
  })
}
