import { html } from 'hono/html'
import type { Agreement, Item } from '../../registry/documents.ts'
import { linkButton, searchForm } from '../components/form.ts'
import { emptyState } from '../components/lists.ts'
import { stateTag, tag } from '../components/state.ts'
import { type Column, table } from '../components/table.ts'
import { exportLinks } from '../exports.ts'
import { page } from '../page.ts'
import { paged } from '../paging.ts'
import { listed } from '../terms.ts'
import { AGREEMENTS } from '../texts/agreements.ts'
import { CATALOG } from '../texts/catalog.ts'
import { TERMS } from '../texts/terms.ts'
import { type Html, pick } from '../words.ts'
import { administered, type Desk } from './enter.ts'
import { importLink } from './import-form.ts'
import { agencyName } from './proposal-words.ts'
import { proposalTable, type Row } from './proposals.ts'

export type Standing = {
  readonly agreement: Agreement
  readonly item: Item | undefined
  /** The application that it came from, where there was one. */
  readonly proposal: string | undefined
}

type Told = {
  readonly underWay: readonly Row[]
  readonly standing: readonly Standing[]
  readonly q: string | undefined
  readonly page: number
  /** ISO date in Shanghai. */
  readonly today: string
}

/** The applications under way with their clocks, and every agreement of this person's agencies. */
export function agreementsPage(desk: Desk, { underWay, standing, q, ...told }: Told): Html {
  const { view, menu } = desk
  const { lang } = view
  const says = AGREEMENTS[lang]
  const found = q ? standing.filter((one) => isMeant(desk, one, q)) : standing
  const { shown, links } = paged(view, found, told.page)
  const isAdmin = administered(desk).length > 0
  const apply = linkButton('/console/agreements/new', says.apply, 'primary')
  const applications =
    underWay.length === 0
      ? html`<p>${says.underWayNone}</p>`
      : proposalTable(desk, { rows: underWay, caption: says.underWay, people: new Map() })
  const list =
    shown.length === 0
      ? emptyState({ title: says.noneTitle, why: q ? says.noneFound : says.none })
      : html`${tableOf(desk, shown, told.today)}${links}${exportLinks(view, '/v1/admin/export/agreements', [])}`
  return page(view, {
    title: says.title,
    menu,
    current: '/console/agreements',
    ...(isAdmin
      ? {
          actions: html`${importLink(lang, 'agreements')}${apply}`,
        }
      : {}),
    body: html`<p>${says.lead}</p><h2>${says.underWay}</h2>${applications}
<h2>${says.inForce}</h2>${searchForm(lang, { name: 'q', label: says.search, value: q, maxLength: 100, action: '/console/agreements', submit: says.find })}
<p class="count" role="status">${q ? says.found(found.length, standing.length) : says.sum(standing.length)}</p>${list}`,
  })
}

function isMeant({ registry }: Desk, { agreement, item }: Standing, q: string): boolean {
  const wanted = q.trim().toLowerCase()
  const agencies = [...agreement.requesters, item?.provider ?? ''].flatMap((uscc) => {
    const names = registry.agencies.get(uscc)?.names
    return names ? [names.zh, names.en] : []
  })
  const { id, item: code } = agreement
  return [id, code, item?.names.zh ?? '', item?.names.en ?? '', ...agencies].some((text) =>
    text.toLowerCase().includes(wanted),
  )
}

function tableOf({ view, registry }: Desk, rows: readonly Standing[], today: string): Html {
  const { lang } = view
  const { columns: heads, expired } = AGREEMENTS[lang]
  const columns: readonly Column<Standing>[] = [
    {
      head: heads.agreement,
      isHead: true,
      cell: ({ agreement: { id, item: code }, item, proposal }) => {
        const name = item ? pick(lang, item.names) : code
        const page = proposal ? `proposals/${proposal}` : `agreements/${id}`
        const shown = html`<a href="/console/${page}">${name}</a>`
        return html`${shown} <code>${id}</code>`
      },
    },
    {
      head: heads.requester,
      cell: ({ agreement }) =>
        listed(
          lang,
          agreement.requesters.map((uscc) => agencyName(lang, registry, uscc)),
        ),
    },
    { head: heads.provider, cell: ({ item }) => agencyName(lang, registry, item?.provider ?? '') },
    {
      head: heads.state,
      cell: ({ agreement: { state, validTo } }) =>
        state === 'active' && validTo < today ? tag('quiet', expired) : stateTag(lang, state),
    },
    {
      head: heads.until,
      cell: ({ agreement }) => html`<span class="count whole">${agreement.validTo}</span>`,
    },
    { head: heads.quota, isNumber: true, cell: ({ agreement }) => agreement.dailyQuota },
  ]
  return table(lang, { columns, rows, caption: AGREEMENTS[lang].inForce })
}

type Choosing = {
  readonly items: readonly Item[]
  readonly q: string | undefined
  readonly page: number
}

/** Step one of applying: which item. */
export function chooseItemPage(desk: Desk, { items, q, page: at }: Choosing): Html {
  const { view, menu, registry } = desk
  const { lang } = view
  const says = AGREEMENTS[lang]
  const { shown, links } = paged(view, items, at)
  const name = ({ names }: Item) => pick(lang, names)
  const columns: readonly Column<Item>[] = [
    {
      head: says.fields.item,
      isHead: true,
      cell: (item) =>
        html`<a href="/console/agreements/new?item=${item.code}" aria-label="${says.chooseItem}${TERMS[lang].colon}${name(item)}">${name(item)}</a> <code>${item.code}</code>`,
    },
    {
      head: says.columns.provider,
      cell: ({ provider }) => agencyName(lang, registry, provider),
    },
    { head: CATALOG[lang].sharing, cell: ({ sharing }) => TERMS[lang].sharing[sharing.class] },
  ]
  const list =
    items.length === 0
      ? emptyState({ title: says.itemNone, why: says.noneFound })
      : html`${table(lang, { columns, rows: shown, caption: says.chooseTitle })}${links}`
  return page(view, {
    title: says.chooseTitle,
    crumbs: [{ href: '/console/agreements', text: says.title }],
    current: '/console/agreements',
    menu,
    body: html`<p>${says.chooseLead}</p>${searchForm(lang, { name: 'q', label: says.search, value: q, maxLength: 100, action: '/console/agreements/new', submit: says.find })}
<p class="count" role="status">${says.itemsSum(items.length)}</p>${list}`,
  })
}
