import type { Command } from 'commander'
import { type Verdict, verifyEvidence } from '../log/verify.ts'
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
} as const

export function verifyCommand(): Command {
  const made = command(
    'verify',
    {
      zh: '离线验证证据包，逐项说明',
      en: 'verify evidence offline',
    },
    ['verify evidence.json --trust trust.json', 'verify evidence/*.json --trust trust.json --json'],
  )
    .argument('<evidence...>', '证据包 · evidence bundles')
    .requiredOption('--trust <file>', '事先取得的信任文件 · trust file, obtained beforehand')
  return withJson(made).action(
    async (files: readonly string[], options: { trust: string; json?: boolean }) => {
      const trust = await readTrustFile(options.trust)
      const results = []
      for (const file of files) {
        const text = await readIfPresent(file)
        if (text === undefined)
          throw new Failure(2, `找不到证据包 ${file}。`, `There is no evidence bundle ${file}.`)
        results.push({ file, ...(await verifyEvidence(parseBundle(text), trust, nodeSha256)) })
      }
      const ok = results.every((result) => result.ok)
      if (options.json) print(JSON.stringify({ ok, results }))
      else for (const { file, ...verdict } of results) printAll(verdictLines(file, verdict))
      if (!ok) throw foundBad()
    },
  )
}

export function verdictLines(file: string, { ok, checks, entry }: Verdict): string[] {
  const verdict = ok ? tint('green', '成立 good') : tint('red', '不成立 BAD')
  const each = Object.entries(checks).map(([name, { ok, detail }]) => {
    const mark = ok ? tint('green', '✓') : tint('red', '✗')
    return `  ${mark} ${CHECK_NAMES[name as keyof typeof checks]}: ${plain(detail)}`
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
