import type { ClientKey } from '../client/index.ts'
import type { Config } from '../config.ts'
import { jwkSigner } from '../keys/signer.ts'
import { startDemoProvider } from '../platform/demo-provider.ts'
import { readIfPresent } from '../platform/files.ts'
import { serveGateway } from '../platform/serve.ts'
import type { Registry } from '../registry/registry.ts'
import type { Caller } from './asking.ts'
import type { Say } from './held.ts'
import { openSeeded } from './seed.ts'

const BUREAU = 'housing-bureau'

export type Started = {
  stop(): Promise<void>
  readonly caller: Caller
  readonly key: ClientKey
  /** What the registry holds, as its operator reads it: how an item's provider is asked is not public. */
  readonly view: Registry
}

/** The gateway, and a provider beside it as agencies would run theirs. */
export async function startGateway(config: Config, say: Say): Promise<Started> {
  const gateway = await openSeeded(config)
  const serving = await serveGateway(gateway, config)
  const { dataDir } = config
  const around = { gateway: serving.url, dataDir }
  const provider = await startDemoProvider(gateway.deps, around).catch(async (error) => {
    await serving.stop()
    throw error
  })
  const stop = async () => {
    provider?.stop()
    await serving.stop()
  }
  const path = `${dataDir}/demo-keys/${BUREAU}.jwk.json`
  const key = JSON.parse((await readIfPresent(path)) ?? '{}')
  const view = await gateway.deps.registry.view()
  say(`   ${serving.url}   ${view.systems.size} 个系统 systems，${gateway.rows} 行登记数据 rows`)
  if (provider)
    say('   另一个进程扮演提供部门，验签后作答并签名  a provider, in a process of its own')
  const { issuer } = gateway.deps
  const signer = await jwkSigner(key)
  return { stop, key, view, caller: { gateway: serving.url, issuer, system: BUREAU, signer } }
}
