import { html } from 'hono/html'
import { findItems } from '../../registry/catalogue.ts'
import type { Agency } from '../../registry/documents.ts'
import { findServices } from '../../registry/guide.ts'
import { pledgeOn } from '../../registry/pledge.ts'
import type { Registry } from '../../registry/registry.ts'
import { descriptionList } from '../components/lists.ts'
import { notice, stateTag } from '../components/state.ts'
import { page } from '../page.ts'
import { agencyLink, itemLink, listed } from '../terms.ts'
import { AGENCIES } from '../texts/agencies.ts'
import { TERMS } from '../texts/terms.ts'
import type { View } from '../view.ts'
import { type Html, pick } from '../words.ts'
import { agencyLists } from './agency-lists.ts'

const SHOWN = 100

/** Who an agency is, what it answers, what it leads. */
export function agencyPage(
  view: View,
  registry: Registry,
  { agency, today }: { readonly agency: Agency; readonly today: string },
): Html {
  const { lang } = view
  const says = AGENCIES[lang]
  const { entries } = findItems(registry, { agency: agency.uscc })
  const services = findServices(registry).filter(({ lead }) => lead === agency.uscc)
  const items = entries
    .slice(0, SHOWN)
    .map(
      ({ item }) =>
        html`<li>${itemLink(lang, item.code, item.names)} <code class="small">${item.code}</code> ${item.state === 'published' ? '' : stateTag(lang, item.state)}</li>`,
    )
  const led = services
    .slice(0, SHOWN)
    .map(({ code, names }) => html`<li><a href="/services/${code}">${pick(lang, names)}</a></li>`)
  const pledge = pledgeOn(registry, agency.uscc, today)
  const pledged = pledge ? html` <a href="/pledges">${says.pledgedUntil(pledge.to)}</a>` : ''
  const more =
    entries.length > SHOWN
      ? html`<p><a href="/catalog?agency=${agency.uscc}">${entries.length} …</a></p>`
      : ''
  return page(view, {
    title: pick(lang, agency.names),
    mark: stateTag(lang, agency.status),
    body: html`${agency.status === 'suspended' ? notice('warn', html`<p>${says.suspended}</p>`) : ''}
${descriptionList(facts(view, registry, agency))}
<h2>${says.items}</h2>${items.length > 0 ? html`<ul>${items}</ul>${more}` : html`<p>${says.noItems}${pledged}</p>`}
<h2>${says.services}</h2>${led.length > 0 ? html`<ul>${led}</ul>` : html`<p>${says.noServices}</p>`}
${agencyLists(view, registry, agency.uscc)}`,
  })
}

function facts({ lang }: View, { agencies }: Registry, agency: Agency) {
  const says = AGENCIES[lang]
  const { uscc, kind, level, region, parent } = agency
  const below = [...agencies.values()].filter((one) => one.parent === uscc).slice(0, SHOWN)
  const links = below.map((one) => agencyLink(lang, one.uscc, one))
  return [
    [says.code, html`<code>${uscc}</code>`],
    [says.kind, TERMS[lang].agencyKinds[kind]],
    [says.level, TERMS[lang].levels[level]],
    [says.region, html`<code>${region}</code>`],
    ...(parent ? [[says.parent, agencyLink(lang, parent, agencies.get(parent))] as const] : []),
    ...(links.length > 0 ? [[says.children, listed(lang, links)] as const] : []),
  ] as const
}
