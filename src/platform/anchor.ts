import { join } from 'node:path'
import type { Anchor } from '../log/open.ts'
import { readIfPresent, writeDurably } from './files.ts'

const FILE = 'checkpoint'
const INTERVAL_MILLIS = 1000

type Report = (event: string, fields?: Readonly<Record<string, string | number>>) => void

export function anchorFile(folder: string): string {
  return join(folder, FILE)
}

/** The anchor as a file, written at most once a second. A failed write is reported and tried again with the next. */
export function fileAnchor(folder: string, report: Report): Anchor {
  const path = anchorFile(folder)
  let offered: string | undefined
  let writing: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined

  function write(): Promise<void> {
    const checkpoint = offered
    offered = undefined
    if (checkpoint !== undefined)
      writing = writing
        .then(() => writeDurably(path, checkpoint))
        .catch((error) => report('anchor-write-failed', { error: String(error) }))
    return writing
  }

  return {
    read: () => readIfPresent(path),
    offer: (checkpoint) => {
      offered = checkpoint
      timer ??= setTimeout(() => {
        timer = undefined
        void write()
      }, INTERVAL_MILLIS).unref()
    },
    flush: () => {
      clearTimeout(timer)
      timer = undefined
      return write()
    },
  }
}
