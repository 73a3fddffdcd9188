import type { Command } from 'commander'
import { z } from 'zod'
import { Rejected } from '../log/rejected.ts'
import type { Trust } from '../log/trust.ts'
import { type Verdict, verifyEvidence } from '../log/verify.ts'
import { verifyEntry } from '../log/verify-entry.ts'
import { verifyStatement } from '../log/verify-statement.ts'
import { nodeSha256 } from '../platform/crypto.ts'
import { readIfPresent } from '../platform/files.ts'
import { print, printAll, tint } from '../platform/terminal.ts'
import { command, withJson } from './command.ts'
import { Failure, foundBad } from './failure.ts'
import { readTrustFile } from './trust-file.ts'

const CHECK_NAMES = {
  signature: '签名 signature',
  binding: '绑定 binding',
  inclusion: '入链 inclusion',
  checkpoint: '检查点 checkpoint',
  statement: '提供方声明 statement',
} as const

export function verifyCommand(): Command {
  const made = command(
    'verify',
    {
      zh: '离线验证证据包，逐项说明',
      en: 'verify evidence offline',
    },
    [
      'verify evidence.json --trust trust.json',
      'verify evidence/*.json --trust trust.json --json',
      'verify record-12.json --entry --trust trust.json',
    ],
  )
    .argument('<evidence...>', '证据包 · evidence bundles')
    .option(
      '--statement <file>',
      '提供机关自己签名的声明（只验一份证据时） · what the provider signed, beside one bundle',
    )
    .option(
      '--entry',
      '只验日志记录：它在日志中，不涉及请求与答复 · a log record alone: that the log holds it',
    )
    .requiredOption('--trust <file>', '事先取得的信任文件 · trust file, obtained beforehand')
  return withJson(made).action(async (files: readonly string[], options: Options) => {
    if (options.statement !== undefined && files.length > 1)
      throw new Failure(2, '--statement 只能配一份证据包。', '--statement goes with one bundle.')
    if (options.statement !== undefined && options.entry)
      throw new Failure(
        2,
        '--statement 不能与 --entry 同用。',
        '--statement does not go with --entry.',
      )
    const trust = await readTrustFile(options.trust)
    const results: ({ file: string } & Judged)[] = []
    for (const file of files)
      results.push(
        options.entry ? await judgeEntry(file, trust) : await judge(file, trust, options.statement),
      )
    const ok = results.every((result) => result.ok)
    if (options.json) print(JSON.stringify({ ok, results }))
    else for (const { file, ...verdict } of results) printAll(verdictLines(file, verdict))
    if (!ok) throw foundBad()
  })
}

type Options = {
  readonly trust: string
  readonly statement?: string
  readonly entry?: boolean
  readonly json?: boolean
}

const entryFile = z.strictObject({ entry: z.string(), receipt: z.string() })

/** @throws Failure for what is no record: a bundle above all, whose request and answer would go unjudged. */
async function judgeEntry(file: string, trust: Trust) {
  const read = entryFile.safeParse(parseBundle(await textOf(file)))
  if (!read.success)
    throw new Failure(
      2,
      `${file} 不是日志记录（应只有 entry 和 receipt）。`,
      `${file} is no log record: that has entry and receipt, nothing else.`,
    )
  const { ok, checks, checkpoint } = await verifyEntry(read.data, trust, nodeSha256)
  return { file, ok, checks, ...(checkpoint && { size: checkpoint.size }) }
}

/** Of a bundle or a record: only a bundle's `entry` was read. */
type Judged = Pick<Verdict, 'ok' | 'entry'> & {
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>>
}

async function judge(file: string, trust: Trust, statement?: string) {
  const bundle = parseBundle(await textOf(file))
  const verdict = await verifyEvidence(bundle, trust, nodeSha256)
  if (statement === undefined) return { file, ...verdict }
  const signed = (await textOf(statement)).trim()
  const stated = await judgeStatement(signed, bundle, { trust, isGood: verdict.ok })
  const checks = { ...verdict.checks, statement: stated }
  return { file, ...verdict, ok: verdict.ok && stated.ok, checks }
}

async function textOf(file: string): Promise<string> {
  const text = await readIfPresent(file)
  if (text === undefined) throw new Failure(2, `找不到文件 ${file}。`, `There is no file ${file}.`)
  return text
}

async function judgeStatement(
  statement: string,
  bundle: unknown,
  { trust, isGood }: { trust: Trust; isGood: boolean },
) {
  if (!isGood) return { ok: false, detail: 'the bundle it belongs to does not hold' }
  const against = { trust, sha256: nodeSha256 }
  try {
    const { provider } = await verifyStatement(statement, bundle as Evidence, against)
    return { ok: true, detail: `signed by ${provider}` }
  } catch (error) {
    if (error instanceof Rejected) return { ok: false, detail: error.message }
    throw error
  }
}

type Evidence = Parameters<typeof verifyStatement>[1]

export function verdictLines(file: string, { ok, checks, entry }: Judged): string[] {
  const verdict = ok ? tint('green', '成立 good') : tint('red', '不成立 BAD')
  const each = Object.entries(checks).map(([name, { ok, detail }]) => {
    const mark = ok ? tint('green', '✓') : tint('red', '✗')
    return `  ${mark} ${CHECK_NAMES[name as keyof typeof CHECK_NAMES]}: ${plain(detail)}`
  })
  const about =
    ok && entry ? [plain(`  ${entry.caller} · ${entry.item ?? '-'} · ${entry.time}`)] : []
  return [`${tint('bold', file)}  ${verdict}`, ...each, ...about]
}

/** What comes from elsewhere is anybody's text: nothing in it may move the cursor or colour a verdict. */
export function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, '\ufffd')
}

/** What is no JSON is no bundle: the verifier says so. */
function parseBundle(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
