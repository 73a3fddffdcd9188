/**
 * How long a batch waits at the most for those who are expected, and from one shared commit to the next at the
 * least: a commit costs as much as thirty entries.
 */
const NEAR_MILLIS = 8
/** Of nodes that write one log each leaves the others their turns; of more than so many it takes a larger part. */
const TURNS_MAX = 4

/**
 * When a batch is together: everybody who announced himself has come and the commit before it, if it was
 * shared, is a moment ago; or it is full, or time is up. So a lone request is committed at once, and under
 * load a commit is shared by all who are near, though they come one by one.
 */
export function gathering(isFull: () => boolean) {
  let expected = 0
  let isPaced = false
  let isLate = false
  let together: (() => void) | undefined
  const isDue = () => isFull() || (!isPaced && (expected === 0 || isLate))
  const look = () => {
    if (isDue()) together?.()
  }
  return {
    gather(): Promise<void> {
      isLate = false
      if (isDue()) return Promise.resolve()
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          isLate = true
          look()
        }, NEAR_MILLIS)
        together = () => {
          clearTimeout(timer)
          together = undefined
          resolve()
        }
      })
    },
    /** A commit of `own` entries is over, before which others had written so many. Who was alone makes nobody wait. */
    ended(own: number, others: number): void {
      if (own + others < 2) return
      isPaced = true
      const turns = Math.min(TURNS_MAX, (own + others) / Math.max(1, own))
      setTimeout(() => {
        isPaced = false
        look()
      }, NEAR_MILLIS * turns)
    },
    expect(): () => void {
      let isExpected = true
      expected += 1
      return () => {
        if (!isExpected) return
        isExpected = false
        expected -= 1
        look()
      }
    },
  }
}
