import type { Command } from 'commander'
import { command } from './command.ts'
import { logCheckCommand } from './log-check.ts'
import { logExportCommand } from './log-export.ts'
import { logNewShardCommand } from './log-new-shard.ts'

export function logCommand(): Command {
  return command(
    'log',
    { zh: '检查、导出存证日志，或换新分片', en: 'check or export the log, begin a shard' },
    ['log check', 'log export --out ./log', 'log new-shard --reason "year 2027"'],
  )
    .helpCommand('help [command]', '显示某命令的帮助 · show help for a command')
    .addCommand(logCheckCommand())
    .addCommand(logExportCommand())
    .addCommand(logNewShardCommand())
}
