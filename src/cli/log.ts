import type { Command } from 'commander'
import { command } from './command.ts'
import { logCheckCommand } from './log-check.ts'
import { logExportCommand } from './log-export.ts'

export function logCommand(): Command {
  return command('log', { zh: '检查或导出存证日志', en: 'check or export the log' }, [
    'log check',
    'log export --out ./log',
  ])
    .helpCommand('help [command]', '显示某命令的帮助 · show help for a command')
    .addCommand(logCheckCommand())
    .addCommand(logExportCommand())
}
