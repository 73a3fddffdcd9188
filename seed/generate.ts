import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { stringify } from 'csv-stringify'
import { REGISTER_ROWS } from './registers.ts'

/** How many residents the committed registers hold. */
export const COMMITTED_RESIDENTS = 400

/** Writes every register of a city of `residents` people, streaming. Run: `node seed/generate.ts`. */
export async function writeRegisters(directory: URL, residents: number): Promise<void> {
  for (const [id, rows] of Object.entries(REGISTER_ROWS)) {
    const file = createWriteStream(new URL(`${id}.csv`, directory))
    await pipeline(Readable.from(rows(residents)), stringify({ header: true }), file)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await writeRegisters(new URL('registers/', import.meta.url), COMMITTED_RESIDENTS)
