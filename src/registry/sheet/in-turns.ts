const AT_ONCE = 25

/** Whatever waits is done first. */
export function aTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}

/** Pieces of a list, with a turn for everybody else between them: callers' requests do not wait for a file. */
export async function* inTurns<T>(all: readonly T[]): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < all.length; at += AT_ONCE) {
    if (at > 0) await aTurn()
    yield all.slice(at, at + AT_ONCE)
  }
}
