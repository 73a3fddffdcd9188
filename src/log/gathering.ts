/**
 * How long a batch waits at the most for those who are expected, and from one shared commit to the next at the
 * least: a commit costs as much as thirty entries.
 */
const NEAR_MILLIS = 8

/**
 * When a batch is together: everybody who announced himself has come and the commit before it, if it was
 * shared, is a moment ago; or it is full, or time is up. So a lone request is committed at once, and under
 * load a commit is shared by all who are near, though they come one by one.
 */
export function gathering(isFull: () => boolean) {
  let expected = 0
  let isPaced = false
  let together: (() => void) | undefined
  const isDue = () => isFull() || (expected === 0 && !isPaced)
  const look = () => {
    if (isDue()) together?.()
  }
  return {
    gather(): Promise<void> {
      if (isDue()) return Promise.resolve()
      return new Promise((resolve) => {
        const timer = setTimeout(() => together?.(), NEAR_MILLIS)
        together = () => {
          clearTimeout(timer)
          together = undefined
          resolve()
        }
      })
    },
    /** A commit of so many begins. Who is alone makes nobody wait. */
    begun(size: number): void {
      if (size < 2) return
      isPaced = true
      setTimeout(() => {
        isPaced = false
        look()
      }, NEAR_MILLIS)
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
