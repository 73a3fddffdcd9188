import { type Command, Option } from 'commander'
import type { Config } from '../config.ts'
import type { Deps } from '../deps.ts'
import { addPerson, giveRole, type PersonChanged, setStatus, takeRole } from '../people/change.ts'
import { DEMO_ISSUER } from '../people/demo.ts'
import {
  personId,
  personName,
  type Registered,
  ROLE_NAMES,
  type Role,
  type RoleName,
  subjectId,
} from '../people/person.ts'
import { openGateway } from '../platform/gateway.ts'
import { print } from '../platform/terminal.ts'
import type { Registry } from '../registry/registry.ts'
import { command, configOfGateway, type DataOption, withData, withJson } from './command.ts'
import { Failure } from './failure.ts'
import { peopleListCommand } from './people-list.ts'

type Shared = DataOption & { readonly json?: boolean }
type RoleOptions = { readonly role: RoleName; readonly agency: string }

export function peopleCommand(): Command {
  return command(
    'people',
    {
      zh: '人员：登记、停用、角色（运行方在网关所在机器上使用）',
      en: 'people: register, suspend, roles (for the operator, on the gateway’s machine)',
    },
    [
      'people list',
      'people add --name 安宁 --subject 1001 --role authority --agency 11990100MB9901016H',
      'people role <id> --role admin --agency 11990100MB9901016H',
      'people suspend <id>',
    ],
  )
    .helpCommand('help [command]', '显示某命令的帮助 · show help for a command')
    .addCommand(addCommand())
    .addCommand(peopleListCommand())
    .addCommand(statusCommand('suspend'))
    .addCommand(statusCommand('resume'))
    .addCommand(roleCommand())
}

function addCommand(): Command {
  const made = command(
    'add',
    {
      zh: '登记一个人及其首个角色；登录由统一身份认证完成，这里没有口令',
      en: 'register a person with a first role; the identity provider signs people in, there are no passwords here',
    },
    ['people add --name 安宁 --subject 1001 --role authority --agency 11990100MB9901016H'],
  )
    .requiredOption('--name <name>', '姓名，界面上显示 · name, as others see it')
    .requiredOption(
      '--subject <sub>',
      '身份认证系统给他的编号（sub） · what the provider calls him',
    )
    .option(
      '--issuer <url>',
      '身份认证系统，缺省 OIDC_ISSUER · the provider (default: OIDC_ISSUER)',
    )
  return withRole(withJson(withData(made))).action(
    async ({
      name,
      subject,
      issuer,
      ...options
    }: Shared & RoleOptions & { name: string; subject: string; issuer?: string }) => {
      if (!personName.safeParse(name).success)
        throw new Failure(
          2,
          '姓名须为一行文字，至多 64 字。',
          'A name is one line, 64 characters at the most.',
        )
      if (!subjectId.safeParse(subject).success)
        throw new Failure(
          2,
          'sub 须为 1 至 255 个可见 ASCII 字符。',
          'A subject is 1 to 255 visible ASCII characters.',
        )
      await change(options, async (deps, config) => {
        const role = await knownRole(deps, options)
        return addPerson(deps, {
          issuer: issuer ?? providerOf(config),
          subject,
          name,
          roles: [role],
        })
      })
    },
  )
}

/** @throws Failure in production, where nobody vouches for the demo's people. */
function providerOf({ oidc, production }: Config): string {
  if (oidc) return oidc.issuer
  if (production)
    throw new Failure(
      2,
      '请用 --issuer 或 OIDC_ISSUER 指明身份认证系统。',
      'Name the identity provider: --issuer or OIDC_ISSUER.',
    )
  return DEMO_ISSUER
}

function statusCommand(verb: 'suspend' | 'resume'): Command {
  const status = verb === 'suspend' ? 'suspended' : 'active'
  const made = command(
    verb,
    verb === 'suspend'
      ? {
          zh: '停用一个人：其会话与令牌当即终止',
          en: 'suspend a person: sessions and tokens end at once',
        }
      : { zh: '恢复一个人', en: 'let a suspended person back in' },
    [`people ${verb} 5rhr54px8-YloGe-q5FWCQ`],
  ).argument('<id>', '人员编号，见 people list · id, as people list shows it')
  return withJson(withData(made)).action(async (id: string, options: Shared) =>
    change(options, (deps) => setStatus(deps, readId(id), status)),
  )
}

function roleCommand(): Command {
  const made = command(
    'role',
    {
      zh: '授予或收回角色；审计与其他角色不能归于一人',
      en: 'grant a role or take it back; whoever audits has no other role',
    },
    [
      'people role 5rhr54px8-YloGe-q5FWCQ --role admin --agency 11990100MB9901016H',
      'people role 5rhr54px8-YloGe-q5FWCQ --role admin --agency 11990100MB9901016H --take',
    ],
  )
    .argument('<id>', '人员编号，见 people list · id, as people list shows it')
    .option('--take', '收回而不是授予 · take it back')
  return withRole(withJson(withData(made))).action(
    async (id: string, options: Shared & RoleOptions & { take?: boolean }) =>
      change(options, async (deps) =>
        options.take
          ? takeRole(deps, readId(id), { role: options.role, agency: options.agency })
          : giveRole(deps, readId(id), await knownRole(deps, options)),
      ),
  )
}

function withRole(made: Command): Command {
  return made
    .addOption(
      new Option('--role <role>', '角色 · role').choices(ROLE_NAMES).makeOptionMandatory(true),
    )
    .requiredOption(
      '--agency <uscc>',
      '在哪个机关，统一社会信用代码 · for which agency, by its USCC',
    )
}

async function change(
  options: Shared,
  act: (deps: Deps, config: Config) => Promise<PersonChanged>,
): Promise<void> {
  const config = configOfGateway(options)
  const gateway = await openGateway(config)
  try {
    const { person, entry } = await act(gateway.deps, config)
    if (options.json) print(JSON.stringify({ ok: true, person, entry }))
    else tell(person, entry, await gateway.deps.registry.view())
  } finally {
    await gateway.close()
  }
}

function tell(person: Registered, entry: number, { agencies }: Registry): void {
  const roles = person.roles.map(({ role, agency }) => {
    const name = agencies.get(agency)?.names.zh ?? agency
    return `${role} · ${name}`
  })
  print(`${person.name}  ${person.id}  ${person.status}`)
  print(roles.length === 0 ? '  没有角色 no roles' : roles.map((one) => `  ${one}`).join('\n'))
  print(
    `日志第 ${entry} 号记载此事，只有编号，没有姓名。Entry ${entry} says so, by id and without the name.`,
  )
}

/** @throws Failure for an agency that the registry does not have. */
async function knownRole({ registry }: Deps, { role, agency }: RoleOptions): Promise<Role> {
  const { agencies } = await registry.view()
  if (!agencies.has(agency))
    throw new Failure(2, `登记册里没有机关 ${agency}。`, `The registry has no agency ${agency}.`)
  return { role, agency }
}

function readId(id: string): string {
  if (!personId.safeParse(id).success)
    throw new Failure(
      2,
      '人员编号不对；请用 people list 查看。',
      'Not a person’s id; see people list.',
    )
  return id
}
