import { join } from 'node:path'
import type { Anchor } from '../log/open.ts'
import { readIfPresent, writeDurably } from './files.ts'
import { pacedAnchor, type Report } from './paced-anchor.ts'

const FILE = 'checkpoint'

/** The anchor as a file. */
export function fileAnchor(folder: string, report: Report): Anchor {
  const path = join(folder, FILE)
  const write = (checkpoint: string) => writeDurably(path, checkpoint)
  return pacedAnchor({ read: () => readIfPresent(path), write }, report)
}
