import { readFileSync, writeFileSync } from 'node:fs'
import { withBlocks } from './blocks.ts'

/** Writes the generated blocks of docs/protocol anew. */
for (const name of ['README.md', 'README.zh-CN.md']) {
  const path = new URL(`../../docs/protocol/${name}`, import.meta.url)
  writeFileSync(path, withBlocks(readFileSync(path, 'utf8')))
}
