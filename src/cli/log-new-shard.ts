import type { Command } from 'commander'
import { checkLog } from '../log/check.ts'
import { type Lost, mustBeReason, type ShardPlan } from '../log/next-shard.ts'
import { readIfPresent } from '../platform/files.ts'
import { inspectGateway } from '../platform/inspect.ts'
import { openShardChange, type ShardChange } from '../platform/next-shard.ts'
import { print, printAll, progress } from '../platform/terminal.ts'
import { command, configOfGateway, type DataOption, withData, withJson } from './command.ts'
import { confirm } from './confirm.ts'
import { Failure, foundBad } from './failure.ts'
import { reportLines } from './log-check.ts'

type Options = DataOption & {
  readonly reason: string
  readonly seen?: string
  readonly yes?: boolean
  readonly json?: boolean
}

export function logNewShardCommand(): Command {
  const made = command(
    'new-shard',
    {
      zh: '封存当前日志，以新的名称开始下一个分片（恢复旧备份之后，或按年换分片）',
      en: 'close the log and begin the next shard (after an old back-up was restored, or once a year)',
    },
    [
      'log new-shard --reason "restored the back-up of 1 March"',
      'log new-shard --reason "year 2027" --yes',
    ],
  )
    .requiredOption(
      '--reason <text>',
      '写入日志的理由，长期可查，不得含个人信息 · why; it stays in the log for good: no personal data',
    )
    .option('--seen <file>', '他人另存的检查点 · a checkpoint that somebody else kept')
    .option('--yes', '不再询问 · do not ask')
  return withJson(withData(made)).action(newShard)
}

async function newShard(options: Options): Promise<void> {
  const config = configOfGateway(options)
  mustBeReason(options.reason)
  const seen = options.seen === undefined ? undefined : await noteOf(options.seen)
  const change = await openShardChange(config, { seen })
  try {
    await mustHold(config, options.json)
    if (!options.json) printAll(planLines(change.plan))
    await confirm(
      '封存当前日志，开始新的分片？不可撤销。Begin a new shard for good? (y/N) ',
      options.yes,
    )
    await commit(change, options)
  } finally {
    await change.close()
  }
}

async function noteOf(path: string): Promise<string> {
  const note = await readIfPresent(path)
  if (note !== undefined) return note
  throw new Failure(2, `找不到文件 ${path}。`, `There is no file ${path}.`)
}

/** What is closed is closed for good: only a log that holds in itself may be. @throws Failure. */
async function mustHold(config: Parameters<typeof inspectGateway>[0], json?: boolean) {
  const inspected = await inspectGateway(config)
  if (!inspected) return
  const shown = progress('核对日志 checking')
  try {
    const { store, identity, crypto } = inspected
    const report = await checkLog({ store, identity, crypto }, (done, size) =>
      shown.update(done, size),
    )
    if (report.ok) return
    if (json) print(JSON.stringify(report))
    else printAll(reportLines(report))
    throw foundBad()
  } finally {
    shown.stop()
    await inspected.close()
  }
}

function planLines({ shard, base, held, lost }: ShardPlan): string[] {
  const known =
    lost.length === 0
      ? ['没有已知的丢失。Nothing is known to be lost.']
      : ['已知丢失，将记入新分片的首条 Known to be lost; the first entry will say so:']
  return [
    `现存 held       ${held.origin}：${heldText(held)}`,
    ...known,
    ...lost.flatMap(lostLines),
    `新分片 new      第 ${shard} 个分片，首条编号 ${base} · shard ${shard}, its first entry has the number ${base}`,
  ]
}

function heldText({ head: { size, base, timeAt } }: ShardPlan['held']): string {
  if (size === 0) return '没有记录 no entries'
  const until = new Date(timeAt).toISOString()
  return `${size} 条 entries，编号 numbers ${base}–${base + size - 1}，至 until ${until}`
}

function lostLines({ origin, size, entries }: Lost): string[] {
  if (entries === 0)
    return [
      `  - ${origin}：签署过 ${size} 条的另一段历史`,
      `    another history of ${size} entries was signed`,
    ]
  return [
    `  - ${origin}：签署过 ${size} 条，至少 ${entries} 条不在库中`,
    `    ${size} entries were signed, ${entries} of them at least are not here`,
  ]
}

async function commit(change: ShardChange, { reason, json }: Options): Promise<void> {
  const { shard, base, held, lost } = change.plan
  const { head, start, anchor } = await change.commit(reason)
  if (json) {
    const { origin, head: old } = held
    const kept = { origin, base: old.base, size: old.size, timeAt: old.timeAt }
    const { checkpoint } = head
    const opened = { shard, origin: start.origin, base, checkpoint, anchor }
    print(JSON.stringify({ ok: true, ...opened, reason, held: kept, lost }))
    return
  }
  print(`已开始 ${start.origin}，首条编号 ${base}；可以启动网关。检查点另存于 ${anchor}。`)
  print(`${start.origin} has begun with the number ${base}: start the gateway.`)
  print('验证方须更新信任文件（mianzheng trust --force），旧证据仍然有效。')
  print('Verifiers need a new trust file ("mianzheng trust --force"); old evidence stays valid.')
}
