import type { Command } from 'commander'
import { calendarLoadCommand } from './calendar-load.ts'
import { calendarShowCommand } from './calendar-show.ts'
import { command } from './command.ts'

export function calendarCommand(): Command {
  return command(
    'calendar',
    { zh: '工作日历：装入一年，或查看', en: 'working days: load a year, or show them' },
    ['calendar load 2027.json', 'calendar show', 'calendar show 2026'],
  )
    .helpCommand('help [command]', '显示某命令的帮助 · show help for a command')
    .addCommand(calendarLoadCommand())
    .addCommand(calendarShowCommand())
}
