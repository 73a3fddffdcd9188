import { html } from 'hono/html'
import type { Lang } from '../language.ts'
import { type Content, type Html, messages } from '../words.ts'

/** Key facts, in order. @example `descriptionList([['收费', '不收费']])` */
export function descriptionList(facts: readonly (readonly [term: string, said: Content])[]): Html {
  return html`<dl class="facts">${facts.map(([term, said]) => html`<div><dt>${term}</dt><dd>${said}</dd></div>`)}</dl>`
}

/** Nothing to show: why, and what to do about it. */
export function emptyState({
  title,
  why,
  action = '',
}: {
  readonly title: string
  readonly why: Content
  readonly action?: Content
}): Html {
  return html`<div class="empty"><h2>${title}</h2><p>${why}</p>${action}</div>`
}

const SAYS = messages(
  {
    active: '已选条件',
    remove: (word: string) => `去掉条件：${word}`,
    pages: '翻页',
    previous: '上一页',
    next: '下一页',
    page: (n: number, of: number) => `第 ${n} 页，共 ${of} 页`,
  },
  {
    active: 'Filters in use',
    remove: (word) => `Remove the filter ${word}`,
    pages: 'Pages',
    previous: 'Previous',
    next: 'Next',
    page: (n, of) => `Page ${n} of ${of}`,
  },
)

export type Chip = { readonly text: string; readonly href: string }

/** Filters in use; each leads to the same page without it, `clear` to the page without any. */
export function chips(lang: Lang, shown: readonly Chip[], clear?: Chip): Html | '' {
  if (shown.length === 0) return ''
  const says = SAYS[lang]
  return html`<ul class="chips" aria-label="${says.active}">${shown.map(
    ({ text, href }) =>
      html`<li><a class="ds-chip" href="${href}" aria-label="${says.remove(text)}">${text} <span aria-hidden="true">✕</span></a></li>`,
  )}${clear ? html`<li><a class="ds-chip" href="${clear.href}">${clear.text}</a></li>` : ''}</ul>`
}

/** Nothing where there is one page only. `at` counts from 1. */
export function pager(
  lang: Lang,
  { at, pages, href }: { at: number; pages: number; href: (page: number) => string },
): Html | '' {
  if (pages <= 1) return ''
  const says = SAYS[lang]
  const link = (page: number, rel: string, text: string) =>
    page < 1 || page > pages
      ? ''
      : html`<a class="ds-button" data-variant="secondary" rel="${rel}" href="${href(page)}">${text}</a>`
  return html`<nav class="actions ds-pagination" aria-label="${says.pages}">${link(at - 1, 'prev', says.previous)}<span class="count">${says.page(at, pages)}</span>${link(at + 1, 'next', says.next)}</nav>`
}

/** Stands open; on a narrow screen a script folds it under its word, without one it stays open. */
export function fold(word: string, body: Html): Html {
  return html`<details class="fold" open><summary class="ds-button" data-variant="secondary">${word}</summary>${body}</details>`
}
