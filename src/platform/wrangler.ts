import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { generateSigningKey } from '../keys/generate.ts'
import { publicJwk } from '../keys/signer.ts'
import { createDurably, readIfPresent, writeDurably } from './files.ts'
import { KEY_NAMES, KeyError, type KeyName } from './key-file.ts'
import { createGatewayKeys, keysFolder, readKeyTexts } from './keys.ts'
import { HOME } from './places.ts'

const WRANGLER = join(HOME, 'node_modules/wrangler/wrangler-dist/cli.js')
const PRIVATE = 0o600
const GATEWAY = { file: join(HOME, 'wrangler.toml'), ready: '/readyz' }
const START_MILLIS = 90_000
const LOOK_MILLIS = 200

export function hasWrangler(): boolean {
  return existsSync(WRANGLER)
}

/** Where the operator's private key of a development gateway stands. */
export function operatorFile(dataDir: string): string {
  return join(dataDir, 'operator.jwk.json')
}

/**
 * Makes what a deployment would be given as variables and secrets: the gateway's four keys and an
 * operator's, once, and from them a file for wrangler, readable by this user alone.
 *
 * @returns the file. @throws KeyError.
 */
export async function prepareWorkers(
  dataDir: string,
  variables: Readonly<Record<string, string>>,
): Promise<string> {
  // Registers stand in the state in clear.
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const folder = keysFolder(dataDir)
  if (!(await readKeyTexts(folder))) await createGatewayKeys(folder, Date.now())
  const texts = await readKeyTexts(folder)
  if (!texts) throw new KeyError(`there are no keys in ${folder}`)
  const operator = JSON.stringify(await generateSigningKey('ES256'), null, 2)
  await createDurably(operatorFile(dataDir), `${operator}\n`, PRIVATE)
  const jwk = JSON.parse((await readIfPresent(operatorFile(dataDir))) ?? '')
  const all = {
    NODE_ENV: 'development',
    OPERATOR_KEY: JSON.stringify(await publicJwk(jwk)),
    KEYS: keysSecret(texts),
    ...variables,
  }
  const path = join(dataDir, 'workers.env')
  const lines = Object.entries(all).map(([name, value]) => `${name}='${value}'\n`)
  await writeDurably(path, lines.join(''), PRIVATE)
  return path
}

/** The four key files as the one secret `KEYS`. */
function keysSecret(texts: Readonly<Record<KeyName, string>>): string {
  return JSON.stringify(
    Object.fromEntries(KEY_NAMES.map((name) => [name, JSON.parse(texts[name])])),
  )
}

export type LocalWorker = {
  readonly url: string
  readonly child: ChildProcess
  /** How it ended: exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>
  /** Lets wrangler end its workerd. */
  stop(): Promise<void>
}

/**
 * `wrangler dev` on this machine: real workerd, no account, storage in `DATA_DIR/state`. It leads a
 * process group of its own, so that whoever kills the group kills workerd too.
 *
 * @throws Error when it ends or is not there in a minute and a half; what it said is in `workers.log`.
 */
export async function startWrangler({
  dataDir,
  port,
  envFile,
  worker = GATEWAY,
}: {
  readonly dataDir: string
  readonly port: number
  readonly envFile?: string
  /** Its wrangler.toml, and an address that answers once it runs. */
  readonly worker?: { readonly file: string; readonly ready: string }
}): Promise<LocalWorker> {
  const address = ['--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0']
  const given = envFile === undefined ? [] : ['--env-file', envFile]
  const files = ['--config', worker.file, ...given]
  const args = ['dev', ...files, ...address, '--persist-to', join(dataDir, 'state')]
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: '1', NO_COLOR: '1' }
  const output = await open(join(dataDir, 'workers.log'), 'a', PRIVATE)
  const child = spawn(process.execPath, [WRANGLER, ...args], {
    cwd: HOME,
    env,
    detached: true,
    stdio: ['ignore', output.fd, output.fd],
  })
  await output.close()
  const ended = once(child, 'exit').then(([code, signal]) => code ?? signal)
  const url = `http://127.0.0.1:${port}`
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  const up = await Promise.race([isUp(`${url}${worker.ready}`), ended.then(() => false)])
  if (up) return { url, child, ended, stop }
  if (child.exitCode === null) await stop()
  throw new Error(`wrangler did not start: see ${join(dataDir, 'workers.log')}`)
}

async function isUp(url: string): Promise<boolean> {
  const started = performance.now()
  while (performance.now() - started < START_MILLIS) {
    const reply = await fetch(url).catch(() => undefined)
    if (reply?.ok) return true
    await pause(LOOK_MILLIS)
  }
  return false
}
