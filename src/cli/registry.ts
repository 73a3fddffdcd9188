import type { Command } from 'commander'
import { command } from './command.ts'
import { applyCommand } from './registry-apply.ts'
import { exportCommand } from './registry-export.ts'
import { planCommand } from './registry-plan.ts'

export function registryCommand(): Command {
  return command(
    'registry',
    {
      zh: '以文件管理登记：导出、比较、提出变更（用个人令牌，经网关的管理接口）',
      en: 'the registry as files: export, compare, propose (with a personal token, through the admin API)',
    },
    ['registry export registry/', 'registry plan registry/', 'registry apply registry/'],
  )
    .helpCommand('help [command]', '显示某命令的帮助 · show help for a command')
    .addCommand(exportCommand())
    .addCommand(planCommand())
    .addCommand(applyCommand())
}
