import { html } from 'hono/html'
import type { Item } from '../../registry/documents.ts'
import { linkButton, searchForm } from '../components/form.ts'
import { emptyState } from '../components/lists.ts'
import { stateTag } from '../components/state.ts'
import { type Column, table } from '../components/table.ts'
import { exportLinks } from '../exports.ts'
import { page } from '../page.ts'
import { paged } from '../paging.ts'
import { ITEM_FORM } from '../texts/item-form.ts'
import { all, type Html, pick } from '../words.ts'
import { administered, type Desk } from './enter.ts'
import { importLink } from './import-form.ts'
import { agencyName } from './proposal-words.ts'

export type OwnItem = {
  readonly item: Item
  /** Its agency's admin proposes changes; its head, and the authority, may stop it at once. */
  readonly mayPropose: boolean
  readonly maySuspend: boolean
}

type Asked = { readonly q: string | undefined; readonly page: number }

/** The items that this person has business with, each with what may be begun. */
export function itemsPage(desk: Desk, own: readonly OwnItem[], { q, page: at }: Asked): Html {
  const { view, menu } = desk
  const { lang } = view
  const says = ITEM_FORM[lang]
  const found = q ? own.filter(({ item }) => isMeant(item, q)) : own
  const { shown, links } = paged(view, found, at)
  const isAdmin = administered(desk).length > 0
  const create = linkButton('/console/items/new', says.makeNew, 'primary')
  const list =
    shown.length === 0
      ? emptyState({ title: says.noneTitle, why: q ? says.noneFound : says.none })
      : html`${tableOf(desk, shown)}${links}${exportLinks(view, '/v1/admin/export/items', [])}`
  return page(view, {
    title: says.items,
    menu,
    current: '/console/items',
    ...(isAdmin ? { actions: html`${importLink(lang, 'items')}${create}` } : {}),
    body: html`<p>${isAdmin ? says.lead : says.leadAuthority}</p>
${searchForm(lang, { name: 'q', label: says.search, value: q, maxLength: 100, action: '/console/items', submit: says.find })}
<p class="count" role="status">${q ? says.found(found.length, own.length) : says.sum(own.length)}</p>${list}`,
  })
}

function isMeant({ code, names }: Item, q: string): boolean {
  const wanted = q.trim().toLowerCase()
  return [code, names.zh, names.en].some((text) => text.toLowerCase().includes(wanted))
}

function tableOf({ view, registry }: Desk, rows: readonly OwnItem[]): Html {
  const { lang } = view
  const says = ITEM_FORM[lang]
  const columns: readonly Column<OwnItem>[] = [
    {
      head: says.item,
      isHead: true,
      cell: ({ item }) =>
        html`<a href="/items/${item.code}">${pick(lang, item.names)}</a> <code>${item.code}</code>`,
    },
    { head: says.agency, cell: ({ item }) => agencyName(lang, registry, item.provider) },
    { head: says.state, cell: ({ item }) => stateTag(lang, item.state) },
    { head: says.version, isNumber: true, cell: ({ item }) => item.version },
    {
      head: says.acts,
      cell: ({ item, mayPropose, maySuspend }) => {
        const { code, state } = item
        const name = pick(lang, item.names)
        const link = (what: string, text: string) =>
          html`<a href="/console/items/${code}/${what}" aria-label="${text}${lang === 'en' ? ': ' : '：'}${name}">${text}</a> `
        return all([
          ...(mayPropose ? [link('edit', says.makeVersion)] : []),
          ...(maySuspend && state === 'published' ? [link('suspend', says.suspend)] : []),
          ...(mayPropose && state !== 'retired' ? [link('retire', says.retire)] : []),
        ])
      },
    },
  ]
  return table(lang, { columns, rows, caption: says.items })
}
