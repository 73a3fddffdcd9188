import { html } from 'hono/html'
import type { Item } from '../../registry/documents.ts'
import { button, errorSummary, field, linkButton } from '../components/form.ts'
import { page } from '../page.ts'
import { ITEM_FORM } from '../texts/item-form.ts'
import { PROPOSALS } from '../texts/proposals.ts'
import { type Content, type Html, pick } from '../words.ts'
import type { Desk } from './enter.ts'
import { confirmAt } from './proposal-acts.ts'
import { touchedBy } from './touched.ts'

export type Stopping = {
  readonly what: 'suspend' | 'retire'
  readonly item: Item
  readonly reason?: string | undefined
  readonly error?: string | undefined
  /** A suspension takes effect at once, by one person who has just confirmed who he is. */
  readonly mustConfirm: boolean
  readonly top?: Content
}

/** Stops an item: whom that touches, and why it is done. */
export function stopPage(desk: Desk, stopping: Stopping): Html {
  const { view, menu } = desk
  const { lang } = view
  const says = ITEM_FORM[lang]
  const { what, item, reason, error, mustConfirm, top = '' } = stopping
  const name = pick(lang, item.names)
  const { code, version } = item
  const kind = what === 'suspend' ? 'suspension' : 'retirement'
  const written = { kind, target: code, doc: { version } }
  return page(view, {
    title: says.stopTitle[what](name),
    mark: html`<code>${code}</code>`,
    crumbs: [{ href: '/console/items', text: says.items }],
    current: '/console/items',
    menu,
    body: html`${errorSummary(lang, error ? [{ name: 'reason', text: error }] : [])}${top}<p class="lead">${says.stopLead[what]}</p>
<h2>${PROPOSALS[lang].touches}</h2>${touchedBy(desk, written)}
<form class="act" method="post" action="${view.path}" data-unsaved>${field(lang, {
      ...{ name: 'reason', label: says.reason, kind: 'textarea', rows: 4, maxLength: 2000 },
      ...{ hint: says.reasonHint, value: reason, error },
    })}${confirmation(desk, { mustConfirm, isWritten: reason !== undefined })}<div class="actions">${button(says.stop[what], { isDanger: what === 'suspend' })}${linkButton('/console/items', says.cancel, 'tertiary')}</div></form>`,
  })
}

/** How to confirm who one is before sending, where that is too long ago. */
export function confirmation(
  { view }: Desk,
  { mustConfirm, isWritten }: { readonly mustConfirm: boolean; readonly isWritten: boolean },
): Content {
  if (!mustConfirm) return ''
  const says = PROPOSALS[view.lang]
  const way = confirmAt(view.path)
  // What was written here would be lost on the way there and back.
  if (isWritten)
    return html`<p><a href="${way}" target="_blank" rel="noopener">${says.confirmThere}</a></p>`
  return html`<p class="faint">${says.confirmHint} <a href="${way}">${says.confirmNow}</a></p>`
}
