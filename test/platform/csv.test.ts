import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { openCsv } from '../../src/platform/csv.ts'
import { checkWholeLog, temporaryFolder } from '../harness.ts'

afterEach(checkWholeLog)

test('whoever takes his time before the first row, as a database far away does, gets every row', async () => {
  const path = join(temporaryFolder(), 'r.csv')
  const count = 20_000
  const text = `idNo,name\n${Array.from({ length: count }, (_, i) => `${i},张三${i}`).join('\n')}\n`
  writeFileSync(path, text)
  let bytes = 0
  const { rows, digest } = openCsv(path, (more) => {
    bytes += more
  })
  await pause(200)
  let seen = 0
  for await (const { line, row } of rows) {
    expect([line, row.idNo]).toEqual([seen + 2, String(seen)])
    seen += 1
  }
  expect(seen).toBe(count)
  expect(bytes).toBe(Buffer.byteLength(text))
  expect(digest()).toBe(createHash('sha256').update(text).digest('base64url'))
})
