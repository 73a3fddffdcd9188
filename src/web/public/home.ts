import { html } from 'hono/html'
import { answersNow, countAll, countMaterials } from '../../registry/counts.ts'
import { findServices } from '../../registry/guide.ts'
import type { Registry } from '../../registry/registry.ts'
import type { Service } from '../../registry/service-item.ts'
import { searchForm } from '../components/form.ts'
import { page } from '../page.ts'
import { HOME } from '../texts/home.ts'
import type { View } from '../view.ts'
import { type Html, pick } from '../words.ts'

const SERVICES_MAX = 60

/** The first screen answers one question; what this gateway is for developers stands below. */
export function homePage(
  view: View,
  registry: Registry,
  { checkpoint }: { readonly checkpoint: string },
): Html {
  const { lang, look } = view
  const says = HOME[lang]
  const services = findServices(registry)
  const defined = services.filter(({ adopts }) => adopts === undefined)
  const { before, after } = countAll(services, answersNow(registry.items))
  return page(view, {
    title: pick(lang, look.names),
    heading: says.question,
    current: '/',
    body: html`${searchForm(lang, {
      ...{ action: '/services', submit: says.submit },
      ...{ name: 'q', label: says.search, hint: says.hint, maxLength: 100 },
    })}
${services.length > 0 ? html`<p>${says.sum(defined.length, before, after)}</p>` : ''}
<ul class="cards-of">${services.slice(0, SERVICES_MAX).map((one) => card(view, registry, one))}</ul>
<h2>${says.proof}</h2>${searchForm(lang, {
      ...{ action: '/not-demandable', submit: says.submit },
      ...{ name: 'q', id: 'proof', label: says.proofName, hint: says.proofHint, maxLength: 100 },
    })}
<h2>${says.what}</h2><p>${says.about}</p>
<ul><li><a href="/problems">${says.problems}</a></li><li><a href="/openapi.json">${says.openapi}</a></li><li><a href="/.well-known/mianzheng">${says.machine}</a></li><li><a href="${checkpoint}">${says.checkpoint}</a></li></ul>`,
  })
}

function card({ lang }: View, { items }: Registry, service: Service): Html {
  const { before, after } = countMaterials(service, answersNow(items))
  return html`<li><a href="/services/${service.code}"><strong>${pick(lang, service.names)}</strong><span class="small faint">${HOME[lang].before(before, after)}</span></a></li>`
}
