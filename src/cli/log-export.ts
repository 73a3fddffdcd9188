import type { Command } from 'commander'
import { exportedFiles, exportLog } from '../log/export.ts'
import { writeDurably } from '../platform/files.ts'
import type { Inspected } from '../platform/inspect.ts'
import { print, printAll, progress } from '../platform/terminal.ts'
import { command, type DataOption, withData, withJson } from './command.ts'
import { foundBad } from './failure.ts'
import { checkWithProgress, openInspected, reportLines } from './log-check.ts'

type Options = DataOption & { readonly out: string; readonly json?: boolean }

export function logExportCommand(): Command {
  const made = command(
    'export',
    {
      zh: '先核对，再导出为 tlog-tiles 静态文件',
      en: 'check, then write as tlog-tiles files',
    },
    ['log export --out ./log'],
  ).requiredOption('--out <dir>', '目标目录 · target directory')
  return withJson(withData(made)).action(async (options: Options) => {
    const inspected = await openInspected(options)
    try {
      const report = await checkWithProgress(inspected)
      if (!report.ok) {
        if (options.json) print(JSON.stringify(report))
        else printAll(reportLines(report))
        throw foundBad()
      }
      const files = await writeAll(
        inspected,
        options.out,
        report.shards.reduce((sum, { size }) => sum + exportedFiles(size), 0),
      )
      const { size, root } = report
      if (options.json) print(JSON.stringify({ ok: true, dir: options.out, size, root, files }))
      else {
        print(`已导出 ${size} 条记录、${files} 个文件到 ${options.out}。`)
        print(`Exported ${size} entries in ${files} files to ${options.out}.`)
      }
    } finally {
      await inspected.close()
    }
  })
}

async function writeAll(inspected: Inspected, dir: string, total: number): Promise<number> {
  const shown = progress('导出 exporting')
  let files = 0
  try {
    for await (const { path, bytes } of exportLog(inspected)) {
      await writeDurably(`${dir}/${path}`, bytes)
      files += 1
      shown.update(files, total)
    }
    return files
  } finally {
    shown.stop()
  }
}
