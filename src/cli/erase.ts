import type { Command } from 'commander'
import { type Erased, eraseRecord } from '../evidence/erase.ts'
import { openGateway } from '../platform/gateway.ts'
import { print } from '../platform/terminal.ts'
import { command, configOfGateway, type DataOption, withData, withJson } from './command.ts'
import { confirm } from './confirm.ts'

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
  await confirm(
    `销毁请求 ${jti} 的证据？不可撤销。Destroy the evidence for good? (y/N) `,
    options.yes,
  )
  const gateway = await openGateway(config)
  try {
    const erased = await eraseRecord(gateway.deps, { jti, system: options.system })
    tell(erased, await gateway.scrub(), options.json)
  } finally {
    await gateway.close()
  }
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
