import { html } from 'hono/html'
import type { SheetPath } from '../../http/admin-import.ts'
import type { ImportFate, ImportRow, Preview } from '../../proposal/import.ts'
import { PROPOSED_MAX } from '../../proposal/import-apply.ts'
import type { Encoding } from '../../registry/sheet/opened.ts'
import type { SheetFault } from '../../registry/sheet/plan.ts'
import { columnAt, type SheetKind } from '../../registry/sheet/sheet.ts'
import { hidden } from '../components/choices.ts'
import { button, buttons, linkButton } from '../components/form.ts'
import { emptyState } from '../components/lists.ts'
import { notice, type Tone, tag } from '../components/state.ts'
import { type Column, table } from '../components/table.ts'
import type { Lang } from '../language.ts'
import { page } from '../page.ts'
import { IMPORT } from '../texts/import.ts'
import { TERMS } from '../texts/terms.ts'
import { type Html, pick } from '../words.ts'
import type { Desk } from './enter.ts'
import { fieldName } from './field-names.ts'
import { IMPORT_PATH } from './import-form.ts'
import { proposalDiff } from './proposal-diff.ts'

const ROWS = 50

export const FATES = ['refused', 'changed', 'new', 'under-way', 'unchanged'] as const

const TONES: Readonly<Record<ImportFate, Tone>> = {
  new: 'good',
  changed: 'info',
  unchanged: 'quiet',
  'under-way': 'warn',
  refused: 'bad',
}

export type Previewed = {
  readonly kind: SheetPath
  /** As it was chosen, and its bytes in base64: it travels along, so that nobody has to choose it again. */
  readonly name: string
  readonly held: string
  readonly encoding: Encoding
  readonly preview: Preview
  readonly show: ImportFate | undefined
  readonly at: number
  /** Somebody changed the registry since it was looked at. */
  readonly hasMoved: boolean
}

/** Step two: what would become of each row. The whole page is one form, which brings the file along. */
export function previewPage({ view, menu }: Desk, shown: Previewed): Html {
  const { lang } = view
  const says = IMPORT[lang]
  const { kind, name, held, preview, show, at } = shown
  const { rows, hash } = preview
  const found = show ? rows.filter(({ fate }) => fate === show) : rows
  const pages = Math.max(1, Math.ceil(found.length / ROWS))
  const onPage = found.slice((at - 1) * ROWS, at * ROWS)
  const lines = rows.reduce((sum, row) => sum + row.lines.length, 0)
  return page(view, {
    title: says.previewTitle(says.kinds[kind]),
    crumbs: [{ href: IMPORT_PATH, text: says.title }],
    menu,
    current: IMPORT_PATH,
    body: html`${notices(lang, shown)}
<p class="lead" role="status">${name}${TERMS[lang].colon}${says.sum(lines, rows.length)} ${says.nothingSaved}</p>
<form method="post" action="${IMPORT_PATH}" enctype="multipart/form-data">${hidden({ kind, name, held, seen: hash })}
${filters(lang, preview, show)}
${onPage.length === 0 ? emptyState({ title: says.noneTitle, why: says.noneOfFate }) : tableOf(lang, preview.kind, onPage)}
${pager(lang, { show, at, pages })}${acts(lang, rows)}</form>`,
  })
}

function notices(lang: Lang, { encoding, hasMoved }: Previewed): Html {
  const says = IMPORT[lang]
  return html`${hasMoved ? notice('warn', html`<p role="alert">${says.moved}</p>`) : ''}${encoding === 'GB18030' ? notice('info', html`<p>${says.gb18030}</p>`) : ''}`
}

function countOf(rows: readonly ImportRow[], ...fates: readonly ImportFate[]): number {
  return rows.filter(({ fate }) => fates.includes(fate)).length
}

/** Buttons, since the file comes along; none for what there is none of. */
function filters(lang: Lang, { rows }: Preview, show: ImportFate | undefined): Html {
  const says = IMPORT[lang]
  const one = (value: string, text: string, isOn: boolean) =>
    html`<button class="ds-button" data-variant="${isOn ? 'secondary' : 'tertiary'}" name="show" value="${value}" aria-pressed="${isOn ? 'true' : 'false'}">${text}</button>`
  const there = FATES.filter((fate) => fate === show || countOf(rows, fate) > 0)
  return html`<div class="actions" role="group" aria-label="${says.filter}">${one('', says.fateCount(says.all, rows.length), !show)}${there.map((fate) => one(fate, says.fateCount(says.fates[fate], countOf(rows, fate)), fate === show))}</div>`
}

function tableOf(lang: Lang, kind: SheetKind, rows: readonly ImportRow[]): Html {
  const says = IMPORT[lang]
  const columns: readonly Column<ImportRow>[] = [
    {
      head: says.lines,
      cell: ({ lines }) => html`<span class="count">${rangesOf(lines)}</span>`,
    },
    {
      head: says.key,
      isHead: true,
      cell: ({ key }) => html`<code class="whole">${key || '—'}</code>`,
    },
    { head: says.fate, cell: ({ fate }) => tag(TONES[fate], says.fates[fate]) },
    { head: says.why, cell: (row) => whyOf(lang, kind, row) },
  ]
  return table(lang, { columns, rows, caption: says.caption })
}

/** `2–5, 9`. */
function rangesOf(lines: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const line of lines) {
    const last = ranges.at(-1)
    if (last && last[1] + 1 === line) last[1] = line
    else ranges.push([line, line])
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ')
}

function whyOf(lang: Lang, kind: SheetKind, row: ImportRow): Html {
  const says = IMPORT[lang]
  if (row.fate === 'unchanged') return html`${says.same}`
  if (row.fate === 'under-way')
    return html`${says.underWay}${row.proposal ? html` <a href="/console/proposals/${row.proposal}">${says.see}<span class="ds-sr-only"> ${row.key}</span></a>` : ''}`
  if (row.fate === 'refused')
    return html`<ul class="plain">${row.faults.map((one) => html`<li>${faultWords(lang, one)}</li>`)}</ul>`
  const { fate, diff } = row
  const opens = fate === 'new' ? says.content : says.differences(diff.length)
  const named = (pointer: string) => placeName(lang, kind, pointer)
  return html`<details><summary>${opens}<span class="ds-sr-only"> ${row.key}</span></summary>${proposalDiff(lang, diff, named)}</details>`
}

/** "第 3 行，“费用（中文）”列：没有填写". */
export function faultWords(lang: Lang, { line, column, texts }: SheetFault): string {
  const says = IMPORT[lang]
  const { clause, colon } = TERMS[lang]
  const at = [
    ...(line === undefined ? [] : [says.line(line)]),
    ...(column ? [says.column(pick(lang, column))] : []),
  ]
  const words = `${at.join(clause)}${at.length > 0 ? colon : ''}${pick(lang, texts)}`
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** As the file's own heading calls it, with the material that it is of. */
function placeName(lang: Lang, kind: SheetKind, pointer: string): string {
  const { column, material } = columnAt(kind, pointer)
  if (!column) return fieldName(lang, pointer)
  return material === undefined
    ? pick(lang, column.names)
    : `${material} ${pick(lang, column.names)}`
}

function pager(
  lang: Lang,
  { show = '', at, pages }: { show: ImportFate | '' | undefined; at: number; pages: number },
): Html | '' {
  if (pages <= 1) return ''
  const { previous, next, at: where } = IMPORT[lang].pages
  const to = (page: number, text: string) =>
    page < 1 || page > pages
      ? ''
      : html`<button class="ds-button" data-variant="secondary" name="to" value="${show} ${page}">${text}</button>`
  return html`<div class="actions">${to(at - 1, previous)}<span class="count">${where(at, pages)}</span>${to(at + 1, next)}</div>`
}

function acts(lang: Lang, rows: readonly ImportRow[]): Html {
  const says = IMPORT[lang]
  const moving = countOf(rows, 'new', 'changed')
  const refused = countOf(rows, 'refused')
  const n = Math.min(moving, PROPOSED_MAX)
  const another = linkButton(IMPORT_PATH, says.another, 'tertiary')
  const left = refused > 0 ? html`<p>${says.skipped(refused)}</p>` : ''
  if (moving === 0) return html`<p>${says.nothing}</p>${left}${buttons(another)}`
  return html`${left}${moving > n ? html`<p>${says.most(PROPOSED_MAX)}</p>` : ''}${buttons(
    button(says.propose(n), { name: 'step', value: 'propose' }),
    button(says.drafts(n), { look: 'secondary', name: 'step', value: 'drafts' }),
    another,
  )}`
}
