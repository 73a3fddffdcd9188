import type { Trust } from '../log/trust.ts'
import { verifyEvidence } from '../log/verify.ts'
import { nodeSha256 } from '../platform/crypto.ts'
import { readIfPresent, writeDurably } from '../platform/files.ts'
import { tint } from '../platform/terminal.ts'
import { OUTCOMES, questionText, replyText } from './answer.ts'
import { type Asked, askGateway, type Caller, type Claims, evidenceOf } from './asking.ts'
import type { Example } from './examples.ts'
import { getJson } from './remote.ts'
import { tableText } from './table.ts'

export type FamilyAnswer = Asked & {
  readonly name: string
  readonly claims: Claims
  /** As expected, and proven by its bundle. */
  readonly ok: boolean
}

/** Asks all at once; each bundle is saved, then judged as it was read back from its file. */
export function askFamily(
  caller: Caller,
  examples: readonly Example[],
  { evidence, trust }: { evidence: string; trust: Trust },
): Promise<FamilyAnswer[]> {
  const answers = examples.map(async ({ name, claims, expect }) => {
    const asked = await askGateway(caller, claims)
    const bundle = await evidenceOf(caller, asked)
    const path = `${evidence}/${name}.json`
    await writeDurably(path, JSON.stringify(bundle ?? null, null, 2))
    const saved = JSON.parse((await readIfPresent(path)) ?? 'null')
    const { ok } = await verifyEvidence(saved, trust, nodeSha256)
    const expected = asked.status === expect.status && asked.said.outcome === expect.outcome
    return { ...asked, name, claims, ok: ok && expected }
  })
  return Promise.all(answers)
}

type Title = { readonly zh: string; readonly en: string }
type Catalog = {
  readonly items: readonly {
    readonly code: string
    readonly names: Title
    readonly contract?: { readonly claims: Readonly<Record<string, { readonly title: Title }>> }
  }[]
}

const HEAD = [
  '事项\nItem',
  '所问\nAsked',
  '答复\nAnswered',
  '结果\nOutcome',
  '日志\nLog',
  '证明\nProven',
]

/** What was asked, answered and proven; the Chinese names are the published catalogue's. */
export async function familyTable(
  gateway: string,
  family: readonly FamilyAnswer[],
): Promise<string> {
  const { items } = (await getJson(gateway, '/v1/catalog/items')) as Catalog
  const rows = family.map(({ claims, said, index, ok }) => {
    const item = items.find(({ code }) => code === claims.item)
    const ask = claims.ask ?? []
    const questions = ask.map((one) =>
      questionText(one, item?.contract?.claims[one.claim]?.title.zh),
    )
    const replies = ask.map((one) => replyText(said, one.claim).replace(/ [A-Z_]+$/, ''))
    return [
      `${item?.names.zh ?? ''}\n${claims.item}`,
      shortened(questions.join('\n')),
      shortened(replies.join('\n')),
      (OUTCOMES[said.outcome ?? ''] ?? said.code ?? '').replace(' ', '\n'),
      index ?? '',
      ok ? tint('green', '✓ yes') : tint('red', '✗ NO'),
    ]
  })
  return tableText(HEAD, rows)
}

/** Identity numbers are not for the screen. */
function shortened(text: string): string {
  return text.replace(/\b(\d{4})\d{10}(\d{3}[\dX])\b/g, '$1…$2')
}
