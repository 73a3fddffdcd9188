import { html } from 'hono/html'
import { definitionOfItem } from '../../registry/adoption.ts'
import type { Item } from '../../registry/documents.ts'
import { currentVersion, isPublic } from '../../registry/order.ts'
import type { Registry } from '../../registry/registry.ts'
import { itemsOf } from '../../registry/service-item.ts'
import { copyButton, linkButton } from '../components/form.ts'
import { diff, timeline } from '../components/history.ts'
import { descriptionList } from '../components/lists.ts'
import { notice, stateTag } from '../components/state.ts'
import { page } from '../page.ts'
import { agencyLink, itemLink } from '../terms.ts'
import { CATALOG } from '../texts/catalog.ts'
import { TERMS } from '../texts/terms.ts'
import type { View } from '../view.ts'
import { type Html, pick } from '../words.ts'
import { asksOf } from './item-asks.ts'
import { dataFacts, type Fact, factTexts, lawOf, sevenFacts } from './item-facts.ts'

/**
 * One item: what it is about, by which law, what it frees people of, and how it changed.
 *
 * @param versions newest first, those that were ever published; one at least.
 */
export function itemPage(view: View, registry: Registry, versions: readonly Item[]): Html {
  const { lang } = view
  const says = CATALOG[lang]
  const item = currentVersion(versions) as Item
  const { code, names, state, version, provider } = item
  const told = state === 'suspended' || state === 'retired' ? state : undefined
  return page(view, {
    title: pick(lang, names),
    mark: html`<code>${code}</code> ${stateTag(lang, state)} <span class="faint">${says.version(version)}</span>`,
    crumbs: [{ href: '/catalog', text: says.title }],
    current: '/catalog',
    body: html`${told ? notice('warn', html`<p>${says[told]}</p>`) : ''}
${factsOf([
  [says.agency, agencyLink(lang, provider, registry.agencies.get(provider))],
  ...sharedFacts(view, item),
  ...adoptionOf(view, registry, item),
])}
<h2>${says.seven}</h2>${factsOf(sevenFacts(lang, item))}
<h2>${says.replacesTitle}</h2><ul>${item.replaces.map((one) => html`<li>${pick(lang, one)}</li>`)}</ul>
<h3>${says.usedBy}</h3>${servicesOf(view, registry, code)}
<h2>${says.asks}</h2>${asksOf(view, registry, item)}
<h2>${says.data}</h2>${factsOf(dataFacts(lang, item))}
<h2>${says.law}</h2>${lawOf(lang, item)}
<h2>${says.history}</h2>${historyOf(view, versions)}
${rawOf(view, item)}`,
  })
}

function factsOf(facts: readonly Fact[]): Html {
  return descriptionList(facts)
}

function sharedFacts({ lang }: View, item: Item): readonly Fact[] {
  return factTexts(lang, item).slice(0, SHARED_FACTS)
}

/** How many of the facts stand at the top: kind, sharing class, scope and use. */
const SHARED_FACTS = 4

function adoptionOf({ lang }: View, registry: Registry, item: Item): readonly Fact[] {
  const { adopts } = item
  if (!adopts) return []
  const { adopts: word, adoptsHow } = TERMS[lang]
  const by = agencyLink(lang, adopts.agency, registry.agencies.get(adopts.agency))
  const names = definitionOfItem(registry, item)?.names
  return [[word, html`${adoptsHow}${by} ${itemLink(lang, adopts.code, names)}`]]
}

const USING_SHOWN = 30

function servicesOf({ lang }: View, { services }: Registry, code: string): Html {
  const using = [...services.values()].filter(
    (one) => isPublic(one) && one.materials.some((material) => itemsOf(material).includes(code)),
  )
  if (using.length === 0) return html`<p>${CATALOG[lang].usedNone}</p>`
  const more =
    using.length > USING_SHOWN ? html`<p class="faint">${CATALOG[lang].more(using.length)}</p>` : ''
  return html`<ul>${using.slice(0, USING_SHOWN).map((one) => html`<li><a href="/services/${one.code}">${pick(lang, one.names)}</a></li>`)}</ul>${more}`
}

/** Each version with its state; opened, what it changed. */
function historyOf({ lang }: View, versions: readonly Item[]): Html {
  const says = CATALOG[lang]
  const events = versions.map((one, i) => {
    const older = versions[i + 1]
    const detail =
      older &&
      html`<details><summary>${says.historyChange(older.version, one.version)}</summary>${diff(lang, changes(lang, older, one))}</details>`
    return {
      what: html`${says.version(one.version)} ${stateTag(lang, one.state)}`,
      ...(detail ? { detail } : {}),
    }
  })
  return timeline(events)
}

function changes(lang: View['lang'], older: Item, newer: Item) {
  const before = new Map(factTexts(lang, older))
  return factTexts(lang, newer)
    .filter(([field, said]) => before.get(field) !== said)
    .map(([field, after]) => ({ field, before: before.get(field), after }))
}

function rawOf({ lang }: View, item: Item): Html {
  const says = CATALOG[lang]
  const { connector: _, ...shown } = item
  const address = `/v1/catalog/items/${item.code}`
  return html`<details class="ds-details screen"><summary>${says.raw}</summary><div><div class="actions">${copyButton('#raw', says.copy, says.copied)}${linkButton(address, says.asJson)}<a class="ds-button" data-variant="tertiary" href="${address}" download="${item.code}.json">${says.download}</a></div><pre class="raw" id="raw" tabindex="0">${JSON.stringify(shown, null, 2)}</pre></div></details>`
}
