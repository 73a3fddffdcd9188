import { expect } from 'vitest'
import { type Checkpoint, openCheckpoint } from '../../src/log/checkpoint.ts'
import { leafHash } from '../../src/log/merkle.ts'
import { decodeEntryBundle, TILE_WIDTH, tilePath } from '../../src/log/tile.ts'
import { AUDIT_OFFICE } from '../caller.ts'
import { hex, naiveTree, sha256 } from '../log/naive-tree.ts'
import type { WorkersCity } from './workers-city.ts'

export type Audited = { readonly checkpoint: Checkpoint; readonly leaves: readonly string[] }

/**
 * The whole log over HTTP, as an auditor checks it: every entry gives the root that was signed, every
 * tile holds the hashes of its entries, and time never goes back.
 */
export async function auditLog(city: WorkersCity): Promise<Audited> {
  const get = (path: string) => fetch(`${city.url}${path}`)
  const { log } = (await (await get('/.well-known/mianzheng')).json()) as {
    log: { origin: string; vkey: string }
  }
  const checkpoint = await openCheckpoint(await (await get('/log/checkpoint')).text(), log)
  if (!checkpoint) throw new Error('the checkpoint is not signed by the log')
  const { size, root } = checkpoint
  const entries: Uint8Array[] = []
  for (let n = 0; n * TILE_WIDTH < size; n++) {
    const width = Math.min(TILE_WIDTH, size - n * TILE_WIDTH)
    const path = `/log/${tilePath({ level: 'entries', n, width })}`
    const bundle = await city.read(AUDIT_OFFICE, path)
    expect(bundle.status).toBe(200)
    const own = decodeEntryBundle(new Uint8Array(await bundle.arrayBuffer()))
    const tile = await get(`/log/${tilePath({ level: 0, n, width })}`)
    const hashes = own.map((entry) => hex(leafHash(sha256, entry))).join('')
    expect(hex(new Uint8Array(await tile.arrayBuffer()))).toBe(hashes)
    entries.push(...own)
  }
  expect(entries.length).toBe(size)
  const tree = naiveTree(entries.map((entry) => leafHash(sha256, entry)))
  expect(hex(tree.root(size))).toBe(hex(root))
  const leaves = entries.map((entry) => new TextDecoder().decode(entry))
  const times = leaves.map((leaf) => JSON.parse(leaf).time as string)
  expect(times).toEqual([...times].sort())
  return { checkpoint, leaves }
}
