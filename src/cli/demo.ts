import type { Command } from 'commander'
import { createClient } from '../client/index.ts'
import { readConfig } from '../config.ts'
import { verifyEvidence } from '../log/verify.ts'
import { nodeSha256 } from '../platform/crypto.ts'
import { readIfPresent, removeFolder, temporaryFolder, writeDurably } from '../platform/files.ts'
import { hasGateway } from '../platform/places.ts'
import { freePort } from '../platform/serve.ts'
import { print, remark, tint } from '../platform/terminal.ts'
import { itemsOf } from '../registry/service-item.ts'
import { command, withJson } from './command.ts'
import { caseOf, SERVICE } from './demo-case.ts'
import { askFamily, type Family, type Paper, proofsOf } from './demo-family.ts'
import { refuseOne, repeatByCurl } from './demo-more.ts'
import { figures, sayPapers } from './demo-papers.ts'
import { type Started, startGateway } from './demo-start.ts'
import { alterAndCheck } from './demo-tamper.ts'
import { exampleNamed, readExamples } from './examples.ts'
import { Failure, foundBad } from './failure.ts'
import type { Held, Say } from './held.ts'
import { askForTrust, readTrustFile } from './trust-file.ts'

const HOST = '127.0.0.1'
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
    if (keep !== undefined && hasGateway({ dataDir: `${keep}/data` })) throw inUse(keep)
    const startedAt = performance.now()
    const dir = keep ?? (await temporaryFolder('mianzheng-demo'))
    const say: Say = json ? remark : print
    try {
      const { held, counts, papers } = await play(dir, say)
      const ok = held.every((one) => one.ok)
      const millis = Math.round(performance.now() - startedAt)
      if (json) {
        const service = { code: SERVICE, ...counts, ...figures(papers) }
        print(JSON.stringify({ ok, millis, held, service, papers: papers.map(summary) }))
      }
      sayEnd(say, { held, millis, keep })
      if (!ok) throw foundBad()
    } finally {
      if (keep === undefined) await removeFolder(dir)
    }
  })
}

async function play(dir: string, say: Say): Promise<Family> {
  heading(say, ['1. 启动网关', 'a gateway on a free port, with the demo city'])
  const config = readConfig({ DATA_DIR: `${dir}/data`, HOST, PORT: String(await freePort(HOST)) })
  const started = await startGateway(config, say)
  const family = await askAll(started, dir, say).finally(started.stop)
  heading(say, [
    '5. 网关已停，凭信任文件离线验证',
    'the gateway is stopped: proof from files alone',
  ])
  const asked = proofsOf(family.papers)
  const proven = await proveOffline([...asked.map(({ file }) => file), REFUSED], { dir, say })
  heading(say, ['6. 改动数据库里的一个字节', 'one byte of one row is altered'])
  const altered = asked.find(({ item }) => item === 'MAR-01')
  const found = await alterAndCheck(config, altered?.entry ?? 0, say)
  return { ...family, held: [...family.held, proven, ...found] }
}

/** What needs the gateway up: the questions, a refusal, a retry. The trust file comes first. */
async function askAll({ caller, key, view }: Started, dir: string, say: Say): Promise<Family> {
  const { gateway, system } = caller
  await writeDurably(`${dir}/trust.json`, JSON.stringify(await askForTrust(gateway)))
  const trust = await readTrustFile(`${dir}/trust.json`)
  const evidence = `${dir}/evidence`
  const service = view.services.get(SERVICE)
  const told = caseOf(await readExamples(), new Set((service?.materials ?? []).flatMap(itemsOf)))
  const questions = Object.values(told.about.plan).flat().length
  heading(say, [
    `2. 一个家庭办理“${service?.names.zh}”：用 SDK 并行提出 ${questions} 个请求`,
    `one family, one call: askService('${SERVICE}', …)`,
  ])
  const client = await createClient({ gateway, system, key, trust })
  const family = await askFamily(client, told, { evidence, trust, view })
  sayPapers(say, family, view)
  heading(say, ['3. 一次拒答', 'one refusal, explained'])
  const refused = await refuseOne(caller, await exampleNamed(REFUSED), { evidence, say })
  heading(say, ['4. 同一请求用 curl 重发', 'the same request by curl'])
  const repeated = await repeatByCurl(caller, family.papers, { dir, say })
  return { ...family, held: [...family.held, refused, repeated] }
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

function summary({ id, names, status, asked }: Paper) {
  return {
    id,
    names,
    status,
    asked: asked.map(({ item, who, way, verdict, why, entry, file, ok, answer }) => ({
      ...{ item, who, way, verdict, why, entry, evidence: `evidence/${file}.json`, proven: ok },
      ...{ outcome: answer?.outcome, claims: answer?.claims, source: answer?.source },
      providerStatement: answer?.providerStatement,
    })),
  }
}
