import { Command, type HelpConfiguration } from 'commander'
import { type Config, readConfig } from '../config.ts'
import { hasGateway } from '../platform/places.ts'
import { environment } from '../platform/terminal.ts'
import { Failure } from './failure.ts'

export type Bilingual = { readonly zh: string; readonly en: string }

const TITLES: Readonly<Record<string, string>> = {
  'Usage:': '用法 Usage:',
  'Arguments:': '参数 Arguments:',
  'Options:': '选项 Options:',
  'Commands:': '命令 Commands:',
}

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/g

/** Columns on a terminal: a Chinese character takes two. */
function displayWidth(what: string): number {
  return what.length + (what.match(WIDE)?.length ?? 0)
}

const HELP: HelpConfiguration = {
  displayWidth,
  styleTitle: (title) => TITLES[title] ?? title,
  helpWidth: 100,
}

/** A command with help in Chinese, then English, and examples that can be pasted. */
export function command(
  name: string,
  { zh, en }: Bilingual,
  examples: readonly string[] = [],
): Command {
  const shown = examples.map((example) => `  mianzheng ${example}`).join('\n')
  const made = new Command(name)
    .summary(`${zh} · ${en}`)
    .description(`${zh}\n${en}`)
    .configureHelp(HELP)
    .helpOption('-h, --help', '显示帮助 · show help')
    .showHelpAfterError('（加 --help 看用法 · add --help for usage）')
    .configureOutput({ outputError: (text, write) => write(`用法有误 · ${text}`) })
    .exitOverride()
  return examples.length > 0 ? made.addHelpText('after', `\n示例 Examples:\n${shown}`) : made
}

export function withJson(made: Command): Command {
  return made.option('--json', '只输出一个 JSON 对象 · print one JSON object, nothing else')
}

export function withData(made: Command): Command {
  return made.option(
    '--data <dir>',
    '数据目录，缺省 DATA_DIR 或 ./data · data directory (default: DATA_DIR or ./data)',
  )
}

export const GATEWAY = 'http://localhost:8787'

export function withGateway(made: Command): Command {
  return made.option('--gateway <url>', '网关地址 · address of the gateway', GATEWAY)
}

export type DataOption = { readonly data?: string }

/** The environment with `--data` in place of DATA_DIR. @throws ConfigError. */
export function configFor({ data }: DataOption): Config {
  const env = environment()
  return readConfig(data === undefined ? env : { ...env, DATA_DIR: data })
}

/** The same, for commands that must not bring a gateway into being. @throws Failure without one. */
export function configOfGateway(options: DataOption): Config {
  const config = configFor(options)
  if (!hasGateway(config)) throw noGateway(config.dataDir)
  return config
}

export function noGateway(dataDir: string): Failure {
  return new Failure(
    2,
    `${dataDir} 里没有网关数据。请用 --data 指明目录，或先运行 mianzheng seed。`,
    `There is no gateway in ${dataDir}. Name its directory with --data, or run "mianzheng seed" first.`,
  )
}
