import { join } from 'node:path'
import type { Anchor } from '../log/open.ts'
import { readIfPresent, writeDurably } from './files.ts'
import { pacedAnchor, type Report } from './paced-anchor.ts'

const FILE = 'checkpoint'

export function anchorFile(folder: string): string {
  return join(folder, FILE)
}

/** The anchor as a file. */
export function fileAnchor(folder: string, report: Report): Anchor {
  const path = anchorFile(folder)
  const write = (checkpoint: string) => writeDurably(path, checkpoint)
  return pacedAnchor({ read: () => readIfPresent(path), write }, report)
}
