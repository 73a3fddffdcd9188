import type { Command } from 'commander'
import { keysFolder } from '../platform/keys.ts'
import { nameOf } from '../platform/place.ts'
import { type Restored, restoreGateway } from '../platform/restore.ts'
import { print, tint } from '../platform/terminal.ts'
import { placeIn } from './backup.ts'
import { bars } from './bars.ts'
import { command, configFor, type DataOption, withData, withJson } from './command.ts'
import { foundBad } from './failure.ts'

type Options = DataOption & { from: string; json?: boolean }

export function restoreCommand(): Command {
  const made = command(
    'restore',
    {
      zh: '把备份恢复到空的数据目录或数据库',
      en: 'restore a back-up into an empty folder or database',
    },
    ['restore --from /backup/2026-11-22 --data ./data', 'restore --from /backup/2026-11-22 --json'],
  ).requiredOption('--from <dir>', '备份的文件夹 · the back-up’s folder')
  return withJson(withData(made)).action(async (options: Options) => {
    const config = configFor(options)
    const to = placeIn(config)
    const keys = keysFolder(config.dataDir)
    const shown = bars()
    const restoring = { from: options.from, to, keys, anchorDir: config.anchorDir, ...shown.steps }
    const restored = await restoreGateway(restoring).finally(shown.stop)
    const { backUp, ...rest } = restored
    const ok = restored.anchor !== 'contradicts'
    if (options.json)
      print(JSON.stringify({ ok, to: nameOf(to), size: backUp.size, at: backUp.at, ...rest }))
    else tell(restored, { to: nameOf(to), keys, anchorDir: config.anchorDir })
    if (!ok) throw foundBad()
  })
}

function tell(
  { backUp, keys: brought, anchor, why }: Restored,
  { to, keys, anchorDir }: { to: string; keys: string; anchorDir: string },
): void {
  print(`已恢复到 ${to}：${backUp.size} 条日志，备份于 ${backUp.at}。`)
  print(`Restored into ${to}: ${backUp.size} entries, as of ${backUp.at}.`)
  if (brought === 'missing')
    print(`- 还缺密钥：把 keys/ 放到 ${keys} 再启动。Its keys are missing: put them into ${keys}.`)
  if (anchor === 'holds')
    print(`- 与 ${anchorDir} 的检查点相符，可以启动。It holds against the checkpoint: start it.`)
  if (anchor === 'none')
    print(
      `- ${anchorDir} 没有检查点：先放回最新的一份，否则没有人知道此后是否签过别的。No checkpoint there: put the newest one back first, since it alone knows whether more was signed.`,
    )
  if (anchor === 'contradicts') {
    print(`${tint('red', '✗')} 此后还签过别的，网关不会在其上签名 · it will not sign: ${why}`)
    print('  找更新的备份；确实没有，则 mianzheng log new-shard 另起一段日志。')
    print(
      '  Find a newer back-up; where there is none, "mianzheng log new-shard" begins a log of its own.',
    )
  }
}
