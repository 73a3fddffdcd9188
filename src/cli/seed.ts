import type { Command } from 'commander'
import type { Config } from '../config.ts'
import type { Deps } from '../deps.ts'
import { type Gateway, type GatewayOptions, openGateway } from '../platform/gateway.ts'
import { readCity, seedDemo } from '../platform/seed.ts'
import { print, progress } from '../platform/terminal.ts'
import { command, configFor, type DataOption, withData, withJson } from './command.ts'
import { type ToOption, uploaderOf, withUpload } from './upload.ts'
import { uploadCity } from './upload-city.ts'

type Options = DataOption & ToOption & { json?: boolean }

export function seedCommand(): Command {
  const made = command(
    'seed',
    {
      zh: '装入或刷新演示城市',
      en: 'load or refresh the demo city',
    },
    [
      'seed',
      'seed --data ./data',
      'seed --to https://gateway.example --operator-key operator.jwk.json',
    ],
  )
  return withJson(withUpload(withData(made))).action(async (options: Options) => {
    const config = configFor(options)
    if (options.to !== undefined) return seedOverHttp(options, config)
    const gateway = await openGateway(config)
    try {
      const { systems, rows } = await seedWithProgress(gateway.deps, config)
      const { dataDir } = config
      const { issuer } = gateway.deps
      if (options.json) print(JSON.stringify({ ok: true, dataDir, issuer, systems, rows }))
      else {
        print(`演示城市已就绪：${systems} 个系统，${rows} 行登记数据，在 ${dataDir}。`)
        print(`The demo city is in ${dataDir}: ${systems} systems, ${rows} rows.`)
      }
    } finally {
      await gateway.close()
    }
  })
}

/** The demo systems' private keys stay here; everything else goes there. */
async function seedOverHttp(options: Options, { dataDir }: Config): Promise<void> {
  const { systems, rows } = await uploadCity(
    await uploaderOf(options),
    await readCity(dataDir, Date.now()),
  )
  const to = options.to
  if (options.json) print(JSON.stringify({ ok: true, to, dataDir, systems, rows }))
  else {
    print(
      `演示城市已上传到 ${to}：${systems} 个系统，${rows} 行；演示密钥在 ${dataDir}/demo-keys。`,
    )
    print(
      `The demo city is at ${to}: ${systems} systems, ${rows} rows; its keys are in ${dataDir}.`,
    )
  }
}

/** The demo city's gateway, seeded and open. */
export async function openSeeded(
  config: Config,
  options: GatewayOptions = {},
): Promise<Gateway & { readonly rows: number }> {
  const gateway = await openGateway(config)
  const { rows } = await seedWithProgress(gateway.deps, config).finally(gateway.close)
  // Opened anew: the demo city's own database is among its sources from now on.
  return { ...(await openGateway(config, options)), rows }
}

async function seedWithProgress(
  deps: Pick<Deps, 'log' | 'store' | 'crypto' | 'clock' | 'registry'>,
  { dataDir }: Pick<Config, 'dataDir'>,
): Promise<{ systems: number; rows: number }> {
  const shown = progress('装入演示城市 seeding')
  try {
    let before = 0
    let current = ''
    let last = 0
    return await seedDemo(deps, dataDir, (register, rows) => {
      if (register !== current) before += last
      current = register
      last = rows
      shown.update(before + rows, 0)
    })
  } finally {
    shown.stop()
  }
}
