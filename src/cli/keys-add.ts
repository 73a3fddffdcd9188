import type { Command } from 'commander'
import { recordChange } from '../log/change.ts'
import { readIfPresent } from '../platform/files.ts'
import { openGateway } from '../platform/gateway.ts'
import { holdKeys } from '../platform/lock.ts'
import { print } from '../platform/terminal.ts'
import {
  addSystemKey,
  judgeNewKey,
  readSystemJwk,
  SystemKeyError,
} from '../registry/system-keys.ts'
import { command, configOfGateway, type DataOption, withData, withJson } from './command.ts'
import { Failure } from './failure.ts'
import { readInstant } from './instant.ts'

const JWK_CHARACTERS_MAX = 8192

type Options = DataOption & {
  readonly system: string
  readonly jwk: string
  readonly validFrom?: string
  readonly json?: boolean
}

export function keysAddCommand(): Command {
  const made = command(
    'add',
    { zh: '登记请求系统的公钥', en: "register a calling system's public key" },
    ['keys add --system housing-bureau --jwk housing.pub.json'],
  )
    .requiredOption('--system <id>', '请求系统 · the calling system')
    .requiredOption(
      '--jwk <file>',
      '公钥（JWK），经另一渠道核对过 · public JWK, compared beforehand',
    )
    .option('--valid-from <instant>', '何时起有效，缺省现在 · from when on (default: now)')
  return withJson(withData(made)).action(add)
}

async function add({ system, ...options }: Options): Promise<void> {
  const from = readInstant(options.validFrom)
  const config = configOfGateway(options)
  const jwk = await readSystemJwk(await readJson(options.jwk))
  const held = await holdKeys(config.dataDir)
  const gateway = await openGateway(config)
  try {
    const { deps } = gateway
    const now = deps.clock()
    const added = { system, jwk, validFrom: from ?? now }
    await judgeNewKey(await deps.registry.view(), added, now)
    const id = `system/${system}/${jwk.kid}/publish`
    const hash = deps.crypto.digest(JSON.stringify(added))
    const entry = await recordChange(deps.log, { what: 'key', id, hash })
    await addSystemKey(deps.store.db, added)
    const validFrom = new Date(added.validFrom).toISOString()
    if (options.json) print(JSON.stringify({ ok: true, system, kid: jwk.kid, validFrom, entry }))
    else {
      print(`已为 ${system} 登记公钥 ${jwk.kid}，${validFrom} 起有效；日志第 ${entry} 号记载此事。`)
      print(`The key ${jwk.kid} of ${system} counts from ${validFrom}; entry ${entry} says so.`)
    }
  } finally {
    await gateway.close()
    held.release()
  }
}

async function readJson(path: string): Promise<unknown> {
  const text = await readIfPresent(path)
  if (text === undefined) throw new Failure(2, `找不到文件：${path}`, `No such file: ${path}`)
  if (text.length > JWK_CHARACTERS_MAX) throw new SystemKeyError('unfit', 'too large for a JWK')
  try {
    return JSON.parse(text)
  } catch {
    throw new SystemKeyError('unfit', 'not JSON')
  }
}
