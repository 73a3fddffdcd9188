import { type Command, CommanderError } from 'commander'
import { VERSION } from '../platform/places.ts'
import {
  environment,
  finishWith,
  print,
  programArguments,
  quietPipes,
  remark,
} from '../platform/terminal.ts'
import { command } from './command.ts'
import { asFailure } from './failure.ts'

/** Loaded when named: `explain` need not wait for a policy engine. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.ts')).serveCommand(),
  seed: async () => (await import('./seed.ts')).seedCommand(),
  import: async () => (await import('./import.ts')).importCommand(),
  keygen: async () => (await import('./keygen.ts')).keygenCommand(),
  onboard: async () => (await import('./onboard.ts')).onboardCommand(),
  keys: async () => (await import('./keys.ts')).keysCommand(),
  people: async () => (await import('./people.ts')).peopleCommand(),
  ask: async () => (await import('./ask.ts')).askCommand(),
  verify: async () => (await import('./verify.ts')).verifyCommand(),
  trust: async () => (await import('./trust.ts')).trustCommand(),
  log: async () => (await import('./log.ts')).logCommand(),
  'migrate-engine': async () => (await import('./migrate-engine.ts')).migrateEngineCommand(),
  backup: async () => (await import('./backup.ts')).backupCommand(),
  restore: async () => (await import('./restore.ts')).restoreCommand(),
  calendar: async () => (await import('./calendar.ts')).calendarCommand(),
  erase: async () => (await import('./erase.ts')).eraseCommand(),
  services: async () => (await import('./service-items.ts')).servicesCommand(),
  registry: async () => (await import('./registry.ts')).registryCommand(),
  gaps: async () => (await import('./gaps.ts')).gapsCommand(),
  explain: async () => (await import('./explain.ts')).explainCommand(),
  'workers-dev': async () => (await import('./workers-dev.ts')).workersDevCommand(),
  demo: async () => (await import('./demo.ts')).demoCommand(),
}

quietPipes()
finishWith(await run(programArguments()))

async function run(args: readonly string[]): Promise<number> {
  const json = args.includes('--json')
  try {
    await (await program(args)).parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    // Commander has said what is wrong; only help ends well.
    if (error instanceof CommanderError && error.exitCode === 0) return 0
    if (error instanceof CommanderError) {
      if (json) print(JSON.stringify({ ok: false, error: { en: error.message } }))
      return 2
    }
    const { zh, en, exitCode } = asFailure(error)
    if (environment().MIANZHENG_DEBUG && error instanceof Error) remark(error.stack)
    // `found` has been told already, as the command's result.
    if (zh !== '') {
      remark(`错误：${zh}\n${en}`)
      if (json) print(JSON.stringify({ ok: false, error: { zh, en } }))
    }
    return exitCode
  }
}

async function program(args: readonly string[]): Promise<Command> {
  const made = command(
    'mianzheng',
    {
      zh: '免证：政务数据共享与行政协助网关',
      en: 'Mianzheng: an inter-agency data sharing and administrative assistance gateway',
    },
    ['demo', 'serve', 'onboard', 'ask --example family-4-marriage', 'explain quota'],
  )
    .version(VERSION, '-V, --version', '显示版本 · show the version')
    .helpCommand('help [command]', '显示某命令的帮助 · show help for a command')
  const [wanted = ''] = args
  const names = Object.hasOwn(COMMANDS, wanted) ? [wanted] : Object.keys(COMMANDS)
  for (const name of names) made.addCommand((await COMMANDS[name]?.()) as Command)
  return made.addHelpText(
    'after',
    '\n退出码 Exit codes: 0 正常 good · 1 发现问题 found bad · 2 用法或环境有误 usage or surroundings · 3 有要提出的变更 changes (registry plan --exit-code)',
  )
}
