import { tint } from '../platform/terminal.ts'
import type { Registry } from '../registry/registry.ts'
import { OUTCOMES } from './answer.ts'
import { type Family, type Paper, type Proof, proofsOf, type Way } from './demo-family.ts'
import type { Say } from './held.ts'
import { tableText } from './table.ts'

const WAYS: Readonly<Record<Way, string>> = {
  snapshot: '快照 snapshot',
  sql: '数据库 sql',
  http: '部门接口 http',
  officer: '工作人员 officer',
}

const NOW: Readonly<Record<Paper['status'], string>> = {
  proven: tint('green', '✓ 免交 none'),
  committed: tint('green', '✓ 承诺 declared'),
  abolished: tint('green', '✓ 取消 abolished'),
  pending: tint('yellow', '… 待核 pending'),
  citizen: '1 份 to bring',
}

const MARKS: Readonly<Record<Proof['verdict'], string>> = {
  proven: tint('green', '✓'),
  pending: tint('yellow', '…'),
  citizen: tint('red', '✗'),
}

const HEAD = [
  '材料\nPaper',
  '原来\nBefore',
  '由谁证明\nProven by',
  '结果\nOutcome',
  '日志\nLog',
  '现在\nNow',
]
const WIDTHS = [27, 8, 34, 33, 6, 18]

/** The family's papers, one a row: what they brought, who proves it now, what is left to bring. */
export function sayPapers(say: Say, { papers, counts }: Family, view: Registry): void {
  const rows = papers.map((paper) => [
    `${paper.names.zh}\n${tint('dim', paper.names.en)}`,
    '1 份',
    itemsOf(paper, view),
    paper.asked.map(outcomeText).join('\n') || tint('dim', '只有本人能给 theirs alone'),
    paper.asked.map(({ entry }) => entry ?? '—').join('\n'),
    NOW[paper.status],
  ])
  say(tableText(HEAD, rows, WIDTHS))
  const { before, after, proven, pending, kept, committed, abolished } = counts
  const over = committed + abolished
  say()
  say(
    `   ${tint(['bold', 'green'], `${before} → ${after}`)}   原来 ${before} 份，机关核验免交 ${proven} 份` +
      `${over > 0 ? `，承诺或取消 ${over} 份` : ''}；现在 ${after} 份：待工作人员核查 ${pending} 份，保留 ${kept} 份。`,
  )
  say(
    tint(
      'dim',
      `            ${before} papers before, ${proven} proven by agencies` +
        `${over > 0 ? `, ${over} declared or abolished` : ''}; ${after} now: ${pending} awaits an officer, ${kept} kept.`,
    ),
  )
  sayWays(say, papers)
}

/** How many answers came which way, how many a provider signed, and how little they say. */
function sayWays(say: Say, papers: readonly Paper[]): void {
  const { ways, statements, values, withoutValue } = figures(papers)
  const by = (['snapshot', 'sql', 'http'] as const).map((way) => `${WAYS[way]} ${ways[way]}`)
  say()
  say(`   答复途径 ways：${by.join('，')}；附部门自己签名的陈述 provider statements：${statements}`)
  say(
    `   最小必要 least data：给出取值 values：${values}；其余只答是、否或无记录 the rest yes, no or no record：${withoutValue}`,
  )
}

export function figures(papers: readonly Paper[]) {
  const answered = proofsOf(papers).flatMap(({ way, answer }) => (answer ? [{ way, answer }] : []))
  const ways = { snapshot: 0, sql: 0, http: 0, officer: 0 }
  for (const { way } of answered) ways[way] += 1
  const replies = answered.flatMap(({ answer }) => Object.values(answer.claims))
  return {
    ways,
    statements: answered.filter(({ answer }) => answer.providerStatement).length,
    values: replies.filter(({ value }) => value !== undefined).length,
    withoutValue: replies.filter(({ value }) => value === undefined).length,
  }
}

function itemsOf({ asked }: Paper, { items }: Registry): string {
  const codes = new Map(asked.map(({ item, way }) => [item, way]))
  const lines = [...codes].map(([code, way]) => {
    const name = items.get(code)?.[0]?.names.zh ?? ''
    return `${code} ${name}\n${tint('dim', WAYS[way])}`
  })
  return lines.join('\n') || '—'
}

function outcomeText({ who, answer, why, ok, verdict }: Proof): string {
  const unanswered = why === 'needs-officer' ? '转人工' : '未答复'
  const said = answer ? replyText(answer) : `${unanswered} ${why}`
  return `${ok ? MARKS[verdict] : tint('red', '✗ NO')} ${who ? `${who} ` : ''}${said}`
}

/** How many comparisons came out alike, and what was read; the outcome where that is all there is. */
function replyText({ outcome, claims }: NonNullable<Proof['answer']>): string {
  const replies = Object.values(claims)
  const alike = replies.filter(({ result }) => result === 'MATCH').length
  const read = replies.flatMap(({ value }) => (value === undefined ? [] : String(value)))
  if (outcome !== 'ANSWERED' || alike + read.length < replies.length)
    return OUTCOMES[outcome] ?? outcome
  const matches = alike > 0 ? [`${OUTCOMES.MATCH} ×${alike}`] : []
  return [...matches, ...read].join('，')
}
