import type { Command } from 'commander'
import { coveredTo } from '../calendar/calendar.ts'
import { addDays, dayInShanghai } from '../calendar/day.ts'
import type { Config } from '../config.ts'
import { isStale } from '../connector/snapshot.ts'
import {
  type DemoIdentity,
  mayRunDemoIdentity,
  startDemoIdentity,
} from '../platform/demo-identity.ts'
import { demoPeople } from '../platform/demo-people.ts'
import { startDemoProvider } from '../platform/demo-provider.ts'
import { baseOf, type Gateway, type GatewayOptions, openGateway } from '../platform/gateway.ts'
import { holdPlace } from '../platform/lock.ts'
import type { Metrics } from '../platform/measures.ts'
import { freePort, type Serving, serveGateway } from '../platform/serve.ts'
import { print, remark, tint, untilStopped } from '../platform/terminal.ts'
import { command, configFor, type DataOption, withData, withJson } from './command.ts'
import { Failure } from './failure.ts'
import { openSeeded } from './seed.ts'

const ENVIRONMENT = `
环境变量 Environment:
  PORT        端口，缺省 8787 · port (default 8787; 0: any free one)
  HOST        监听地址，缺省 127.0.0.1 · address to listen on (default 127.0.0.1)
  DATA_DIR    数据目录，缺省 ./data · data directory (default ./data)
  DATABASE_URL  多节点共用的 PostgreSQL；缺省用数据目录里的文件 · a PostgreSQL that nodes share
  ANCHOR_DIR  检查点另存处，宜在另一磁盘 · where the last checkpoint is kept; best on another disk
  ISSUER      对外地址，生产环境必填 · public address; production needs it
  PROVIDER_NETWORKS  可访问的内网网段，如 10.1.0.0/16 · private networks of providers, as CIDR
  SOURCES_FILE  部门数据库连接 · providers' databases (default: DATA_DIR/sources.json)
  SEED        none 则不装演示数据 · none: no demo data
  METRICS_PORT   Prometheus 指标的独立端口，缺省无 · a port of its own for the metrics (default: none)
  METRICS_TOKEN  或以此令牌在主端口读取 /metrics · or a token to read /metrics with
  LOG_REQUESTS   on 则每个请求输出一行 · on: one line a request (default off)
  SANDBOX     off 则不接受自助登记；生产环境恒关 · off: no newcomers; always off in production`

export function serveCommand(): Command {
  const made = command(
    'serve',
    {
      zh: '启动网关',
      en: 'start the gateway',
    },
    ['serve', 'serve --data ./data', 'serve --json'],
  )
  made.addHelpText('after', ENVIRONMENT)
  return withJson(withData(made)).action(async (options: DataOption & { json?: boolean }) => {
    const stopped = untilStopped()
    const config = await settlePort(configFor(options))
    const held = await holdPlace(config)
    // Who cannot start must not keep other nodes from starting, nor live on by what he holds.
    const { gateway, serving, provider, identity } = await begin(config).catch(async (error) => {
      await held.release()
      throw error
    })
    await held.started()
    await announce(gateway, serving, { config, json: options.json })
    await stopped
    provider?.stop()
    identity?.stop()
    remark('正在收尾，再按一次立即退出。Draining; once more to leave at once.')
    await serving.stop()
    await held.release()
  })
}

async function begin(config: Config) {
  const metrics = await metricsFor(config)
  let opened: Gateway | undefined
  const identity = await identityFor(config, async () => (opened ? demoPeople(opened.deps) : []))
  try {
    const gateway = await openOwn(config, { measures: metrics?.measures, oidc: identity?.settings })
    opened = gateway
    const serving = await start(gateway, config, metrics)
    // Not waited for: one agency's database that is away stops no other agency's answers.
    void gateway.checkSources()
    try {
      return { gateway, serving, identity, provider: await startDemo(gateway, serving, config) }
    } catch (error) {
      await serving.stop()
      throw error
    }
  } catch (error) {
    identity?.stop()
    throw error
  }
}

/** A provider for the demo's people, on the next free port: in development only, where none is configured. */
async function identityFor(
  config: Config,
  people: Parameters<typeof startDemoIdentity>[0]['people'],
): Promise<DemoIdentity | undefined> {
  const base = baseOf(config)
  if (!mayRunDemoIdentity(config, base)) return undefined
  return startDemoIdentity({ base, people, port: config.port + 1 })
}

/** Before a data folder is bound to an issuer by this port, it must be one that can be had. */
async function settlePort(config: Config): Promise<Config> {
  try {
    return { ...config, port: await freePort(config.host, config.port) }
  } catch (error) {
    throw addressFault(error, config) ?? error
  }
}

/** What is in the data directory; the demo city where nothing is, unless SEED=none. */
async function openOwn(config: Config, options: GatewayOptions): Promise<Gateway> {
  const gateway = await openGateway(config, options)
  const { systems } = await gateway.deps.registry.view()
  if (config.seed === 'none' || systems.size > 0) return gateway
  await gateway.close()
  return openSeeded(config, options)
}

/** Loaded only where somebody reads them. */
async function metricsFor(config: Config): Promise<Metrics | undefined> {
  if (!config.metrics) return undefined
  const { createMetrics } = await import('../platform/metrics.ts')
  return createMetrics()
}

async function start(
  gateway: Gateway,
  config: Config,
  metrics: Metrics | undefined,
): Promise<Serving> {
  try {
    return await serveGateway(gateway, config, metrics)
  } catch (error) {
    await gateway.close()
    throw addressFault(error, config) ?? error
  }
}

/** The demo city's providers that answer for themselves, in a process of their own. */
function startDemo(gateway: Gateway, { url }: Serving, { seed, dataDir }: Config) {
  return seed === 'demo'
    ? startDemoProvider(gateway.deps, { gateway: url, dataDir })
    : Promise.resolve(undefined)
}

function addressFault(error: unknown, config: Config): Failure | undefined {
  const { code, port = config.port } = error as NodeJS.ErrnoException & { port?: number }
  const { host, metrics } = config
  const name = port === metrics?.port ? 'METRICS_PORT' : 'PORT'
  if (code === 'EADDRINUSE')
    return new Failure(
      2,
      `端口 ${port} 已被占用。请停掉占用者，或换一个：${name}=8788 npm start。`,
      `Port ${port} is in use. Stop what holds it, or take another: ${name}=8788 npm start.`,
    )
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EACCES')
    return new Failure(
      2,
      `不能在 ${host}:${port} 监听（${code}），请检查 HOST 与 ${name}。`,
      `Cannot listen on ${host}:${port} (${code}); check HOST and ${name}.`,
    )
  return undefined
}

type Told = { readonly config: Config; readonly json: boolean | undefined }

async function announce(
  gateway: Gateway,
  { url, metricsUrl }: Serving,
  { config, json }: Told,
): Promise<void> {
  const { issuer, signIn } = gateway.deps
  const { dataDir } = config
  const stale = await staleRegisters(gateway)
  if (json) print(JSON.stringify({ ok: true, url, metricsUrl, issuer, dataDir, stale }))
  else greet({ url, issuer, dataDir, base: signIn.oidc && signIn.base })
  if (metricsUrl && !json) print(`  指标 metrics        ${metricsUrl}\n`)
  const { port } = new URL(issuer)
  if (port !== '' && port !== new URL(url).port)
    remark(
      `注意：本目录的签发者是 ${issuer}，端口与现用的 ${url} 不同；签名仍以签发者为准。\n` +
        `Note: this data belongs to the issuer ${issuer}, whose port is not the one in use.`,
    )
  await remarkCalendar(gateway)
  if (stale.length > 0)
    remark(
      `注意：${stale.join('、')} 的快照已超过更新频率，将答“无法判定”；演示数据用 mianzheng seed 刷新。\n` +
        `Note: the snapshots of ${stale.join(', ')} are stale and answer UNDETERMINED; for the demo, run "mianzheng seed".`,
    )
}

/** Clocks of ten working days and an extension of ten more reach this far. */
const CALENDAR_DAYS_AHEAD = 31

/** Before a clock is begun that cannot be counted to its end. */
async function remarkCalendar({ deps }: Gateway): Promise<void> {
  const { calendar } = await deps.registry.view()
  const today = dayInShanghai(deps.clock())
  const end = coveredTo(calendar, today)
  if (end !== undefined && end >= addDays(today, CALENDAR_DAYS_AHEAD)) return
  const year = Number((end === undefined ? today : addDays(end, 1)).slice(0, 4))
  remark(
    `注意：工作日历${end ? `只到 ${end}` : '没有今天'}，此后的期限不能计算；${year} 年用 mianzheng calendar load 装入。\n` +
      `Note: working days are known ${end ? `to ${end} only` : 'not even for today'}; load ${year} with "mianzheng calendar load".`,
  )
}

type Greeting = { url: string; issuer: string; dataDir: string; base: string | undefined }

function greet({ url, issuer, dataDir, base }: Greeting): void {
  print(`${tint('bold', '免证网关已启动 Mianzheng is listening')}  ${url}`)
  print(`  签发者 issuer       ${issuer}`)
  print(`  数据目录 data       ${dataDir}`)
  print(`  演示密钥 demo keys  ${dataDir}/demo-keys/<system>.jwk.json`)
  print()
  print('  可以试试 Try:')
  print(
    `  1. npm run mianzheng -- ask --gateway ${url} --data ${dataDir} --example family-4-marriage`,
  )
  print(`  2. ${url}/           办什么事、还要带什么；目录 what to bring; the catalogue`)
  print(`  3. ${url}/problems   每个拒绝代码的说明 every refusal explained`)
  if (base) print(`  4. ${base}/sign-in    工作人员登录 staff sign in`)
  print()
}

async function staleRegisters({ deps }: Gateway): Promise<string[]> {
  const { registers } = await deps.registry.view()
  const now = deps.clock()
  return [...registers.values()]
    .filter(({ register, snapshot }) => snapshot && isStale(register, snapshot, now))
    .map(({ register }) => register.id)
}
