import type { Command } from 'commander'
import { listPeople } from '../people/people.ts'
import type { Registered } from '../people/person.ts'
import { print } from '../platform/terminal.ts'
import { command, type DataOption, withData, withJson } from './command.ts'
import { openInspected } from './log-check.ts'
import { tableText } from './table.ts'

type Options = DataOption & { readonly agency?: string; readonly json?: boolean }

export function peopleListCommand(): Command {
  const said = { zh: '列出人员及其角色', en: 'list people and their roles' }
  const examples = ['people list', 'people list --agency 11990100MB9901016H']
  const made = command('list', said, examples).option(
    '--agency <uscc>',
    '只列某机关的人 · only those with a role there',
  )
  return withJson(withData(made)).action(async (options: Options) => {
    const inspected = await openInspected(options)
    try {
      const people = await listPeople(inspected.store.db, options.agency)
      if (options.json) print(JSON.stringify({ ok: true, people }))
      else print(people.length === 0 ? NOBODY : table(people))
    } finally {
      await inspected.close()
    }
  })
}

const NOBODY =
  '还没有人。用 people add 登记第一个主管部门管理员。\nNobody yet: register a first authority with people add.'

function table(people: readonly Registered[]): string {
  const rows = people.map(({ id, name, roles, status, issuer, subject }) => [
    name,
    id,
    status === 'active' ? '在用 active' : '停用 suspended',
    roles.map(({ role, agency }) => `${role} ${agency}`).join('\n'),
    `${issuer}\n${subject}`,
  ])
  return tableText(['姓名 Name', 'id', '状态 State', '角色 Roles', '身份认证 Provider, sub'], rows)
}
