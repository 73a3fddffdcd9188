import type { Command } from 'commander'
import { type Config, readConfig } from '../config.ts'
import { jwkSigner } from '../keys/signer.ts'
import { verifyEvidence } from '../log/verify.ts'
import { nodeSha256 } from '../platform/crypto.ts'
import { startDemoProvider } from '../platform/demo-provider.ts'
import { readIfPresent, removeFolder, temporaryFolder, writeDurably } from '../platform/files.ts'
import { hasGateway } from '../platform/places.ts'
import { freePort, serveGateway } from '../platform/serve.ts'
import { print, remark, tint } from '../platform/terminal.ts'
import type { Caller } from './asking.ts'
import { command, withJson } from './command.ts'
import { askFamily, type FamilyAnswer, familyTable } from './demo-family.ts'
import { refuseOne, repeatByCurl } from './demo-more.ts'
import { alterAndCheck } from './demo-tamper.ts'
import { exampleNamed, readExamples } from './examples.ts'
import { Failure, foundBad } from './failure.ts'
import type { Held, Say } from './held.ts'
import { openSeeded } from './seed.ts'
import { askForTrust, readTrustFile } from './trust-file.ts'

const HOST = '127.0.0.1'
const BUREAU = 'housing-bureau'
const REFUSED = 'refused-purpose'

export function demoCommand(): Command {
  const made = command(
    'demo',
    {
      zh: '从头到尾演示一遍',
      en: 'the whole of it, start to finish',
    },
    ['demo', 'demo --keep ./demo-output', 'demo --json'],
  ).option('--keep <dir>', '保留数据与证据于此目录 · keep data and evidence here')
  return withJson(made).action(async ({ keep, json }: { keep?: string; json?: boolean }) => {
    if (keep !== undefined && hasGateway(`${keep}/data`)) throw inUse(keep)
    const startedAt = performance.now()
    const dir = keep ?? (await temporaryFolder('mianzheng-demo'))
    const say: Say = json ? remark : print
    try {
      const { held, family } = await play(dir, say)
      const ok = held.every((one) => one.ok)
      const millis = Math.round(performance.now() - startedAt)
      if (json) print(JSON.stringify({ ok, millis, held, family: family.map(summary) }))
      sayEnd(say, { held, millis, keep })
      if (!ok) throw foundBad()
    } finally {
      if (keep === undefined) await removeFolder(dir)
    }
  })
}

type Played = { readonly held: readonly Held[]; readonly family: readonly FamilyAnswer[] }

async function play(dir: string, say: Say): Promise<Played> {
  heading(say, ['1. 启动网关', 'a gateway on a free port, with the demo city'])
  const config = readConfig({ DATA_DIR: `${dir}/data`, HOST, PORT: String(await freePort(HOST)) })
  const { stop, caller } = await startGateway(config, say)
  const { held, family } = await askAll(caller, dir, say).finally(stop)
  heading(say, [
    '5. 网关已停，凭信任文件离线验证',
    'the gateway is stopped: proof from files alone',
  ])
  const names = [...family.map(({ name }) => name), REFUSED]
  const proven = await proveOffline(names, { dir, say })
  heading(say, ['6. 改动数据库里的一个字节', 'one byte of one row is altered'])
  const altered = family.find(({ claims }) => claims.item === 'MAR-01') ?? family[0]
  const found = await alterAndCheck(config, altered?.index ?? 0, say)
  return { held: [...held, proven, ...found], family }
}

/** What needs the gateway up: the questions, a refusal, a retry. The trust file comes first. */
async function askAll(caller: Caller, dir: string, say: Say): Promise<Played> {
  await writeDurably(`${dir}/trust.json`, JSON.stringify(await askForTrust(caller.gateway)))
  const trust = await readTrustFile(`${dir}/trust.json`)
  const evidence = `${dir}/evidence`
  const examples = (await readExamples()).filter((example) => example.family)
  const items = new Set(examples.map(({ claims }) => claims.item)).size
  heading(say, [
    `2. 一个家庭申请公租房：并行提出 ${examples.length} 个请求，涉及 ${items} 个事项`,
    'one family, asked in parallel',
  ])
  const family = await askFamily(caller, examples, { evidence, trust })
  say(await familyTable(caller.gateway, family))
  heading(say, ['3. 一次拒答', 'one refusal, explained'])
  const refused = await refuseOne(caller, await exampleNamed(REFUSED), { evidence, say })
  heading(say, ['4. 同一请求用 curl 重发', 'the same request by curl'])
  const repeated = await repeatByCurl(caller, family, { dir, say })
  const answered = family.length > 0 && family.every((one) => one.ok)
  const what = 'every question answered as expected, and proven'
  return { held: [{ what, ok: answered }, refused, repeated], family }
}

async function startGateway(
  config: Config,
  say: Say,
): Promise<{ stop: () => Promise<void>; caller: Caller }> {
  const gateway = await openSeeded(config)
  const { size } = (await gateway.deps.registry.view()).systems
  const serving = await serveGateway(gateway, config)
  const { dataDir } = config
  const provider = await startDemoProvider(gateway.deps, { gateway: serving.url, dataDir })
  const stop = async () => {
    provider?.stop()
    await serving.stop()
  }
  const path = `${config.dataDir}/demo-keys/${BUREAU}.jwk.json`
  const signer = await jwkSigner(JSON.parse((await readIfPresent(path)) ?? '{}'))
  say(`   ${serving.url}   ${size} 个系统 systems，${gateway.rows} 行登记数据 rows`)
  const { issuer } = gateway.deps
  return { stop, caller: { gateway: serving.url, issuer, system: BUREAU, signer } }
}

/** From files only: nothing here asks the gateway. */
async function proveOffline(
  names: readonly string[],
  { dir, say }: { dir: string; say: Say },
): Promise<Held> {
  const trust = await readTrustFile(`${dir}/trust.json`)
  let proven = 0
  for (const name of names) {
    const text = (await readIfPresent(`${dir}/evidence/${name}.json`)) ?? 'null'
    const { ok, checks } = await verifyEvidence(JSON.parse(text), trust, nodeSha256)
    if (ok) proven += 1
    else say(`   ${tint('red', '✗')} ${name} ${JSON.stringify(checks)}`)
  }
  const ok = proven === names.length
  const mark = ok ? tint('green', '✓') : tint('red', '✗')
  say(`   ${mark} ${proven}/${names.length} 份证据（含拒答）：签名、绑定、入链、检查点均成立`)
  say(tint('dim', '     every receipt holds: signature, binding, inclusion, checkpoint'))
  return { what: 'every receipt verified offline', ok }
}

function inUse(keep: string): Failure {
  return new Failure(
    2,
    `${keep} 里已有数据，请给一个新目录。`,
    `There is data in ${keep} already; name a new directory.`,
  )
}

function heading(say: Say, [zh, en]: readonly [string, string]): void {
  say()
  say(`${tint('bold', zh)}  ${tint('dim', en)}`)
}

function sayEnd(
  say: Say,
  { held, millis, keep }: { held: readonly Held[]; millis: number; keep: string | undefined },
): void {
  const failed = held.filter(({ ok }) => !ok)
  const seconds = (millis / 1000).toFixed(1)
  say()
  if (failed.length === 0)
    say(tint('green', `全部成立，用时 ${seconds} 秒。Everything held, in ${seconds} s.`))
  else say(tint('red', `未成立 Did not hold: ${failed.map(({ what }) => what).join('; ')}`))
  if (keep !== undefined) say(`数据与证据在 ${keep}。Data and evidence are in ${keep}.`)
}

function summary({ name, index, ok, said }: FamilyAnswer) {
  return { name, outcome: said.outcome, claims: said.claims, index, proven: ok }
}
