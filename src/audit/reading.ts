import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { leafText } from '../log/entry.ts'
import { LogUnavailable } from '../log/unavailable.ts'

/** What an auditor did with the log: looked at it, looked for something in it, opened one record. */
export type Reading = 'log.open' | 'log.search' | 'log.read'

/**
 * Records that somebody reads the log, before he does: reading is an act like any other (design §6).
 *
 * @param id what was read: a search in its one spelling, a record's number
 * @param by the person's id, as it stands in leaves
 * @throws Refusal `log-unavailable`: then nothing may be shown.
 */
export async function recordReading(
  log: Pick<Deps['log'], 'append'>,
  { what, id, by }: { readonly what: Reading; readonly id: string; readonly by: string },
): Promise<number> {
  const fields = { kind: 'act', act: { what, id, by } } as const
  try {
    return (await log.append({ leaf: (time) => leafText(fields, time) })).index
  } catch (error) {
    if (!(error instanceof LogUnavailable)) throw error
    throw new Refusal('log-unavailable', { retryAfterSeconds: 1, internal: String(error) })
  }
}
