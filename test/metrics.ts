import { anchorFile } from '../src/platform/anchor.ts'
import type { Metrics } from '../src/platform/measures.ts'
import { createMetrics } from '../src/platform/metrics.ts'
import { watchBy } from '../src/platform/watch.ts'
import { type Options, openTestGateway, type TestGateway } from './harness.ts'

export const TOKEN = 'a-token-of-the-operator'

export type Watched = {
  readonly gateway: TestGateway
  readonly metrics: Metrics
  /** Every sample now, by name and labels as Prometheus prints them. */
  samples(): Promise<ReadonlyMap<string, number>>
}

/** A gateway that is watched as one that is served: metrics behind a token, a line for each request. */
export async function openWatched(options: Options = {}): Promise<Watched> {
  const metrics = createMetrics()
  const settings = { metrics: { port: undefined, token: TOKEN }, logRequests: true }
  const gateway = await openTestGateway({
    measures: metrics.measures,
    watch: (report) => watchBy({ report }, settings, metrics),
    ...options,
  })
  const file = anchorFile(`${gateway.dir}/anchor`, 1)
  metrics.watch({ deps: gateway.deps, engine: 'sqlite', version: '0.0.0', anchorFile: file })
  return { gateway, metrics, samples: async () => samplesIn(await metrics.text()) }
}

export function samplesIn(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ')
      return [line.slice(0, at), Number(line.slice(at + 1))]
    }),
  )
}
