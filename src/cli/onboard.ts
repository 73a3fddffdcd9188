import type { Command } from 'commander'
import { type ClientOptions, createClient, Refused } from '../client/index.ts'
import type { Trust } from '../log/trust.ts'
import { type Verdict, verifyEvidence } from '../log/verify.ts'
import { nodeSha256 } from '../platform/crypto.ts'
import { readIfPresent, writeDurably } from '../platform/files.ts'
import { print, printAll, remark, tint } from '../platform/terminal.ts'
import { command, withGateway, withJson } from './command.ts'
import { Failure, foundBad } from './failure.ts'
import { type Joined, joinSandbox, newcomerKey } from './newcomer.ts'
import { nextSteps } from './onboard-next.ts'
import { askForTrust, readTrustFile } from './trust-file.ts'
import { plain, verdictLines } from './verify.ts'

type Options = {
  readonly gateway: string
  readonly name: string
  readonly agency?: string
  readonly out: string
  readonly json?: boolean
}

/** Says that one of the five steps is done; beside the result when that is JSON. */
type Step = (zh: string, en: string) => void

const STEPS = 5
const QUESTION = {
  case: 'ONBOARD-0001',
  official: { id: 'ONBOARD' },
  subject: { code: 'hello' },
  ask: [{ claim: 'greeting' }, { claim: 'language', equals: 'en' }],
} as const

export function onboardCommand(): Command {
  const made = command(
    'onboard',
    {
      zh: '自助接入：生成密钥、登记沙箱系统、得到第一个经验证的答复',
      en: 'join by yourself: keys, a sandbox system, a first verified answer',
    },
    [
      'onboard',
      'onboard --gateway https://test-gateway.example --name "民政业务系统" --out joining',
    ],
  )
    .option('--name <text>', '系统名称 · name of the system', '接入测试 Newcomer')
    .option('--agency <uscc>', '本机关统一社会信用代码（仅备注） · your agency, for the record')
    .option('--out <folder>', '密钥、信任文件与证据存放处 · where to keep the files', 'onboard')
  return withJson(withGateway(made)).action(onboard)
}

async function onboard(options: Options): Promise<void> {
  const { gateway, out, json } = options
  const step = stepper(json)
  const files = filesIn(out)
  const { jwk, isNew } = await newcomerKey(files.key)
  if (isNew)
    step(`已生成密钥 ${files.key}（权限 0600，请勿外传）`, 'made a key; keep the file there')
  else step(`沿用已有密钥 ${files.key}`, 'the same key as before')
  const joined = await joinSandbox(options, jwk)
  const { system } = joined.said
  if (joined.isNew) step(`已登记沙箱系统 ${system}`, 'registered, and on record in the log')
  else step(`沙箱系统 ${system} 早已登记`, 'was registered before')
  const trust = await settleTrust(gateway, system, files.trust)
  step(`信任文件 ${files.trust}`, 'the trust file; compare it over another channel for real use')
  const answer = await firstAnswer({ gateway, joined, jwk, trust })
  await writeDurably(files.evidence, `${JSON.stringify(answer.evidence, null, 2)}\n`)
  step(
    `ECHO-00 已答复：${plain(answer.claims.greeting?.value ?? '')}`,
    `evidence in ${files.evidence}`,
  )
  const verdict = await verifyFiles(files)
  const { outcome, claims, entry, jti } = answer
  if (verdict.ok)
    step(`证据离线验证成立，日志第 ${entry} 号`, `evidence good offline, entry ${entry}`)
  const { ok } = verdict
  const told = { ok, system, isNew: joined.isNew, files, outcome, claims, entry, jti }
  if (json) print(JSON.stringify(told))
  else
    printAll([...verdictLines(files.evidence, verdict), ...nextSteps({ gateway, files, system })])
  if (!ok) throw foundBad()
}

function stepper(json: boolean | undefined): Step {
  let done = 0
  return (zh, en) => {
    done += 1
    const line = `${tint('green', '✓')} ${done}/${STEPS} ${zh} · ${en}`
    if (json) remark(line)
    else print(line)
  }
}

/** From what was written, as anybody would who got only these two files. */
async function verifyFiles({ evidence, trust }: JoinFiles): Promise<Verdict> {
  const bundle: unknown = JSON.parse((await readIfPresent(evidence)) ?? 'null')
  return verifyEvidence(bundle, await readTrustFile(trust), nodeSha256)
}

export type JoinFiles = { readonly key: string; readonly trust: string; readonly evidence: string }

function filesIn(out: string): JoinFiles {
  const folder = out.replace(/[\\/]+$/, '') || '.'
  return {
    key: `${folder}/key.jwk.json`,
    trust: `${folder}/trust.json`,
    evidence: `${folder}/evidence.json`,
  }
}

/**
 * The gateway's keys and one's own, which is all that one's own evidence needs.
 *
 * @throws Failure where a file from an earlier time shows another gateway.
 */
async function settleTrust(gateway: string, system: string, file: string): Promise<Trust> {
  const { callers, ...shown } = await askForTrust(gateway)
  const trust: Trust = { ...shown, callers: { [system]: callers[system] ?? [] } }
  const text = `${JSON.stringify(trust, null, 2)}\n`
  const before = await readIfPresent(file)
  if (before === undefined) await writeDurably(file, text)
  else if (before !== text)
    throw new Failure(
      2,
      `${file} 与 ${gateway} 现在的密钥不同：密钥可能已轮换，也可能是另一个网关。核对后删去该文件，或换一个 --out。`,
      `${file} differs from what ${gateway} shows now: keys were rotated, or it is another gateway. Compare and remove the file, or choose another --out.`,
    )
  return trust
}

type First = {
  readonly gateway: string
  readonly joined: Joined
  readonly jwk: ClientOptions['key']
  readonly trust: Trust
}

async function firstAnswer({ gateway, joined: { said }, jwk, trust }: First) {
  const { system, requester, purpose, authorization } = said
  const client = await createClient({ gateway, system, key: jwk, trust })
  const footing = { requester, purpose, authorization: { ...authorization, ref: '接入联调' } }
  try {
    return await client.ask({ ...QUESTION, ...footing, item: 'ECHO-00' })
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    throw new Failure(
      1,
      `ECHO-00 未予答复：${error.title}（${error.code}）。${error.hint}`,
      `ECHO-00 was refused: ${error.en?.title} (${error.code}). ${error.en?.hint}`,
    )
  }
}
