import { html } from 'hono/html'
import { answersNow, countMaterials } from '../../registry/counts.ts'
import { type GuideLine, guideOf } from '../../registry/guide.ts'
import type { Registry } from '../../registry/registry.ts'
import type { Service } from '../../registry/service-item.ts'
import { printButton } from '../components/form.ts'
import { descriptionList } from '../components/lists.ts'
import { notice, type Tone, tag } from '../components/state.ts'
import { table } from '../components/table.ts'
import { page } from '../page.ts'
import { agencyLink, itemLink, lawList, listed, timeLimitWords } from '../terms.ts'
import { GUIDES } from '../texts/guides.ts'
import { TERMS } from '../texts/terms.ts'
import type { View } from '../view.ts'
import { type Html, pick } from '../words.ts'

const TONES: Readonly<Record<GuideLine['standing'], Tone>> = {
  proven: 'good',
  pending: 'warn',
  committed: 'good',
  abolished: 'good',
  kept: 'quiet',
}

/** What to bring, first; folded, what nobody has to bring any more, and who verifies it instead. */
export function guidePage(view: View, registry: Registry, service: Service): Html {
  const { lang } = view
  const says = GUIDES[lang]
  const lines = guideOf(registry, service)
  const { before, after } = countMaterials(service, answersNow(registry.items))
  const bring = lines.filter(({ standing }) => standing === 'kept' || standing === 'pending')
  const declare = lines.filter(({ standing }) => standing === 'committed')
  const gone = lines.filter((line) => !bring.includes(line))
  const stopped =
    service.state === 'suspended' ? notice('warn', html`<p>${says.suspended}</p>`) : ''
  return page(view, {
    title: pick(lang, service.names),
    crumbs: [{ href: '/services', text: says.title }],
    current: '/services',
    actions: printButton(says.print),
    body: html`${stopped}<p class="lead">${says.papers(before, after)}</p>
<h2>${says.bring}</h2>${bring.length === 0 ? html`<p>${says.bringNone}</p>` : html`<ol>${bring.map((line) => toBring(view, line))}</ol>`}
${declare.length === 0 ? '' : html`<h2>${says.declare}</h2><p>${says.declareHow}</p><ul>${declare.map((line) => toDeclare(view, line))}</ul>`}
<details class="ds-details"><summary>${says.gone(gone.length)}</summary><div><ul class="replaced">${gone.map((line) => noLonger(view, line))}</ul><p class="faint">${says.demand}</p></div></details>
<h2>${says.compare}</h2>${compared(view, lines)}
${about(view, registry, service)}`,
  })
}

function toBring({ lang }: View, { material, standing }: GuideLine): Html {
  const why = standing === 'pending' ? GUIDES[lang].pending : pick(lang, material.reason)
  return html`<li><strong>${pick(lang, material.names)}</strong><br><span class="faint">${why}</span></li>`
}

function toDeclare({ lang }: View, { material: { names, decision } }: GuideLine): Html {
  if (decision.kind !== 'committed') return html`<li>${pick(lang, names)}</li>`
  const { how, dueWorkingDays } = decision.afterCheck
  return html`<li><strong>${pick(lang, names)}</strong><br><span class="faint">${GUIDES[lang].afterwards(dueWorkingDays)}${TERMS[lang].sentence}${pick(lang, how)}</span></li>`
}

function noLonger({ lang }: View, { material, items }: GuideLine): Html {
  return html`<li><strong>${pick(lang, material.names)}</strong>${items.length > 0 ? html` ← ${verifiers({ lang }, items)}` : ''}<br><span class="faint">${pick(lang, material.reason)}</span></li>`
}

function verifiers({ lang }: Pick<View, 'lang'>, items: GuideLine['items']): Html {
  const pieces = items.map(
    ({ code, item, provider }) =>
      html`${item ? html`${agencyLink(lang, item.provider, provider)}${TERMS[lang].colon}` : ''}${itemLink(lang, code, item?.names)}`,
  )
  return listed(lang, pieces)
}

function compared({ lang }: View, lines: readonly GuideLine[]): Html {
  const says = GUIDES[lang]
  return table(lang, {
    caption: says.compare,
    rows: lines,
    columns: [
      { head: says.paper, isHead: true, cell: ({ material }) => pick(lang, material.names) },
      {
        head: says.now,
        cell: ({ standing }) => tag(TONES[standing], says.standings[standing]),
      },
      { head: says.who, cell: ({ items }) => (items.length ? verifiers({ lang }, items) : '—') },
      { head: says.why, cell: ({ material }) => lawList(lang, material.law) },
    ],
  })
}

function about({ lang }: View, { agencies }: Registry, service: Service): Html {
  const says = GUIDES[lang]
  const { code, lead, coLeads = [], law, adopts, conditions, timeLimit } = service
  const terms = TERMS[lang]
  const others = coLeads.map((uscc) => agencyLink(lang, uscc, agencies.get(uscc)))
  return html`<h2>${says.about}</h2>${descriptionList([
    [says.code, html`<code>${code}</code>`],
    [says.lead, agencyLink(lang, lead, agencies.get(lead))],
    ...(others.length > 0 ? [[says.coLeads, listed(lang, others)] as const] : []),
    ...(conditions ? [[says.conditions, pick(lang, conditions)] as const] : []),
    ...(timeLimit ? [[says.timeLimit, timeLimitWords(lang, timeLimit)] as const] : []),
    ...(adopts
      ? [
          [
            terms.adopts,
            html`${terms.adoptsHow}${agencyLink(lang, adopts.agency, agencies.get(adopts.agency))} <a href="/services/${adopts.code}">${adopts.code}</a>`,
          ] as const,
        ]
      : []),
    [says.law, lawList(lang, law)],
  ])}<p class="screen"><a href="/v1/catalog/services/${code}">${says.json}</a></p>`
}
