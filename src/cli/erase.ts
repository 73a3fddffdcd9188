import type { Command } from 'commander'
import { type Erased, eraseRecord } from '../evidence/erase.ts'
import { type Gateway, openGateway } from '../platform/gateway.ts'
import { askYes, isInteractive, print } from '../platform/terminal.ts'
import { command, configOfGateway, type DataOption, withData, withJson } from './command.ts'
import { Failure } from './failure.ts'

type Options = DataOption & { system?: string; yes?: boolean; json?: boolean }

export function eraseCommand(): Command {
  const made = command(
    'erase',
    {
      zh: '销毁一条记录的证据内容',
      en: "destroy a record's evidence",
    },
    ['erase 0b9d4a52-…', 'erase 0b9d4a52-… --system housing-bureau --yes'],
  )
    .argument('<jti>', '请求的 jti · jti of the request')
    .option('--system <id>', '请求系统 · the calling system')
    .option('--yes', '不再询问 · do not ask')
  return withJson(withData(made)).action(erase)
}

async function erase(jti: string, options: Options): Promise<void> {
  const config = configOfGateway(options)
  if (!options.yes && !(await confirmed(jti))) {
    throw new Failure(1, '未确认，什么也没有删除。', 'Not confirmed; nothing was erased.')
  }
  const gateway = await openGateway(config)
  try {
    const erased = await eraseRecord(gateway.deps, { jti, system: options.system })
    tell(erased, truncateWal(gateway), options.json)
  } finally {
    await gateway.close()
  }
}

async function confirmed(jti: string): Promise<boolean> {
  if (!isInteractive())
    throw new Failure(
      2,
      '删除不可撤销；非交互运行须加 --yes。',
      'Erasing cannot be undone; without a terminal it needs --yes.',
    )
  return askYes(`销毁请求 ${jti} 的证据？不可撤销。Destroy the evidence for good? (y/N) `)
}

/** secure_delete zeroed the pages; older copies of them stand in the write-ahead log until this. */
function truncateWal({ raw }: Gateway): boolean {
  const [state] = raw.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
  return state?.busy === 0
}

function tell({ erased, entry, system }: Erased, cleared: boolean, json?: boolean): void {
  if (json) {
    print(JSON.stringify({ ok: true, system, erased, entry, walCleared: cleared }))
    return
  }
  print(`已销毁 ${system} 的第 ${erased} 号记录的证据；日志第 ${entry} 号记载此事。`)
  print(`The evidence of record ${erased} is destroyed; entry ${entry} says so. Proofs stay valid.`)
  if (cleared) return
  print('数据库正忙，预写日志里可能暂存旧页，网关下次重启即清除。')
  print('The database was busy: its write-ahead log may keep old pages until the gateway restarts.')
}
