import { Refusal } from '../errors.ts'

/** Each may hold a file of some megabytes while it waits. */
const WAITING_MAX = 8
const WAIT_SECONDS = 5

/**
 * Work that takes memory is done one after the other; whoever comes waits for his turn.
 *
 * @throws Refusal `rate` where too many wait already.
 */
export function oneByOne() {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (waiting > WAITING_MAX) throw new Refusal('rate', { retryAfterSeconds: WAIT_SECONDS })
    waiting += 1
    const mine = last.then(work, work)
    last = mine.catch(() => {})
    return mine.finally(() => {
      waiting -= 1
    })
  }
}
