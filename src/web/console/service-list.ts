import { html } from 'hono/html'
import { answersNow, countMaterials } from '../../registry/counts.ts'
import type { Service } from '../../registry/service-item.ts'
import { linkButton, searchForm } from '../components/form.ts'
import { emptyState } from '../components/lists.ts'
import { stateTag } from '../components/state.ts'
import { type Column, table } from '../components/table.ts'
import { exportLinks } from '../exports.ts'
import { page } from '../page.ts'
import { paged } from '../paging.ts'
import { SERVICES } from '../texts/service-form.ts'
import { TERMS } from '../texts/terms.ts'
import { all, type Html, pick } from '../words.ts'
import { administered, type Desk } from './enter.ts'
import { importLink } from './import-form.ts'
import { agencyName } from './proposal-words.ts'

export type OwnService = { readonly service: Service; readonly mayPropose: boolean }

type Asked = {
  readonly q: string | undefined
  readonly page: number
  /** Those of this person's agencies that offer no item, and so owe a pledge or have one. */
  readonly pledging: readonly string[]
}

/** The services that this person has business with. */
export function servicesPage(
  desk: Desk,
  own: readonly OwnService[],
  { q, page: at, pledging }: Asked,
): Html {
  const { view, menu, registry } = desk
  const { lang } = view
  const says = SERVICES[lang]
  const found = q ? own.filter(({ service }) => isMeant(service, q)) : own
  const { shown, links } = paged(view, found, at)
  const isAdmin = administered(desk).length > 0
  const pledges = pledging.map((uscc) =>
    linkButton(
      `/console/agencies/${uscc}/pledge`,
      `${says.pledgeLink}${TERMS[lang].colon}${agencyName(lang, registry, uscc)}`,
    ),
  )
  const create = linkButton('/console/services/new', says.makeNew, 'primary')
  const list =
    shown.length === 0
      ? emptyState({ title: says.noneTitle, why: q ? says.noneFound : says.none })
      : html`${tableOf(desk, shown)}${links}${exportLinks(view, '/v1/admin/export/services', [])}`
  return page(view, {
    title: says.title,
    menu,
    current: '/console/services',
    ...(isAdmin ? { actions: html`${importLink(lang, 'services')}${create}` } : {}),
    body: html`<p>${says.lead}</p>${pledges.length > 0 ? html`<div class="actions">${pledges}</div>` : ''}
${searchForm(lang, { name: 'q', label: says.search, value: q, maxLength: 100, action: '/console/services', submit: says.find })}
<p class="count" role="status">${q ? says.found(found.length, own.length) : says.sum(own.length)}</p>${list}`,
  })
}

function isMeant({ code, names }: Service, q: string): boolean {
  const wanted = q.trim().toLowerCase()
  return [code, names.zh, names.en].some((text) => text.toLowerCase().includes(wanted))
}

function tableOf({ view, registry }: Desk, rows: readonly OwnService[]): Html {
  const { lang } = view
  const { columns: heads, change } = SERVICES[lang]
  const answers = answersNow(registry.items)
  const columns: readonly Column<OwnService>[] = [
    {
      head: heads.service,
      isHead: true,
      cell: ({ service: { code, names } }) =>
        html`<a href="/services/${code}">${pick(lang, names)}</a> <code>${code}</code>`,
    },
    { head: heads.lead, cell: ({ service }) => agencyName(lang, registry, service.lead) },
    { head: heads.state, cell: ({ service }) => stateTag(lang, service.state) },
    {
      head: heads.papers,
      isNumber: true,
      cell: ({ service }) => {
        const { before, after } = countMaterials(service, answers)
        return `${before} → ${after}`
      },
    },
    {
      head: heads.acts,
      cell: ({ service: { code, names }, mayPropose }) => {
        const label = `${change}${TERMS[lang].colon}${pick(lang, names)}`
        return mayPropose
          ? html`<a href="/console/services/${code}/edit" aria-label="${label}">${change}</a>`
          : all([])
      },
    },
  ]
  return table(lang, { columns, rows, caption: SERVICES[lang].title })
}
