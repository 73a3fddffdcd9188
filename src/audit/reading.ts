import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { rateLimiter } from '../exchange/rate.ts'
import { leafText } from '../log/entry.ts'
import { LogUnavailable } from '../log/unavailable.ts'
import { filtersOf, type Search, searchText } from './filters.ts'
import { type LogRecord, openRecord } from './record.ts'
import { type LogPage, searchLog } from './search.ts'

/** What an auditor does with the log: looks at it, looks for something in it, opens one record. */
export type Act = 'log.open' | 'log.search' | 'log.read'

/** Each reading is an entry: nobody's reload key may fill the log. */
const RATE = { perSecond: 2, burst: 60 }

/** The log as a person reads it. `by` is the person's id, as it stands in leaves. */
export type LogReader = {
  /** @throws Refusal `rate`; `log-unavailable`: then nothing may be shown. */
  search(search: Search, by: string): Promise<LogPage>
  /** @returns undefined where there is no such record; nothing was read then. @throws as `search`. */
  open(number: number, by: string): Promise<LogRecord | undefined>
}

/**
 * The only way in which people read the log: the reading is on record before anything is shown (design
 * §6), with what was looked for and never what was found. Whether somebody may read is the caller's to
 * judge.
 */
export function logReader(deps: Pick<Deps, 'store' | 'log' | 'crypto' | 'clock'>): LogReader {
  const readings = rateLimiter('reading', deps.store.shared)

  async function record(what: Act, id: string, by: string): Promise<void> {
    const retryAfterSeconds = await readings.take({ id: by, rate: RATE }, deps.clock())
    if (retryAfterSeconds > 0) throw new Refusal('rate', { retryAfterSeconds })
    const fields = { kind: 'act', act: { what, id, by } } as const
    try {
      await deps.log.append({ leaf: (time) => leafText(fields, time) })
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
      throw new Refusal('log-unavailable', { retryAfterSeconds: 1, internal: String(error) })
    }
  }

  return {
    search: async (search, by) => {
      const text = searchText(search)
      await record(text === '' ? 'log.open' : 'log.search', text, by)
      return searchLog(deps, filtersOf(search), { before: search.before })
    },
    open: async (number, by) => {
      if ((await deps.store.readLeaf(number)) === undefined) return undefined
      await record('log.read', String(number), by)
      return openRecord(deps, number)
    },
  }
}
