import { Counter, collectDefaultMetrics, Histogram, Registry } from '@platformatic/prom-client'
import type { Way } from '../connector/breaker.ts'
import { type Connector, ProviderFailure } from '../connector/connector.ts'
import type { Observer, Seen } from '../http/observe.ts'
import { StaleHead, type Store } from '../storage/store.ts'
import type { Measures, Metrics } from './measures.ts'
import { watchGateway } from './scrape.ts'

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20]
const BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256]

/**
 * Made once by whoever starts a gateway, and handed to what it opens: there is no registry of the whole
 * process. Labels are bounded, by code or by the registry of agencies; none names a person, a case or a
 * request.
 */
export function createMetrics(): Metrics {
  const registry = new Registry()
  try {
    collectDefaultMetrics({ register: registry })
  } catch {
    // Not every runtime tells what it uses; what the gateway counts itself does not depend on it.
  }
  const registers = [registry]
  const { log, waiting } = queueWatch()
  const { connectors, openCircuits } = callTimer(registers)
  return {
    measures: { log, connectors, store: commitTimer(registers), report: reportCounter(registers) },
    observer: requestObserver(registers),
    contentType: registry.contentType,
    text: () => registry.metrics(),
    watch: (gateway) => watchGateway(registry, { ...gateway, waiting, openCircuits }),
  }
}

type Registers = Registry[]

function requestObserver(registers: Registers): Observer {
  const requests = new Counter({
    name: 'mianzheng_requests_total',
    help: 'Requests by route pattern, status and problem code (empty where answered)',
    labelNames: ['method', 'route', 'status', 'code'] as const,
    registers,
  })
  const durations = new Histogram({
    name: 'mianzheng_request_duration_seconds',
    help: 'From the first handler to the answer that is ready to be sent',
    labelNames: ['route', 'outcome'] as const,
    buckets: SECONDS,
    registers,
  })
  const unattributed = new Counter({
    name: 'mianzheng_refusals_unattributed_total',
    help: 'Refusals without an entry in the log, as nobody could be named or nothing be written',
    labelNames: ['code'] as const,
    registers,
  })
  return ({ method, route, status, code = '', isRecorded, millis }) => {
    requests.inc({ method, route, status, code })
    durations.observe({ route, outcome: outcomeOf(status) }, millis / 1000)
    if (code !== '' && !isRecorded) unattributed.inc({ code })
  }
}

function outcomeOf(status: Seen['status']): 'answered' | 'refused' | 'failed' {
  if (status >= 500) return 'failed'
  return status >= 400 ? 'refused' : 'answered'
}

function reportCounter(registers: Registers): Measures['report'] {
  const events = new Counter({
    name: 'mianzheng_reports_total',
    help: "Lines of the operator's log, by event",
    labelNames: ['event'] as const,
    registers,
  })
  return (report) => (event, fields) => {
    events.inc({ event })
    report(event, fields)
  }
}

/** Everybody between asking for an entry and its commit. */
function queueWatch(): Pick<Measures, 'log'> & { waiting(): number } {
  let waiting = 0
  return {
    waiting: () => waiting,
    log: (log) => ({
      ...log,
      append: async (draft) => {
        waiting += 1
        try {
          return await log.append(draft)
        } finally {
          waiting -= 1
        }
      },
    }),
  }
}

function commitTimer(registers: Registers): Measures['store'] {
  const durations = new Histogram({
    name: 'mianzheng_log_commit_duration_seconds',
    help: 'One commit of the log: lock, tiles, signature, disk',
    buckets: SECONDS,
    registers,
  })
  const batches = new Histogram({
    name: 'mianzheng_log_batch_entries',
    help: 'Drafts that shared one commit',
    buckets: BATCHES,
    registers,
  })
  const failures = new Counter({
    name: 'mianzheng_log_append_failures_total',
    help: 'Commits that failed, or of which nobody can tell; their callers got 503',
    registers,
  })
  return (store) => {
    const append: Store['append'] = async (drafts, ...rest) => {
      const started = performance.now()
      try {
        const batch = await store.append(drafts, ...rest)
        durations.observe((performance.now() - started) / 1000)
        batches.observe(drafts.length)
        return batch
      } catch (error) {
        // Another node was first: the same drafts are built again, nobody is refused.
        if (!(error instanceof StaleHead)) failures.inc()
        throw error
      }
    }
    return { ...store, append }
  }
}

type CallTimer = Pick<Measures, 'connectors'> & { openCircuits(): readonly Way[] }

function callTimer(registers: Registers): CallTimer {
  const durations = new Histogram({
    name: 'mianzheng_provider_call_duration_seconds',
    help: 'Asking a provider, all tries together, by kind of connector and outcome',
    labelNames: ['kind', 'outcome'] as const,
    buckets: SECONDS,
    registers,
  })
  const timed =
    (kind: string, connector: Connector): Connector =>
    async (question) => {
      const started = performance.now()
      const tell = (outcome: string) =>
        durations.observe({ kind, outcome }, (performance.now() - started) / 1000)
      try {
        const found = await connector(question)
        tell(found.outcome)
        return found
      } catch (error) {
        tell(error instanceof ProviderFailure ? error.how : 'error')
        throw error
      }
    }
  let openCircuits: CallTimer['openCircuits'] = () => []
  return {
    openCircuits: () => openCircuits(),
    connectors: (connectors) => {
      if (connectors.http) openCircuits = connectors.http.openCircuits
      const entries = Object.entries(connectors).map(([kind, connector]) => [
        kind,
        // What else a connector tells stays with it.
        Object.assign(timed(kind, connector as Connector), connector),
      ])
      return Object.fromEntries(entries)
    },
  }
}
