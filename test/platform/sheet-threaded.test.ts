import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import writeXlsx from 'write-excel-file/node'
import { sheetOpener } from '../../src/platform/sheet-threaded.ts'
import { startThread } from '../../src/platform/thread.ts'
import { openSheetFile } from '../../src/registry/sheet/open-file.ts'

const SCRIPT = new URL('../../src/platform/sheet-thread.ts', import.meta.url)
const CSV = new TextEncoder().encode('事项编码,名称\nMAR-01,婚姻登记核验\n')

async function workbook(rows: number, columns = 2): Promise<Uint8Array> {
  const header = Array.from({ length: columns }, (_, i) => ({ value: `列${i}` }))
  const row = (line: number) => header.map((_, i) => ({ value: `第${line}行第${i}列` }))
  const data = [header, ...Array.from({ length: rows }, (_, i) => row(i + 2))]
  return new Uint8Array(await writeXlsx(data as never).toBuffer())
}

describe('an uploaded file', { timeout: 60_000 }, () => {
  test('is read as it would be here, and its thread ends (happy)', async () => {
    const ended: Promise<unknown>[] = []
    const open = sheetOpener((data) => {
      const worker = startThread(SCRIPT, { youngMb: 16, oldMb: 160, data })
      ended.push(once(worker, 'exit'))
      return worker
    })
    for (const bytes of [CSV, await workbook(3), new Uint8Array(), new Uint8Array([0x50, 0x4b])])
      expect(await open(bytes)).toEqual(await openSheetFile(bytes))
    expect(await Promise.all(ended)).toEqual(Array(4).fill([0]))
  })

  test('of megabytes stops nobody else while it is read (happy)', async () => {
    const bytes = await workbook(900, 90)
    let turns = 0
    const counting = setInterval(() => {
      turns += 1
    }, 5)
    const opened = await sheetOpener()(bytes)
    clearInterval(counting)
    expect('given' in opened && opened.given.rows).toHaveLength(900)
    expect(turns).toBeGreaterThan(20)
  })

  test('that needs too much memory is refused, and nobody else is harmed (error)', async () => {
    const open = sheetOpener((data) => startThread(SCRIPT, { youngMb: 1, oldMb: 8, data }))
    expect(await open(await workbook(900, 90))).toEqual({
      wrong: {
        zh: '工作簿展开后太大',
        en: 'The workbook is too large once it is unpacked',
      },
    })
    expect('given' in (await sheetOpener()(CSV))).toBe(true)
  })

  test('that takes too long is refused, and its thread is gone (error)', async () => {
    let worker: Worker | undefined
    const open = sheetOpener((data) => {
      worker = startThread(SCRIPT, { youngMb: 16, oldMb: 160, data })
      return worker
    }, 1)
    const opened = await open(await workbook(900, 90))
    expect(opened).toMatchObject({ wrong: { en: expect.stringContaining('too long') } })
    expect(worker?.threadId).toBe(-1)
  })

  test('whose reader fails by itself is no fault of the file (error)', async () => {
    const missing = new URL('./no-such-thread.ts', import.meta.url)
    const open = sheetOpener((data) => startThread(missing, { youngMb: 2, data }))
    await expect(open(CSV)).rejects.toThrow(/no-such-thread/)
  })
})
