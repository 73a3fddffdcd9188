import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { serve } from '@hono/node-server'
import type { ProviderTrust } from '../../src/provider/index.ts'
import { providerApp } from './app.ts'

const USAGE = `用法 Usage:
  node examples/provider/main.ts --trust trust.json --keys data/demo-keys [--port 8790]
  node examples/provider/main.ts --gateway http://localhost:8787 --keys data/demo-keys

  --trust     信任文件（mianzheng trust --out 写出，核对后固定）· a trust file, compared and pinned
  --gateway   仅供演示：向网关自身取公钥 · for demonstrations: ask the gateway itself for its keys
  --keys      提供方私钥所在目录 · where the providers' private keys are
  --port      端口，缺省 8790 · port (0: any free one)
  --attached  标准输入关闭即退出 · end when standard input closes`

const { values: flags } = parseArgs({
  options: {
    trust: { type: 'string' },
    gateway: { type: 'string' },
    keys: { type: 'string' },
    port: { type: 'string', default: '8790' },
    attached: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const TRUSTED_MILLIS = 5_000

if (flags.help || !flags.keys || (!flags.trust && !flags.gateway)) {
  process.stderr.write(`${USAGE}\n`)
  process.exit(flags.help ? 0 : 2)
}

const keys = flags.keys
const app = providerApp({
  trust: flags.trust ? pinned(flags.trust) : asked(String(flags.gateway)),
  keyOf: (system) => JSON.parse(readFileSync(join(keys, `${system}.jwk.json`), 'utf8')),
  log: (line) => process.stdout.write(`${JSON.stringify(line)}\n`),
})
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(flags.port) }, ({ port }) => {
  process.stdout.write(`${JSON.stringify({ listening: `http://127.0.0.1:${port}` })}\n`)
})
if (flags.attached) process.stdin.resume().once('end', () => process.exit(0))

function pinned(file: string): () => ProviderTrust {
  const trust = JSON.parse(readFileSync(file, 'utf8'))
  return () => trust
}

/** What the gateway says of itself: good enough to see the protocol work, and for nothing else. */
function asked(gateway: string): () => Promise<ProviderTrust> {
  let known: Promise<ProviderTrust> | undefined
  let until = 0
  return () => {
    if (!known || Date.now() > until) {
      until = Date.now() + TRUSTED_MILLIS
      known = fetchTrust(gateway)
      known.catch(() => {
        known = undefined
      })
    }
    return known
  }
}

async function fetchTrust(gateway: string): Promise<ProviderTrust> {
  const get = async (path: string) =>
    (await fetch(`${gateway}${path}`, { signal: AbortSignal.timeout(5_000) })).json()
  const paths = ['/.well-known/mianzheng', '/.well-known/jwks.json', '/v1/catalog/systems']
  const [metadata, jwks, catalog] = await Promise.all(paths.map(get))
  const own = jwks.keys.map((jwk: { kid: string }) => ({ ...jwk, jwk }))
  const callers = catalog.systems.map((system: { id: string; keys: unknown }) => [
    system.id,
    system.keys,
  ])
  return { issuer: metadata.issuer, gateway: own, callers: Object.fromEntries(callers) }
}
