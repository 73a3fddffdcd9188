import { type AddressInfo, createServer } from 'node:net'
import { serve } from '@hono/node-server'
import { createApp } from '../app.ts'
import { closeOrphans } from '../exchange/intend.ts'
import type { Gateway } from './gateway.ts'

const DRAIN_MILLIS = 10_000
const SWEEP_MILLIS = 50
const ORPHANS_MILLIS = 30_000
const HEADERS_MILLIS = 10_000
const REQUEST_MILLIS = 30_000

export type Serving = {
  readonly url: string
  /** Refuses new connections, lets running requests end, drains the log, closes the file. */
  stop(): Promise<void>
}

/**
 * Serves an open gateway over HTTP. Who alone holds his folder knows that every intent found open at the
 * start was cut off; where nodes share a database, those whose lease is over. @throws when the address cannot be had.
 */
export async function serveGateway(
  gateway: Gateway,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Serving> {
  const { clock, store } = gateway.deps
  await closeOrphans(gateway.deps, store.shared ? clock() : Number.MAX_SAFE_INTEGER)
  const app = createApp(gateway.deps, gateway.own)
  const server = await new Promise<ReturnType<typeof serve>>((resolve, reject) => {
    const options = {
      fetch: app.fetch,
      hostname: host,
      port,
      serverOptions: { headersTimeout: HEADERS_MILLIS, requestTimeout: REQUEST_MILLIS },
    }
    const starting = serve(options, () => resolve(starting))
    starting.once('error', reject)
  })
  const address = server.address() as AddressInfo
  const sweep = setInterval(() => sweepOrphans(gateway), ORPHANS_MILLIS).unref()
  return {
    url: `http://${host}:${address.port}`,
    stop: async () => {
      clearInterval(sweep)
      await closeServer(server)
      await gateway.close()
    },
  }
}

/** What a failed append left open ends when its lease does. */
function sweepOrphans({ deps }: Gateway): void {
  closeOrphans(deps, deps.clock()).catch((error) =>
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
