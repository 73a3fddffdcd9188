import type { Command } from 'commander'
import type { Config } from '../config.ts'
import { recordChange } from '../log/change.ts'
import { type Gateway, openGateway } from '../platform/gateway.ts'
import { holdKeys } from '../platform/lock.ts'
import { destroySealingKey, endAnswerKey } from '../platform/rotation.ts'
import { print } from '../platform/terminal.ts'
import { endSystemKey, judgeKeyEnd } from '../registry/system-keys.ts'
import {
  type Bilingual,
  command,
  configOfGateway,
  type DataOption,
  withData,
  withJson,
} from './command.ts'
import { confirm } from './confirm.ts'
import { readInstant } from './instant.ts'

type Options = DataOption & {
  readonly system?: string
  readonly at?: string
  readonly yes?: boolean
  readonly json?: boolean
}

/** What a step came to: the instant from which it counts, and the entry that says so. */
type Ended = { readonly from: string; readonly entry: number }

export function retireCommand(): Command {
  const made = endCommand('retire', {
    zh: '退役密钥：到时不再有效，公钥仍公布',
    en: 'let a key end; its public half stays published',
  }).option('--at <instant>', '何时起不再有效，缺省尽快 · from when on (default: soonest)')
  return made.action(async (kid: string, options: Options) => {
    const at = readInstant(options.at)
    await withGateway(options, 'retire', kid, async (gateway, config) => {
      const { system } = options
      if (system !== undefined) return endOf(gateway, config, { system, kid, step: 'retire', at })
      const step = { kid, step: 'retire', at } as const
      const { key, entry } = await endAnswerKey(gateway.deps, config.dataDir, step)
      return { from: String(key.validTo), entry }
    })
  })
}

export function revokeCommand(): Command {
  const made = endCommand('revoke', {
    zh: '撤销密钥：此后的签名一概不认',
    en: 'revoke a key: nothing that it signs from then on counts',
  })
    .option('--at <instant>', '自何时起不认，可早于现在 · from when on; may lie in the past')
    .option('--yes', '不再询问 · do not ask')
  return made.action(async (kid: string, options: Options) => {
    const at = readInstant(options.at)
    await confirm(`撤销密钥 ${kid}？不可恢复。Revoke it for good? (y/N) `, options.yes)
    await withGateway(options, 'revoke', kid, async (gateway, config) => {
      const { system } = options
      if (system !== undefined) return endOf(gateway, config, { system, kid, step: 'revoke', at })
      const step = { kid, step: 'revoke', at } as const
      const { key, entry } = await endAnswerKey(gateway.deps, config.dataDir, step)
      return { from: String(key.revokedAt), entry }
    })
  })
}

export function destroyCommand(): Command {
  const made = command(
    'destroy',
    {
      zh: '销毁已退役答复密钥的私钥，或已无记录使用的封存密钥',
      en: 'destroy the private half of an ended answer key, or an unused sealing key',
    },
    ['keys destroy <kid>', 'keys destroy sealing-1 --yes'],
  )
    .argument('<kid>', '密钥 · kid')
    .option('--yes', '不再询问 · do not ask')
  return withJson(withData(made)).action(async (kid: string, options: Options) => {
    await confirm(`销毁 ${kid}？不可恢复。Destroy it for good? (y/N) `, options.yes)
    await withGateway(options, 'destroy', kid, async (gateway, config) => {
      const { key, entry } = kid.startsWith('sealing-')
        ? await destroySealingKey(gateway.deps, config.dataDir, kid)
        : await endAnswerKey(gateway.deps, config.dataDir, { kid, step: 'destroy' })
      return { from: String(key.destroyedAt), entry }
    })
  })
}

function endCommand(name: string, what: Bilingual): Command {
  const made = command(name, what, [
    `keys ${name} <kid>`,
    `keys ${name} <kid> --system housing-bureau`,
  ])
    .argument('<kid>', '密钥 · kid')
    .option('--system <id>', '请求系统的密钥 · a calling system’s key')
  return withJson(withData(made))
}

async function endOf(
  { deps }: Gateway,
  { dataDir }: Config,
  end: { system: string; kid: string; step: 'retire' | 'revoke'; at: number | undefined },
): Promise<Ended> {
  const held = await holdKeys(dataDir)
  try {
    const now = deps.clock()
    const at = end.at ?? now
    judgeKeyEnd(await deps.registry.view(), { ...end, at }, now)
    const from = new Date(at).toISOString()
    const id = `system/${end.system}/${end.kid}/${end.step}`
    const entry = await recordChange(deps.log, { what: 'key', id, hash: deps.crypto.digest(from) })
    await endSystemKey(deps.store.db, { ...end, at })
    return { from, entry }
  } finally {
    held.release()
  }
}

async function withGateway(
  options: Options,
  step: 'retire' | 'revoke' | 'destroy',
  kid: string,
  act: (gateway: Gateway, config: Config) => Promise<Ended>,
): Promise<void> {
  const config = configOfGateway(options)
  const gateway = await openGateway(config)
  try {
    const { from, entry } = await act(gateway, config)
    if (options.json) print(JSON.stringify({ ok: true, kid, step, from, entry }))
    else {
      const { zh, en } = TOLD[step]
      print(`${kid} ${zh} ${from}；日志第 ${entry} 号记载此事。`)
      print(`${kid} ${en} ${from}; entry ${entry} says so.`)
    }
  } finally {
    await gateway.close()
  }
}

const TOLD = {
  retire: { zh: '退役于', en: 'is retired from' },
  revoke: { zh: '撤销自', en: 'is revoked from' },
  destroy: { zh: '销毁于', en: 'was destroyed at' },
} as const
