import type { Command } from 'commander'
import { checkLog, type LogReport } from '../log/check.ts'
import { openCheckpoint } from '../log/checkpoint.ts'
import { readIfPresent } from '../platform/files.ts'
import { type Inspected, inspectGateway } from '../platform/inspect.ts'
import { print, printAll, progress, tint } from '../platform/terminal.ts'
import {
  command,
  configOfGateway,
  type DataOption,
  noGateway,
  withData,
  withJson,
} from './command.ts'
import { Failure, foundBad } from './failure.ts'

type Options = DataOption & { readonly checkpoint?: string; readonly json?: boolean }

export function logCheckCommand(): Command {
  const made = command(
    'check',
    {
      zh: '重新推导整棵树，指出首个不符的序号',
      en: 'derive the tree again, name the first bad index',
    },
    ['log check', 'log check --checkpoint kept-last-year.txt'],
  ).option('--checkpoint <file>', '另存于他处的检查点 · a checkpoint kept elsewhere')
  return withJson(withData(made)).action(async (options: Options) => {
    const inspected = await openInspected(options)
    try {
      const report = await checkWithProgress(inspected)
      const kept = await checkAgainst(inspected, options.checkpoint)
      const ok = report.ok && kept?.ok !== false
      if (options.json) print(JSON.stringify({ ...report, ok, ...(kept ? { kept } : {}) }))
      else {
        printAll(reportLines(report))
        if (kept) printKept(kept)
      }
      if (!ok) throw foundBad()
    } finally {
      await inspected.close()
    }
  })
}

export async function openInspected(options: DataOption): Promise<Inspected> {
  const config = configOfGateway(options)
  const inspected = await inspectGateway(config)
  if (!inspected) throw noGateway(config.dataDir)
  return inspected
}

export async function checkWithProgress(inspected: Inspected): Promise<LogReport> {
  const { anchor, ...needs } = inspected
  const shown = progress('核对日志 checking')
  try {
    return await checkLog({ ...needs, ...(anchor === undefined ? {} : { anchor }) }, (done, size) =>
      shown.update(done, size),
    )
  } finally {
    shown.stop()
  }
}

/** A second walk, against a checkpoint that somebody else kept: it finds what the anchor cannot. */
async function checkAgainst(
  inspected: Inspected,
  path: string | undefined,
): Promise<(LogReport & { file: string }) | undefined> {
  if (path === undefined) return undefined
  const note = await readIfPresent(path)
  if (note === undefined || !(await isOurs(note, inspected)))
    throw new Failure(
      2,
      `${path} 不是 ${inspected.identity.origin} 签署的检查点。`,
      `${path} is not a checkpoint signed by ${inspected.identity.origin}.`,
    )
  return { ...(await checkWithProgress({ ...inspected, anchor: note })), file: path }
}

/** Signed by the current shard, or by one before it. */
async function isOurs(note: string, { identityOf, shard }: Inspected): Promise<boolean> {
  for (let one = shard; one > 0; one--) if (await openCheckpoint(note, identityOf(one))) return true
  return false
}

export function reportLines(report: LogReport): string[] {
  const { ok, size, checked, root, firstBad, faults, shards } = report
  if (ok)
    return [
      `${tint('green', '✓')} 日志完好：${checked} 条记录给出已签署的树根。`,
      `  The log holds: ${checked} entries give the root that was signed.`,
      ...(shards.length > 1 ? shards.map(shardLine) : []),
      `  root ${root}`,
    ]
  const zh = firstBad === undefined ? '' : `，首个不符的序号是 ${firstBad}`
  const en = firstBad === undefined ? '' : `, first bad index ${firstBad}`
  return [
    `${tint('red', '✗')} 日志已被改动：签署 ${size} 条，读到 ${checked} 条${zh}。`,
    `  The log was altered: ${size} entries signed, ${checked} read${en}.`,
    ...faults.map(({ what }) => `  - ${what}`),
  ]
}

function shardLine({ origin, base, size }: LogReport['shards'][number]): string {
  return `  ${origin}: ${size} 条 entries，编号始于 numbers from ${base}`
}

function printKept({ ok, file, faults }: LogReport & { file: string }): void {
  if (ok) print(`${tint('green', '✓')} 与 ${file} 一致 · it extends ${file}`)
  else for (const { what } of faults) print(`${tint('red', '✗')} ${file}: ${what}`)
}
