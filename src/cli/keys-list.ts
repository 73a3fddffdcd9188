import type { Command } from 'commander'
import { type KeyState, type Ring, stateOf } from '../keys/ring.ts'
import { KeyError } from '../platform/key-file.ts'
import { keysFolder, loadGatewayKeys } from '../platform/keys.ts'
import { print } from '../platform/terminal.ts'
import type { Tables } from '../storage/tables.ts'
import { command, configOfGateway, type DataOption, withData, withJson } from './command.ts'
import { openInspected } from './log-check.ts'
import { tableText } from './table.ts'

const STATES: Readonly<Record<KeyState | 'destroyed', string>> = {
  published: '已公布 published',
  active: '在用 active',
  overlapping: '交接中 overlapping',
  retired: '已退役 retired',
  revoked: '已撤销 revoked',
  destroyed: '已销毁 destroyed',
}

type Line = {
  readonly of: string
  readonly kid: string
  readonly state: KeyState | 'destroyed'
  readonly validFrom: string
  readonly end: string | undefined
  readonly hasSecret?: boolean
}

export function keysListCommand(): Command {
  const made = command('list', { zh: '列出全部密钥及其状态', en: 'list every key and its state' }, [
    'keys list',
    'keys list --json',
  ])
  return withJson(withData(made)).action(async (options: DataOption & { json?: boolean }) => {
    const { dataDir } = configOfGateway(options)
    const inspected = await openInspected(options)
    try {
      const keys = await loadGatewayKeys(keysFolder(dataDir))
      if (!keys) throw new KeyError(`there are no keys in ${keysFolder(dataDir)}`)
      const now = Date.now()
      const systems = await inspected.store.db.selectFrom('system_key').selectAll().execute()
      const lines = [
        ...answerLines(keys.answer, now),
        ...sealingLines(keys.sealing),
        ...systems.map((row) => systemLine(row, now)),
      ]
      if (options.json) print(JSON.stringify({ ok: true, keys: lines }))
      else print(table(lines))
    } finally {
      await inspected.close()
    }
  })
}

function answerLines(ring: Ring, now: number): Line[] {
  return ring.map((key): Line => {
    const state = stateOf(ring, key, now)
    const { validFrom, validTo, revokedAt, destroyedAt, jwk } = key
    const end = revokedAt ?? validTo
    return { of: 'answer', kid: jwk.kid, state, validFrom, end, hasSecret: !destroyedAt }
  })
}

function sealingLines(ring: Ring): Line[] {
  const newest = ring.at(-1)
  return ring.map((key): Line => {
    const { validFrom, destroyedAt, jwk } = key
    const state = destroyedAt ? 'destroyed' : key === newest ? 'active' : 'overlapping'
    return { of: 'sealing', kid: jwk.kid, state, validFrom, end: destroyedAt }
  })
}

/** A system may have several keys at once: each is active for as long as it counts. */
function systemLine(row: Tables['system_key'], now: number): Line {
  const instant = (millis: number | null) =>
    millis === null ? undefined : new Date(millis).toISOString()
  const validFrom = new Date(row.valid_from).toISOString()
  const end = instant(row.revoked_at ?? row.valid_to)
  const key = {
    jwk: { kty: '', kid: row.kid },
    validFrom,
    ...(row.valid_to === null ? {} : { validTo: String(instant(row.valid_to)) }),
    ...(row.revoked_at === null ? {} : { revokedAt: String(instant(row.revoked_at)) }),
  }
  const alone = stateOf([key], key, now)
  const state = alone === 'overlapping' ? 'active' : alone
  return { of: row.system, kid: row.kid, state, validFrom, end }
}

function table(lines: readonly Line[]): string {
  const rows = lines.map(({ of, kid, state, validFrom, end, hasSecret }) => [
    of,
    kid,
    hasSecret === false ? `${STATES[state]}；${STATES.destroyed}` : STATES[state],
    validFrom,
    end ?? '',
  ])
  return tableText(['用途 Of', 'kid', '状态 State', '生效 From', '止于 To'], rows)
}
