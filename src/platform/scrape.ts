import { readFile, stat } from 'node:fs/promises'
import { Gauge, type Registry } from '@platformatic/prom-client'
import type { Way } from '../connector/breaker.ts'
import type { Watched } from './measures.ts'

type Looked = Watched & { waiting(): number; openCircuits(): readonly Way[] }

type Sample = { readonly labels?: Readonly<Record<string, string>>; readonly value: number }

/**
 * Registers the gauges of one gateway. What cannot be read has no sample while it cannot: a database
 * that is down must not take the other metrics with it.
 */
export function watchGateway(registry: Registry, looked: Looked): void {
  const { version, engine, waiting } = looked
  const { clock, log, store } = looked.deps
  const gauge = (name: string, help: string, look: Look) => {
    const collect = async function (this: Gauge<string>) {
      const samples = await look().catch(() => [])
      this.reset()
      for (const { labels = {}, value } of samples) this.set(labels, value)
    }
    new Gauge({
      name: `mianzheng_${name}`,
      help,
      labelNames: LABELS,
      registers: [registry],
      collect,
    })
  }
  const one = (look: () => number | Promise<number>) => async () => [{ value: await look() }]
  const intents = async (before: number) => (await store.openIntents(before)).length
  const anchor = () => readFile(looked.anchorFile, 'utf8')

  gauge('build_info', 'What runs here', async () => [{ labels: { version, engine }, value: 1 }])
  gauge(
    'log_ready',
    'Whether the log could sign now',
    one(async () => Number(await log.ready())),
  )
  gauge(
    'log_size',
    'Entries that are committed',
    one(() => log.head().size),
  )
  gauge(
    'log_entry_time_seconds',
    'Time of the last entry',
    one(() => log.head().timeAt / 1000),
  )
  gauge('log_queue_length', 'Entries that wait for their commit', one(waiting))
  gauge(
    'anchor_size',
    'Entries that the checkpoint outside covers',
    one(async () => sizeIn(await anchor())),
  )
  gauge(
    'anchor_age_seconds',
    'Since that checkpoint was written',
    one(() => ageOf(looked.anchorFile, clock())),
  )
  gauge(
    'intents_open',
    'Requests at a provider now; 1,000 at most',
    one(() => intents(Number.MAX_SAFE_INTEGER)),
  )
  gauge(
    'intents_overdue',
    'Those among them whose lease is over',
    one(() => intents(clock())),
  )
  gauge('registry_version', 'Of the registry that is judged by', one(looked.deps.registry.version))
  gauge(
    'provider_circuits_open',
    'Callers that a provider is not asked for, as it fails',
    async () => byProvider(looked.openCircuits()),
  )
}

type Look = () => Promise<Sample[]>

const LABELS: string[] = ['version', 'engine', 'provider']

/** The second line of a checkpoint (c2sp.org/tlog-checkpoint); who signed it is `log check`'s to judge. */
function sizeIn(note: string): number {
  return Number(note.split('\n', 2)[1])
}

async function ageOf(path: string, now: number): Promise<number> {
  return Math.max(0, (now - (await stat(path)).mtimeMs) / 1000)
}

function byProvider(ways: readonly Way[]): Sample[] {
  return [...Map.groupBy(ways, ({ provider }) => provider)].map(([provider, all]) => ({
    labels: { provider },
    value: all.length,
  }))
}
