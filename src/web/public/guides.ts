import { html } from 'hono/html'
import { answersNow, countMaterials } from '../../registry/counts.ts'
import { findServices } from '../../registry/guide.ts'
import type { Registry } from '../../registry/registry.ts'
import type { Service } from '../../registry/service-item.ts'
import { linkButton, searchForm } from '../components/form.ts'
import { emptyState } from '../components/lists.ts'
import { table } from '../components/table.ts'
import { exportLinks } from '../exports.ts'
import { page } from '../page.ts'
import { paged } from '../paging.ts'
import { agencyLink } from '../terms.ts'
import { GUIDES } from '../texts/guides.ts'
import type { View } from '../view.ts'
import { type Html, pick } from '../words.ts'

/** Services whose name or one of whose papers has the words asked for. */
export function servicesPage(
  view: View,
  registry: Registry,
  { q, page: at }: { readonly q?: string | undefined; readonly page: number },
): Html {
  const { lang } = view
  const says = GUIDES[lang]
  const found = findServices(registry, q)
  const all = findServices(registry).length
  const { shown, links } = paged(view, found, at)
  const form = searchForm(lang, {
    ...{ action: '/services', submit: says.submit },
    ...{ name: 'q', label: says.search, value: q, maxLength: 100 },
  })
  const list =
    shown.length === 0
      ? nothing(view, all, q)
      : html`<p class="count" role="status">${says.found(found.length, all)}</p>${listOf(view, registry, shown)}
${links}
${exportLinks(view, '/v1/catalog/export/services', ['q'])}`
  return page(view, { title: says.title, current: '/services', body: html`${form}${list}` })
}

function nothing({ lang }: View, all: number, q = ''): Html {
  const says = GUIDES[lang]
  if (all === 0) return emptyState({ title: says.noneTitle, why: says.empty })
  const action = linkButton('/services', says.all)
  return emptyState({ title: says.noneTitle, why: says.none(q), action })
}

function listOf({ lang }: View, { items, agencies }: Registry, services: readonly Service[]): Html {
  const says = GUIDES[lang]
  const stands = answersNow(items)
  const rows = services.map((service) => ({ service, counts: countMaterials(service, stands) }))
  return table(lang, {
    caption: says.title,
    rows,
    columns: [
      {
        head: says.name,
        isHead: true,
        cell: ({ service: { code, names } }) =>
          html`<a href="/services/${code}">${pick(lang, names)}</a>`,
      },
      {
        head: says.lead,
        cell: ({ service: { lead } }) => agencyLink(lang, lead, agencies.get(lead)),
      },
      { head: says.before, isNumber: true, cell: ({ counts }) => counts.before },
      { head: says.after, isNumber: true, cell: ({ counts }) => counts.after },
    ],
  })
}
