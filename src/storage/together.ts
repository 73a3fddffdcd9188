/** Questions in one statement at the most. */
const TOGETHER_MAX = 256

type Waiting<Key, Value> = {
  readonly key: Key
  readonly resolve: (value: Value | undefined) => void
  readonly reject: (error: unknown) => void
}

/**
 * Asks for many keys at once, as commits are shared: while one question is on its way the next ones
 * collect, and a lone one is asked at once. So a busy gateway asks its server a few times for what
 * sixty requests want to know.
 *
 * @param ask the values of the keys, in their order; undefined where there is none
 */
export function together<Key, Value>(
  ask: (keys: readonly Key[]) => Promise<readonly (Value | undefined)[]>,
): (key: Key) => Promise<Value | undefined> {
  let waiting: Waiting<Key, Value>[] = []
  let isAsking = false

  async function run(): Promise<void> {
    isAsking = true
    while (waiting.length > 0) {
      const asked = waiting.slice(0, TOGETHER_MAX)
      waiting = waiting.slice(TOGETHER_MAX)
      try {
        const values = await ask(asked.map(({ key }) => key))
        asked.forEach(({ resolve }, i) => {
          resolve(values[i])
        })
      } catch (error) {
        for (const { reject } of asked) reject(error)
      }
    }
    isAsking = false
  }

  return (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject })
      if (!isAsking) void run()
    })
}
