import type { Command } from 'commander'
import type { Config } from '../config.ts'
import { backUp } from '../platform/backup.ts'
import { keysFolder } from '../platform/keys.ts'
import { type Place, placeOf } from '../platform/place.ts'
import { print, remark } from '../platform/terminal.ts'
import { bars } from './bars.ts'
import { command, configOfGateway, type DataOption, withData, withJson } from './command.ts'

type Options = DataOption & { to: string; withKeys?: boolean; json?: boolean }

export function backupCommand(): Command {
  const made = command(
    'backup',
    {
      zh: '备份，网关照常服务',
      en: 'back up, while the gateway serves',
    },
    ['backup --to /backup/2026-11-22', 'backup --to /backup/2026-11-22 --with-keys --json'],
  )
    .requiredOption('--to <dir>', '新文件夹 · a new folder')
    .option(
      '--with-keys',
      '连同 keys/（与数据库放在一起，窃得者即可打开证据）· keys/ as well: whoever has both can open the evidence',
    )
  return withJson(withData(made)).action(async (options: Options) => {
    const config = configOfGateway(options)
    const shown = bars()
    const made = await backUp({
      from: placeIn(config),
      to: options.to,
      keys: keysFolder(config.dataDir),
      anchorDir: config.anchorDir,
      withKeys: options.withKeys ?? false,
      now: Date.now(),
      ...shown.steps,
    }).finally(shown.stop)
    if (options.json) {
      print(JSON.stringify({ ok: true, dir: options.to, ...made }))
      return
    }
    const { size, bytes } = made
    print(`已备份到 ${options.to}：${size} 条日志，${bytes} 字节，与检查点相符。`)
    print(
      `Backed up to ${options.to}: ${size} entries, ${bytes} bytes; it holds against its checkpoint.`,
    )
    if (!made.keys)
      remark('keys/ 不在其中，请另行备份，分开存放。keys/ is not in it: keep it elsewhere.')
  })
}

/** Where a configuration has its database. */
export function placeIn({ dataDir, databaseUrl }: Config): Place {
  return databaseUrl === undefined ? placeOf(dataDir) : { url: databaseUrl }
}
