import { html } from 'hono/html'
import type { Lang } from '../language.ts'
import { type Content, type Html, messages } from '../words.ts'
import { shape, type Tone, tag } from './state.ts'

export type Event = {
  readonly tone?: Tone
  readonly what: Content
  /** When and who; times in Asia/Shanghai. */
  readonly when?: Content
  readonly detail?: Content
}

/** What happened, newest first. */
export function timeline(events: readonly Event[]): Html {
  return html`<ol class="timeline">${events.map(
    ({ tone = 'quiet', what, when, detail }) =>
      html`<li>${shape(tone)}<div>${what}</div>${when ? html`<div class="faint small">${when}</div>` : ''}${detail ?? ''}</li>`,
  )}</ol>`
}

export type Clock = {
  readonly tone: Tone
  /** "还剩 3 个工作日（11 月 26 日 星期四）": never a bare date. */
  readonly words: string
  /** Each day as the calendar counted it. */
  readonly trace: readonly { readonly day: string; readonly why: string }[]
}

const CLOCK = messages({ trace: '怎么算的' }, { trace: 'How it was counted' })

/** A deadline; opened it shows every day that was counted. */
export function clock(lang: Lang, { tone, words, trace }: Clock): Html {
  if (trace.length === 0) return tag(tone, words)
  return html`${tag(tone, words)}<details class="small"><summary>${CLOCK[lang].trace}</summary><ol>${trace.map(({ day, why }) => html`<li><span class="count">${day}</span> ${why}</li>`)}</ol></details>`
}

export type Change = {
  readonly field: string
  readonly before: Content | undefined
  readonly after: Content | undefined
}

const DIFF = messages(
  { field: '字段', before: '原来', after: '现在', none: '（无）', same: '没有不同。' },
  { field: 'Field', before: 'Before', after: 'After', none: '(none)', same: 'No difference.' },
)

/** Left the old, right the new, only what differs; the order is the document's. */
export function diff(lang: Lang, changes: readonly Change[]): Html {
  const says = DIFF[lang]
  if (changes.length === 0) return html`<p>${says.same}</p>`
  const side = (label: string, element: 'del' | 'ins', content: Content | undefined) => {
    const faint = html`<span class="faint">${says.none}</span>`
    const shown = element === 'del' ? html`<del>${content}</del>` : html`<ins>${content}</ins>`
    return html`<td role="cell" data-label="${label}">${content === undefined ? faint : shown}</td>`
  }
  return html`<table class="ds-table stack diff" role="table"><thead role="rowgroup"><tr role="row">${[says.field, says.before, says.after].map((head) => html`<th role="columnheader" scope="col">${head}</th>`)}</tr></thead>
<tbody role="rowgroup">${changes.map(
    ({ field, before, after }) =>
      html`<tr role="row"><th role="rowheader" scope="row" data-label="${says.field}">${field}</th>${side(says.before, 'del', before)}${side(says.after, 'ins', after)}</tr>`,
  )}</tbody></table>`
}
