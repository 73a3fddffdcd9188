import { html } from 'hono/html'
import type { Lang } from '../language.ts'
import { type Content, type Html, messages } from '../words.ts'

export type Column<Row> = {
  readonly head: string
  readonly cell: (row: Row) => Content
  readonly isNumber?: boolean
  /** The column that names the row; one of them at the most. */
  readonly isHead?: boolean
  /** Where its heading leads to sort by it, and how it is sorted now. */
  readonly sort?: { readonly href: string; readonly now: 'ascending' | 'descending' | undefined }
}

type Options<Row> = {
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  /** Says what is listed, for those who hear the page. */
  readonly caption: string
}

const SAYS = messages(
  { sort: '按此排序', ascending: '升序', descending: '降序' },
  { sort: 'sort', ascending: 'ascending', descending: 'descending' },
)

/**
 * A table with a heading that stays; on narrow screens each row becomes a card, which takes the table's
 * roles away, so they are written out.
 *
 * @example `table(lang, { caption: '协助事项', rows, columns: [{ head: '代码', cell: ({ code }) => code }] })`
 */
export function table<Row>(lang: Lang, { columns, rows, caption }: Options<Row>): Html {
  return html`<table class="ds-table stack" role="table"><caption class="ds-sr-only">${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map((column) => heading(lang, column))}</tr></thead>
<tbody role="rowgroup">${rows.map((row) => html`<tr role="row">${columns.map((column) => cellOf(column, row))}</tr>\n`)}</tbody></table>`
}

function heading<Row>(lang: Lang, { head, isNumber, sort }: Column<Row>): Html {
  const says = SAYS[lang]
  const number = isNumber ? html` class="number"` : ''
  if (!sort) return html`<th role="columnheader" scope="col"${number}>${head}</th>`
  const { href, now } = sort
  const sign = now === 'ascending' ? '▲' : now === 'descending' ? '▼' : '↕'
  const sorted = now ? html` aria-sort="${now}"` : ''
  return html`<th role="columnheader" scope="col"${number}${sorted}><a href="${href}">${head}<span aria-hidden="true" class="faint">${sign}</span><span class="ds-sr-only">${now ? says[now] : says.sort}</span></a></th>`
}

function cellOf<Row>({ head, cell, isNumber, isHead }: Column<Row>, row: Row): Html {
  const number = isNumber ? html` class="number"` : ''
  const content = html`<div>${cell(row)}</div>`
  return isHead
    ? html`<th role="rowheader" scope="row" data-label="${head}"${number}>${content}</th>`
    : html`<td role="cell" data-label="${head}"${number}>${content}</td>`
}
