import type { Command } from 'commander'
import { command } from './command.ts'
import { keysAddCommand } from './keys-add.ts'
import { destroyCommand, retireCommand, revokeCommand } from './keys-end.ts'
import { keysListCommand } from './keys-list.ts'
import { keysRotateCommand } from './keys-rotate.ts'
import { rewrapCommand, rotateSealingCommand } from './keys-sealing.ts'

export function keysCommand(): Command {
  return command(
    'keys',
    {
      zh: '密钥的生命：公布、启用、退役、撤销、销毁',
      en: "a key's life: publish, use, retire, revoke, destroy",
    },
    [
      'keys list',
      'keys rotate',
      'keys retire <kid>',
      'keys add --system housing-bureau --jwk housing.pub.json',
    ],
  )
    .helpCommand('help [command]', '显示某命令的帮助 · show help for a command')
    .addCommand(keysListCommand())
    .addCommand(keysRotateCommand())
    .addCommand(retireCommand())
    .addCommand(revokeCommand())
    .addCommand(destroyCommand())
    .addCommand(keysAddCommand())
    .addCommand(rotateSealingCommand())
    .addCommand(rewrapCommand())
}
