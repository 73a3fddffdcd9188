import { expect } from 'vitest'

/** What would tell an outsider how the gateway is built, or anything about a citizen. */
const INTERNALS = [
  /node_modules|\.tsx?\b|\bfile:\/\//,
  /\n\s+at |\bat (?:async )?[\w.]+ \(/,
  /SQLITE|SqliteError|\bSELECT\b|\bINSERT\b|no such table/,
  /TypeError|RangeError|SyntaxError|ZodError|undefined|\[object /,
  /ECONN|WebAssembly|better-sqlite3|kysely/i,
]

/** The husband, the wife and others of the examples: no refusal may repeat who it is about. */
const PEOPLE = /戴如远|夏姝|990104197812170016|99010419780629002X|990102199001010013/

export function expectNoLeak(text: string, dataDir: string): void {
  for (const internal of INTERNALS) expect(text).not.toMatch(internal)
  expect(text).not.toMatch(PEOPLE)
  expect(text).not.toContain(dataDir)
}
