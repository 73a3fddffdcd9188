import type { Command } from 'commander'
import { decodeProtectedHeader } from 'jose'
import type { EvidenceBundle } from '../evidence/bundle.ts'
import { jwkSigner, type Signer } from '../keys/signer.ts'
import { keyAt, type Trust } from '../log/trust.ts'
import { verifyCompact, verifyEvidence } from '../log/verify.ts'
import { nodeSha256 } from '../platform/crypto.ts'
import { readIfPresent, writeDurably } from '../platform/files.ts'
import { print, printAll, readStdin, remark } from '../platform/terminal.ts'
import { answerLines, refusalLines } from './answer.ts'
import {
  type Asked,
  askGateway,
  type Caller,
  type Claims,
  evidenceOf,
  signRequest,
  statementOf,
} from './asking.ts'
import { command, configFor, type DataOption, withData, withGateway, withJson } from './command.ts'
import { exampleNamed } from './examples.ts'
import { Failure, foundBad } from './failure.ts'
import { type ClaimFlags, type ClaimTypes, claimsFrom } from './question.ts'
import { getJson, readMetadata } from './remote.ts'
import { readTrustFile } from './trust-file.ts'
import { verdictLines } from './verify.ts'

type Options = DataOption &
  ClaimFlags & {
    readonly gateway: string
    readonly system?: string
    readonly key?: string
    readonly example?: string
    readonly claims?: string
    readonly printRequest?: boolean
    readonly evidence?: string
    readonly statement?: string
    readonly trust?: string
    readonly json?: boolean
  }

const EXAMPLES = [
  'ask --example family-4-marriage',
  'ask --example family-4-marriage --print-request',
  'ask --example family-4-marriage --ask status=DISSOLVED --evidence evidence.json',
  'ask --system housing-bureau --claims request.json --trust trust.json',
]

export function askCommand(): Command {
  const made = command(
    'ask',
    { zh: '签署并发送一个核验请求', en: 'build, sign and send one request' },
    EXAMPLES,
  )
    .option('--system <id>', '请求系统 · the calling system')
    .option('--key <file>', '私钥 JWK，缺省为演示密钥 · private JWK (default: the demo key)')
    .option('--example <name>', 'seed/examples.json 中的请求 · a request of seed/examples.json')
    .option('--claims <file>', '请求内容 JSON，- 为标准输入 · claims as JSON, - for standard input')
    .option('--requester <uscc>', '请求机关 · requesting agency')
    .option('--item <code>', '事项 · item')
    .option('--service <code>', '用途：服务事项 · purpose: service')
    .option('--basis <code>', '用途：依据 · purpose: basis')
    .option('--scenario <code>', '用途：场景 · purpose: scenario')
    .option('--case <number>', '本机关案号 · your case number')
    .option('--official <id>', '经办人 · who acts')
    .option('--position <text>', '经办岗位 · position')
    .option('--authorization <kind>', '授权方式 statutory|application|consent · authorization')
    .option('--ref <text>', '授权文书 · reference of the authorization')
    .option('--subject <name=value...>', '查询对象 · subject')
    .option('--ask <question...>', 'claim、claim=v、claim>=v、claim<=v、"claim in a,b"')
    .option('--print-request', '只打印签好的请求，不发送 · print the signed request, send nothing')
    .option('--evidence <file>', '保存证据包 · save the evidence bundle')
    .option('--statement <file>', '保存提供机关自己签名的声明 · save what the provider signed')
    .option('--trust <file>', '按信任文件验证答复 · verify the answer against a trust file')
  return withJson(withData(withGateway(made))).action(ask)
}

async function ask(options: Options): Promise<void> {
  const base = await readBase(options)
  const system = options.system ?? base?.system
  if (system === undefined)
    throw new Failure(2, '请用 --system 指明请求系统。', 'Name the calling system with --system.')
  const trust = options.trust === undefined ? undefined : await readTrustFile(options.trust)
  const signer = await readKey(options, system)
  const { issuer } = await readMetadata(options.gateway)
  const item = options.item ?? base?.claims.item
  const types = options.ask && item ? await claimTypes(options.gateway, item) : {}
  const claims = claimsFrom(options, types, base?.claims)
  const caller = { gateway: options.gateway, issuer, system, signer }
  if (options.printRequest) {
    await printRequest(caller, claims, options)
    return
  }
  const asked = await askGateway(caller, claims)
  await tell(asked, { caller, claims, trust, options })
}

async function readBase({
  example,
  claims,
}: Options): Promise<{ system?: string; claims: Claims } | undefined> {
  if (example !== undefined) return exampleNamed(example)
  if (claims === undefined) return undefined
  const text = claims === '-' ? await readStdin() : await readIfPresent(claims)
  try {
    return { claims: JSON.parse(text ?? '') as Claims }
  } catch {
    throw new Failure(2, `${claims} 里没有 JSON。`, `There is no JSON in ${claims}.`)
  }
}

async function readKey(options: Options, system: string): Promise<Signer> {
  const path = options.key ?? `${configFor(options).dataDir}/demo-keys/${system}.jwk.json`
  const text = await readIfPresent(path)
  if (text === undefined)
    throw new Failure(
      2,
      `找不到私钥 ${path}；请用 --key 指明，或用 --data 指明网关的数据目录。`,
      `There is no key ${path}; name it with --key, or the gateway's data directory with --data.`,
    )
  try {
    return await jwkSigner(JSON.parse(text))
  } catch {
    throw new Failure(
      2,
      `${path} 不是带 kid 与 alg 的私钥 JWK。`,
      `${path} is not a private JWK with kid and alg.`,
    )
  }
}

/** An unknown item types nothing: the gateway is the one to refuse it. */
async function claimTypes(gateway: string, item: string): Promise<ClaimTypes> {
  const [code] = item.split('@')
  const found = (await getJson(gateway, `/v1/catalog/items/${code}`).catch(() => ({}))) as {
    versions?: { contract?: { claims?: Record<string, { schema?: { type?: string } }> } }[]
  }
  const claims = Object.entries(found.versions?.[0]?.contract?.claims ?? {})
  return Object.fromEntries(claims.map(([name, { schema }]) => [name, schema?.type ?? 'string']))
}

async function printRequest(caller: Caller, claims: Claims, { json }: Options): Promise<void> {
  const { request, jti } = await signRequest(caller, claims)
  if (json) print(JSON.stringify({ request, jti }))
  else print(request)
  remark(
    `120 秒内有效 valid for 120 s: curl -H 'Content-Type: application/jwt' -d @- ${caller.gateway}/v1/requests`,
  )
}

type Context = {
  readonly caller: Caller
  readonly claims: Claims
  readonly trust: Trust | undefined
  readonly options: Options
}

async function tell(asked: Asked, { caller, claims, trust, options }: Context): Promise<void> {
  const wanted = options.evidence !== undefined || trust !== undefined
  const bundle = wanted ? await evidenceOf(caller, asked) : asked.bundle
  if (options.statement) await saveStatement(caller, asked, options.statement)
  if (options.evidence && bundle)
    await writeDurably(options.evidence, `${JSON.stringify(bundle, null, 2)}\n`)
  const answered = asked.status === 200
  const verified = trust ? await judge(asked, bundle, trust) : undefined
  const ok = answered && verified?.ok !== false
  if (options.json) {
    const { status, index, jti, said } = asked
    print(JSON.stringify({ ok, status, index, jti, said, verified: verified ?? null, bundle }))
  } else {
    if (answered) printAll(answerLines(asked, claims))
    else printAll(refusalLines(asked))
    if (verified && 'checks' in verified) printAll(verdictLines('证据 evidence', verified))
    else if (verified) print(`拒绝通知的签名 signature of the refusal: ${verified.detail}`)
    else
      remark('答复的签名未验证（未给 --trust）。The signature was not checked: no --trust given.')
    if (options.evidence) tellSaved(options.evidence, bundle)
  }
  if (!ok) throw foundBad()
}

/** The whole bundle where there is one; else at least the signature on the refusal. */
async function judge({ answer, said }: Asked, bundle: EvidenceBundle | undefined, trust: Trust) {
  if (bundle) return verifyEvidence(bundle, trust, nodeSha256)
  if (answer === undefined) return { ok: false, detail: '未签名 not signed' }
  try {
    const { iat, iss } = said as { iat?: number; iss?: string }
    if (iss !== trust.issuer) throw new Error('another issuer')
    const { kid = '' } = decodeProtectedHeader(answer)
    const time = new Date(Number(iat) * 1000).toISOString()
    await verifyCompact(answer, keyAt(trust.gateway, kid, time))
    return { ok: true, detail: '成立 good' }
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : 'bad' }
  }
}

function tellSaved(file: string, bundle: EvidenceBundle | undefined): void {
  if (bundle) remark(`证据包已存入 ${file}。The evidence is in ${file}.`)
  else remark('可重试的拒绝不占用 jti，没有证据包。A retryable refusal leaves no bundle.')
}

async function saveStatement(caller: Caller, asked: Asked, file: string): Promise<void> {
  const statement = await statementOf(caller, asked)
  if (statement !== undefined) await writeDurably(file, `${statement}\n`)
  else
    remark(
      `没有可交付的提供方声明：本事项的提供机关未另行签名，或其声明含有未获准读取的内容，只封存不交付。\n` +
        `There is no statement to hand out: the provider signed none, or it says more than was granted as a read.`,
    )
}
