import type { Anchor } from '../log/open.ts'

const INTERVAL_MILLIS = 1000

export type Report = (event: string, fields?: Readonly<Record<string, string | number>>) => void

type Place = Pick<Anchor, 'read' | 'later'> & {
  /** Whole, or not at all. */
  write(checkpoint: string): Promise<unknown>
}

/** An anchor that is written at most once a second. A failed write is reported and tried again with the next. */
export function pacedAnchor({ read, later, write }: Place, report: Report): Anchor {
  let offered: string | undefined
  let writing: Promise<unknown> = Promise.resolve()
  let timer: ReturnType<typeof setTimeout> | undefined

  async function flush(): Promise<void> {
    const checkpoint = offered
    offered = undefined
    if (checkpoint !== undefined)
      writing = writing
        .then(() => write(checkpoint))
        .catch((error) => report('anchor-write-failed', { error: String(error) }))
    await writing
  }

  return {
    read,
    later,
    offer: (checkpoint) => {
      offered = checkpoint
      if (timer !== undefined) return
      timer = setTimeout(() => {
        timer = undefined
        void flush()
      }, INTERVAL_MILLIS)
      // Node alone would wait for it at its end.
      if (typeof timer === 'object') timer.unref()
    },
    flush: () => {
      clearTimeout(timer)
      timer = undefined
      return flush()
    },
  }
}
