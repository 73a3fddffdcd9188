import type { Command } from 'commander'
import { ImportError } from '../connector/import.ts'
import { readBytes, sizeOf } from '../platform/files.ts'
import { openGateway } from '../platform/gateway.ts'
import { isXlsx } from '../platform/register-file.ts'
import { importRegister } from '../platform/seed.ts'
import { print, progress, remark } from '../platform/terminal.ts'
import type { Register } from '../registry/documents.ts'
import { command, configOfGateway, type DataOption, withData, withJson } from './command.ts'
import { Failure, foundBad } from './failure.ts'
import { type ToOption, upload, uploaderOf, withUpload } from './upload.ts'

type Options = DataOption & ToOption & { asOf?: string; sheet?: string; json?: boolean }

export function importCommand(): Command {
  const made = command(
    'import',
    {
      zh: '导入登记库快照，全有或全无',
      en: 'import a register, all or nothing',
    },
    [
      'import marriage marriage.csv',
      'import marriage 婚姻登记.xlsx --sheet 2026年',
      'import resident resident.csv --as-of 2026-11-20T00:00:00Z',
      'import resident resident.csv --to https://gateway.example --operator-key operator.jwk.json',
    ],
  )
    .argument('<register>', '登记库 · register')
    .argument(
      '<file>',
      'CSV（UTF-8）或 XLSX，首行列名 · CSV (UTF-8) or XLSX, first row the columns',
    )
    .option('--sheet <name>', 'XLSX 工作表，缺省为第一张 · sheet of an XLSX (default: the first)')
    .option('--as-of <instant>', '数据截止时点，缺省为现在 · as of when (default: now)')
  return withJson(withUpload(withData(made))).action(importFile)
}

async function importFile(id: string, path: string, options: Options): Promise<void> {
  const asOf = readInstant(options.asOf)
  const sheet = readSheetName(path, options.sheet)
  if (options.to !== undefined) return importOverHttp(id, path, options)
  const config = configOfGateway(options)
  const total = await sizeOf(path)
  const gateway = await openGateway(config)
  const shown = progress(`导入 importing ${id} (${isXlsx(path) ? '行 rows' : 'bytes'})`)
  try {
    const register = (await gateway.deps.registry.view()).registers.get(id)?.register
    if (!register)
      throw unknownRegister(id, [...(await gateway.deps.registry.view()).registers.keys()])
    let read = 0
    const onBytes = (bytes: number) => {
      read += bytes
      shown.update(read, total)
    }
    // An XLSX is read at once; what takes its time then are the rows.
    const onProgress = (done: number) => shown.update(done, 0)
    const told = isXlsx(path) ? { onProgress } : { onBytes }
    const from = { path, ...sheet, ...told, ...asOf }
    const rows = await importRegister(gateway.deps, register, from)
    shown.stop()
    if (options.json) print(JSON.stringify({ ok: true, register: id, rows }))
    else
      print(
        `已导入 ${register.names.zh}（${id}）${rows} 行，即刻启用。Imported ${rows} rows of ${id}.`,
      )
  } catch (error) {
    shown.stop()
    if (!(error instanceof ImportError) || error.count === 0) throw error
    tellFaults(id, error, options.json)
    throw foundBad()
  } finally {
    await gateway.close()
  }
}

/** The same rules, judged by the gateway itself: all of the file or nothing. */
async function importOverHttp(id: string, path: string, options: Options): Promise<void> {
  if (isXlsx(path))
    throw new Failure(
      2,
      '上传只用 CSV（UTF-8）；请在表格软件里另存为 CSV。',
      'Only CSV (UTF-8) is uploaded: save the sheet as CSV.',
    )
  const { asOf } = readInstant(options.asOf)
  const body = await readBytes(path)
  const to = `/v1/operator/registers/${encodeURIComponent(id)}`
  const uploader = await uploaderOf(options)
  const { rows } = await upload(uploader, { path: to, type: 'text/csv', body, asOf })
  if (options.json) print(JSON.stringify({ ok: true, register: id, rows }))
  else print(`已上传 ${id} ${rows} 行，即刻启用。Uploaded ${rows} rows of ${id}.`)
}

/** Lines and columns, never values: a register's rows are personal data. */
function tellFaults(register: string, { faults, count }: ImportError, json?: boolean): void {
  if (json) {
    print(JSON.stringify({ ok: false, register, count, faults }))
    return
  }
  remark(`${count} 行不符合 ${register} 的格式；未导入任何行，原快照继续作答。`)
  remark(`${count} rows do not fit; nothing was imported and the old snapshot goes on answering.`)
  for (const { line, columns } of faults)
    remark(`  第 ${line} 行 line ${line}: ${columns.join(', ')}`)
  if (count > faults.length) remark(`  … ${count - faults.length} more`)
}

function readSheetName(path: string, sheet: string | undefined): { sheet?: string } {
  if (/\.(xls|xlsm|xlsb|et|ods)$/i.test(path))
    throw new Failure(
      2,
      '只读 CSV 与 XLSX；请在表格软件里另存为 .xlsx 或 CSV（UTF-8）。',
      'Only CSV and XLSX are read: save it as .xlsx or as CSV (UTF-8).',
    )
  if (sheet === undefined) return {}
  if (isXlsx(path)) return { sheet }
  throw new Failure(2, '--sheet 只用于 .xlsx 文件。', '--sheet is for .xlsx files only.')
}

function readInstant(text: string | undefined): { asOf?: number } {
  if (text === undefined) return {}
  const asOf = Date.parse(text)
  if (Number.isNaN(asOf) || asOf > Date.now())
    throw new Failure(
      2,
      `--as-of 须为不晚于现在的时点，如 2026-11-20T00:00:00Z：${text}`,
      `--as-of is an instant that is not in the future, as 2026-11-20T00:00:00Z: ${text}`,
    )
  return { asOf }
}

function unknownRegister(id: string, known: readonly Register['id'][]): Failure {
  return new Failure(
    2,
    `没有登记库 ${id}；已登记的有：${known.join('、')}`,
    `There is no register ${id}; known: ${known.join(', ')}`,
  )
}
