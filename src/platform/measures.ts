import type { Connectors } from '../connector/connector.ts'
import type { HttpConnector } from '../connector/http.ts'
import type { Deps } from '../deps.ts'
import type { Observer } from '../http/observe.ts'
import type { Log } from '../log/append.ts'
import type { Store } from '../storage/store.ts'

/** What is put around the parts of a gateway to count and time them; each gives back the same thing. */
export type Measures = {
  store(store: Store): Store
  log(log: Log): Log
  connectors<C extends Connectors & { readonly http?: HttpConnector }>(connectors: C): C
  report(report: Deps['report']): Deps['report']
}

/** What is only looked at when somebody reads the metrics: it costs a request nothing. */
export type Watched = {
  readonly deps: Pick<Deps, 'clock' | 'log' | 'registry' | 'signer' | 'store'>
  readonly anchorFile: string
  readonly version: string
  readonly engine: string
}

/** The metrics of one process, in a registry of their own. */
export type Metrics = {
  readonly measures: Measures
  readonly observer: Observer
  readonly contentType: string
  /** Prometheus' text format. */
  text(): Promise<string>
  watch(gateway: Watched): void
}

/** Where nobody reads, nothing is counted. */
export const unmeasured: Measures = {
  store: (store) => store,
  log: (log) => log,
  connectors: (connectors) => connectors,
  report: (report) => report,
}
