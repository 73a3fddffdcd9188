/** How long a batch waits at the most for those who are expected: one commit costs as much as thirty entries. */
const LINGER_MILLIS = 8

/**
 * When a batch is together: everybody who announced himself has come, it is full, or time is up. So a
 * lone request is committed at once, and under load a commit is shared by all who are near.
 */
export function gathering(isFull: () => boolean) {
  let expected = 0
  let together: (() => void) | undefined
  return {
    gather(): Promise<void> {
      if (expected === 0 || isFull()) return Promise.resolve()
      return new Promise((resolve) => {
        const timer = setTimeout(() => together?.(), LINGER_MILLIS)
        together = () => {
          clearTimeout(timer)
          together = undefined
          resolve()
        }
      })
    },
    expect(): () => void {
      let isExpected = true
      expected += 1
      return () => {
        if (!isExpected) return
        isExpected = false
        expected -= 1
        if (expected === 0 || isFull()) together?.()
      }
    },
  }
}
