import type { Command } from 'commander'
import { type DemoProvider, spawnDemoProvider } from '../platform/demo-provider.ts'
import { readCity } from '../platform/seed.ts'
import { freePort } from '../platform/serve.ts'
import { environment, print, remark, tint, untilStopped } from '../platform/terminal.ts'
import { hasWrangler, operatorFile, prepareWorkers, startWrangler } from '../platform/wrangler.ts'
import { command, configFor, type DataOption, withData, withJson } from './command.ts'
import { Failure } from './failure.ts'
import { getJson } from './remote.ts'
import { uploaderOf } from './upload.ts'
import { uploadCity, uploadRegistry } from './upload-city.ts'

const HOST = '127.0.0.1'
const FOLDER = './data/workers'

export function workersDevCommand(): Command {
  const made = command(
    'workers-dev',
    {
      zh: '在本机的 workerd 里试运行网关（Cloudflare Workers）',
      en: 'try the gateway on a local workerd (Cloudflare Workers)',
    },
    ['workers-dev', 'workers-dev --data ./data/workers'],
  )
  return withJson(withData(made)).action(develop)
}

async function develop(options: DataOption & { json?: boolean }): Promise<void> {
  if (!hasWrangler())
    throw new Failure(
      2,
      '没有 wrangler：它是开发依赖，请先 npm ci（不带 --omit=dev）。',
      'There is no wrangler: it is a development dependency, so run npm ci without --omit=dev.',
    )
  const stopped = untilStopped()
  const data = options.data ?? environment().DATA_DIR ?? FOLDER
  const config = configFor({ data })
  const port = await freePort(HOST, config.port)
  const issuer = config.issuer ?? `http://localhost:${port}`
  const envFile = await prepareWorkers(data, { ISSUER: issuer })
  remark('正在启动 workerd。Starting workerd.')
  const worker = await startWrangler({ dataDir: data, envFile, port })
  try {
    const provider = await bringCity(worker.url, data)
    if (options.json) print(JSON.stringify({ ok: true, url: worker.url, issuer, dataDir: data }))
    else greet(worker.url, data)
    await Promise.race([stopped, worker.ended])
    provider.stop()
  } finally {
    await worker.stop()
  }
}

/** All of it the first time; later only where this run's providers listen. */
async function bringCity(gateway: string, dataDir: string): Promise<DemoProvider> {
  const city = await readCity(dataDir, Date.now())
  const provider = await spawnDemoProvider({ gateway, dataDir })
  const { listening } = provider
  const uploader = await uploaderOf({ to: gateway, operatorKey: operatorFile(dataDir) })
  const { systems } = (await getJson(gateway, '/v1/catalog/systems')) as { systems: unknown[] }
  if (systems.length === 0) await uploadCity(uploader, city, listening)
  else await uploadRegistry(uploader, city, listening)
  return provider
}

function greet(url: string, dataDir: string): void {
  const title = '免证网关在 workerd 里运行 Mianzheng runs on workerd'
  print(`${tint('bold', title)}  ${url}`)
  print(`  数据目录 data          ${dataDir}（state、keys、demo-keys）`)
  print(`  运行方私钥 operator    ${operatorFile(dataDir)}`)
  print()
  print('  可以试试 Try:')
  print(
    `  1. npm run mianzheng -- ask --gateway ${url} --data ${dataDir} --example family-4-marriage`,
  )
  print(
    `  2. npm run mianzheng -- import marriage seed/registers/marriage.csv --to ${url} --operator-key ${operatorFile(dataDir)}`,
  )
  print(`  3. ${url}/v1/catalog/items   已发布的事项 the published items`)
  print('  按 sql 接入的事项此处一律 provider-down。Items bound by sql are provider-down here.')
  print()
}
