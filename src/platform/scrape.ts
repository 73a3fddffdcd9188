import { readFile, stat } from 'node:fs/promises'
import { Gauge, type Registry } from '@platformatic/prom-client'
import { type Calendar, coveredTo } from '../calendar/calendar.ts'
import { dayInShanghai, instantOf } from '../calendar/day.ts'
import type { Way } from '../connector/breaker.ts'
import { readiness } from '../http/health.ts'
import type { Watched } from './measures.ts'

type Looked = Watched & { waiting(): number; openCircuits(): readonly Way[] }

type Sample = { readonly labels?: Readonly<Record<string, string>>; readonly value: number }
type Look = () => Promise<readonly Sample[]>

const LABELS: string[] = ['version', 'engine', 'check', 'provider']
const ALL = Number.MAX_SAFE_INTEGER

/**
 * Registers the gauges of one gateway. What cannot be read has no sample while it cannot: a database
 * that is down must not take the other metrics with it.
 */
export function watchGateway(registry: Registry, looked: Looked): void {
  for (const [name, { help, look }] of Object.entries(gaugesOf(looked))) {
    const collect = async function (this: Gauge<string>) {
      const samples = await look().catch(() => [])
      this.reset()
      for (const { labels = {}, value } of samples) this.set(labels, value)
    }
    const registers = [registry]
    new Gauge({ name: `mianzheng_${name}`, help, labelNames: LABELS, registers, collect })
  }
}

function gaugesOf(looked: Looked): Readonly<Record<string, { help: string; look: Look }>> {
  const { version, engine, anchorFile, waiting, openCircuits } = looked
  const { clock, log, store, registry } = looked.deps
  const ready = readiness(looked.deps)
  const several = (help: string, look: Look) => ({ help, look })
  const one = (help: string, look: () => number | Promise<number>) =>
    several(help, async () => [{ value: await look() }])
  const intents = async (before: number) => (await store.openIntents(before)).length
  return {
    build_info: several('What runs here', async () => [{ labels: { version, engine }, value: 1 }]),
    ready: several('Whether answers can be given: the log, the signer, the registry', async () =>
      Object.entries(await ready()).map(([check, is]) => ({
        labels: { check },
        value: Number(is === 'ok'),
      })),
    ),
    log_size: one('Entries that are committed', () => log.head().size),
    log_entry_time_seconds: one('Time of the last entry', () => log.head().timeAt / 1000),
    log_queue_length: one('Entries that wait for their commit', waiting),
    anchor_size: one('Entries that the checkpoint outside covers', () => sizeIn(anchorFile)),
    anchor_age_seconds: one('Since it was written', () => ageOf(anchorFile, clock())),
    intents_open: one('Requests at a provider now; 1,000 at most', () => intents(ALL)),
    intents_overdue: one('Those whose lease is over', () => intents(clock())),
    registry_version: one('Of the registry that requests are judged by', registry.version),
    calendar_covered_seconds: one('Until working days are not known any more', async () =>
      coveredFor((await registry.view()).calendar, clock()),
    ),
    provider_circuits_open: several('Callers kept from a provider that fails', async () =>
      [...Map.groupBy(openCircuits(), ({ provider }) => provider)].map(([provider, ways]) => ({
        labels: { provider },
        value: ways.length,
      })),
    ),
  }
}

/** 0 where not even today is covered. */
function coveredFor(calendar: Calendar, now: number): number {
  const end = coveredTo(calendar, dayInShanghai(now))
  return end === undefined ? 0 : (instantOf(end, '24:00') - now) / 1000
}

/** The second line of a checkpoint (c2sp.org/tlog-checkpoint); who signed it is `log check`'s to judge. */
async function sizeIn(path: string): Promise<number> {
  const [, size] = (await readFile(path, 'utf8')).split('\n', 2)
  return Number(size)
}

async function ageOf(path: string, now: number): Promise<number> {
  return Math.max(0, (now - (await stat(path)).mtimeMs) / 1000)
}
