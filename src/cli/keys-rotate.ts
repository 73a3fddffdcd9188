import { type Command, InvalidArgumentError } from 'commander'
import { openGateway } from '../platform/gateway.ts'
import { rotateAnswerKey } from '../platform/rotation.ts'
import { print } from '../platform/terminal.ts'
import { command, configOfGateway, type DataOption, withData, withJson } from './command.ts'

const MINUTE_MILLIS = 60_000
/** Twice as long as anybody may keep the published keys (Cache-Control of the JWKS). */
const LEAD_MINUTES = 10
const LEAD_MINUTES_MAX = 60 * 24 * 90

type Options = DataOption & {
  readonly lead: number
  readonly now?: boolean
  readonly json?: boolean
}

export function keysRotateCommand(): Command {
  const made = command(
    'rotate',
    {
      zh: '生成并公布新的答复密钥，到时自动接替',
      en: 'publish a new answer key, which takes over by itself',
    },
    ['keys rotate', 'keys rotate --lead 10080', 'keys rotate --now'],
  )
    .option(
      '--lead <minutes>',
      '公布多久后启用，宜长于各方更新信任文件的周期 · minutes between publishing and use',
      minutes,
      LEAD_MINUTES,
    )
    .option('--now', '立即启用（旧密钥失窃时）· use it at once, when the old one was stolen')
  return withJson(withData(made)).action(async (options: Options) => {
    const config = configOfGateway(options)
    const gateway = await openGateway(config)
    try {
      const lead = options.now ? 0 : options.lead * MINUTE_MILLIS
      const { key, entry } = await rotateAnswerKey(gateway.deps, config.dataDir, lead)
      const { kid } = key.jwk
      const { validFrom } = key
      if (options.json) print(JSON.stringify({ ok: true, kid, validFrom, entry }))
      else tell({ kid, validFrom, entry })
    } finally {
      await gateway.close()
    }
  })
}

function tell({ kid, validFrom, entry }: { kid: string; validFrom: string; entry: number }): void {
  print(`新答复密钥 ${kid} 已公布，${validFrom} 起启用；日志第 ${entry} 号记载此事。`)
  print(`The answer key ${kid} is published and signs from ${validFrom}; entry ${entry} says so.`)
  print('请各方更新信任文件（mianzheng trust），核对后固定；旧密钥以 keys retire 退役。')
  print('Let everybody renew the trust file and compare it; end the old key by "keys retire".')
}

function minutes(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > LEAD_MINUTES_MAX)
    throw new InvalidArgumentError(`0 … ${LEAD_MINUTES_MAX}`)
  return value
}
