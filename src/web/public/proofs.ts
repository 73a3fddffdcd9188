import { html } from 'hono/html'
import { normalizeName } from '../../contract/name.ts'
import {
  type Match,
  notDemandable,
  QUERY_CHARACTERS_MIN,
  type Verdict,
} from '../../registry/not-demandable.ts'
import type { Registry } from '../../registry/registry.ts'
import { errorSummary, searchForm } from '../components/form.ts'
import { notice, shape, type Tone, tag } from '../components/state.ts'
import { page } from '../page.ts'
import { itemLink, lawList, listed } from '../terms.ts'
import { PROOFS } from '../texts/proofs.ts'
import { TERMS } from '../texts/terms.ts'
import type { View } from '../view.ts'
import { type Html, pick } from '../words.ts'

const CHARACTERS_MAX = 100

const TONES: Readonly<Record<Verdict, Tone>> = {
  NOT_DEMANDABLE: 'good',
  NOT_FROM_ISSUER: 'good',
  DEPENDS: 'warn',
  RESEMBLES: 'quiet',
  NOT_LISTED: 'quiet',
}

/** May this proof be demanded? Without a question: what the national lists say. */
export function proofsPage(view: View, registry: Registry, q: string | undefined): Html {
  const { lang } = view
  const says = PROOFS[lang]
  const error = q === undefined ? undefined : faultOf(view, q)
  const form = searchForm(lang, {
    ...{ action: '/not-demandable', submit: says.submit },
    ...{ name: 'q', label: says.search, hint: says.hint, value: q, error },
  })
  const faults = errorSummary(lang, error ? [{ name: 'q', text: error }] : [])
  const below = q === undefined || error ? listsOf(view, registry) : answerOf(view, registry, q)
  return page(view, {
    title: says.title,
    current: '/not-demandable',
    body: html`${faults}${form}${below}`,
  })
}

/** What is wrong with the question, if anything. */
function faultOf({ lang }: View, q: string): string | undefined {
  if (q.length > CHARACTERS_MAX) return PROOFS[lang].long
  return normalizeName(q).length < QUERY_CHARACTERS_MIN ? PROOFS[lang].short : undefined
}

function answerOf(view: View, registry: Registry, q: string): Html {
  const { lang } = view
  const says = PROOFS[lang]
  const { verdict, says: sentence, total, matches } = notDemandable(registry, q)
  const said = html`<h2>${says.asked(q)}${TERMS[lang].colon}${shape(TONES[verdict])} ${says.verdicts[verdict]}</h2><p>${pick(lang, sentence)}</p>`
  const grounds =
    total === 0
      ? ''
      : html`<h2>${says.found(total, matches.length)}</h2><ul class="replaced">${matches.map((one) => matchOf(view, one))}</ul>`
  return html`${notice(TONES[verdict], said)}${grounds}`
}

function matchOf({ lang }: View, { match, ground, names, reason, law, ...more }: Match): Html {
  const says = PROOFS[lang]
  const { colon } = TERMS[lang]
  const { service, items = [], list } = more
  const by = items.map((one) => itemLink(lang, one.code, one.names))
  return html`<li><strong>${pick(lang, names)}</strong> ${tag(match === 'exact' ? 'info' : 'quiet', says[match])} ${says.grounds[ground]}
${service ? html`<br>${says.service}${colon}<a href="/services/${service.code}">${pick(lang, service.names)}</a>` : ''}
${by.length > 0 ? html`<br>${says.items}${colon}${listed(lang, by)}` : ''}
<br><span class="faint">${pick(lang, reason)}</span>${lawList(lang, law)}
${list ? html`<p class="small faint">${says.sources}${colon}${pick(lang, list.names)} ${list.sources.map((url) => html`<br><a href="${url}" rel="noreferrer">${url}</a>`)}</p>` : ''}</li>`
}

function listsOf({ lang }: View, { blacklists }: Registry): Html | '' {
  const says = PROOFS[lang]
  if (blacklists.size === 0) return ''
  return html`<h2>${says.lists}</h2><p>${says.listsLead}</p>${[...blacklists.values()].map(
    ({
      names,
      rule,
      law,
      proofs,
    }) => html`<h3>${pick(lang, names)}</h3><p>${pick(lang, rule)}</p>${lawList(lang, law)}
<ol>${proofs.map((one) => html`<li>${pick(lang, one.names)}${one.also.length > 0 ? html` <span class="faint small">${says.also(one.also.join(TERMS[lang].comma))}</span>` : ''}</li>`)}</ol>`,
  )}`
}
