import type { Command } from 'commander'
import { type Rewrapped, rewrapAll } from '../evidence/rewrap.ts'
import { recordChange } from '../log/change.ts'
import { openGateway } from '../platform/gateway.ts'
import { rotateSealingKey } from '../platform/rotation.ts'
import { pause, print, progress } from '../platform/terminal.ts'
import { command, configOfGateway, type DataOption, withData, withJson } from './command.ts'
import { foundBad } from './failure.ts'

/** Between two windows, so that a serving gateway gets at the database as often as we do. */
const BREATH_MILLIS = 20

type Options = DataOption & { readonly json?: boolean }

export function rotateSealingCommand(): Command {
  const made = command(
    'rotate-sealing',
    {
      zh: '新的封存密钥，用于此后的记录；旧记录仍可打开',
      en: 'a new sealing key for new records; older ones stay openable',
    },
    ['keys rotate-sealing'],
  )
  return withJson(withData(made)).action(async (options: Options) => {
    const config = configOfGateway(options)
    const gateway = await openGateway(config)
    try {
      const { key, entry } = await rotateSealingKey(gateway.deps, config.dataDir)
      const { kid } = key.jwk
      if (options.json) {
        print(JSON.stringify({ ok: true, kid, entry }))
        return
      }
      print(
        `新封存密钥 ${kid} 已启用；日志第 ${entry} 号记载此事。先备份 keys 目录，再 keys rewrap。`,
      )
      print(`The sealing key ${kid} is in use; entry ${entry} says so. Back up keys/, then rewrap.`)
    } finally {
      await gateway.close()
    }
  })
}

export function rewrapCommand(): Command {
  const made = command(
    'rewrap',
    {
      zh: '以最新封存密钥重新包裹全部数据密钥，不动记录；可中断后再来',
      en: 'bring every data key under the newest sealing key; may be stopped and run again',
    },
    ['keys rewrap'],
  )
  return withJson(withData(made)).action(async (options: Options) => {
    const gateway = await openGateway(configOfGateway(options))
    const shown = progress('重新包裹 rewrapping')
    try {
      const { deps } = gateway
      const kek = gateway.sealingKid()
      const done = await rewrapAll(deps, kek, async (records, total) => {
        shown.update(records, total)
        await pause(BREATH_MILLIS)
      })
      shown.stop()
      const hash = deps.crypto.digest(JSON.stringify({ kek, rewrapped: done.rewrapped }))
      const entry = await recordChange(deps.log, { what: 'key', id: `sealing/${kek}/rewrap`, hash })
      const walCleared = await gateway.scrub()
      tell({ ...done, kek, entry, walCleared }, options.json)
      if (done.unopened.length > 0) throw foundBad()
    } finally {
      shown.stop()
      await gateway.close()
    }
  })
}

type Told = Rewrapped & {
  readonly kek: string
  readonly entry: number
  readonly walCleared: boolean
}

function tell({ kek, rewrapped, unopened, entry, walCleared }: Told, json?: boolean): void {
  if (json) {
    const ok = unopened.length === 0
    print(JSON.stringify({ ok, kek, rewrapped, unopened, entry, walCleared }))
    return
  }
  print(`${rewrapped} 条记录的数据密钥已改由 ${kek} 包裹；日志第 ${entry} 号记载此事。`)
  print(`${rewrapped} data keys are under ${kek} now; entry ${entry} says so.`)
  if (unopened.length === 0) return
  print(`打不开的记录（密钥缺失或被改动）Records that do not open: ${unopened.join(', ')}`)
}
