const AT_ONCE = 25

/** Pieces of a list, with a turn for everybody else between them: callers' requests do not wait for a file. */
export async function* inTurns<T>(all: readonly T[]): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < all.length; at += AT_ONCE) {
    if (at > 0) await new Promise((resolve) => setTimeout(resolve))
    yield all.slice(at, at + AT_ONCE)
  }
}
