import { html } from 'hono/html'
import type { Registry } from '../../registry/registry.ts'
import { type Statistics, statisticsOf } from '../../registry/statistics.ts'
import { chart } from '../components/drawing.ts'
import { emptyState } from '../components/lists.ts'
import { page } from '../page.ts'
import { STATISTICS } from '../texts/statistics.ts'
import { TERMS } from '../texts/terms.ts'
import type { View } from '../view.ts'
import { type Content, type Html, pick } from '../words.ts'

const PROVIDERS_SHOWN = 20
const REACH_SHOWN = 15
const SERVICES_SHOWN = 30

/** What the registry adds up to, as figures and bars; each chart has its table under it. */
export function statisticsPage(view: View, registry: Registry): Html {
  const { lang } = view
  const says = STATISTICS[lang]
  const figures = statisticsOf(registry)
  const isEmpty = figures.items.all === 0 && figures.services.length === 0
  const body = isEmpty
    ? emptyState({ title: says.emptyTitle, why: says.empty })
    : html`<p>${says.lead}</p>${big(view, figures)}${charts(view, figures)}<p class="screen"><a href="/v1/catalog/statistics">${says.json}</a></p>`
  return page(view, { title: says.title, current: '/statistics', body })
}

function big({ lang }: View, { papers, items }: Statistics): Html {
  const says = STATISTICS[lang]
  const figure = (value: Content, text: string) => html`<li><strong>${value}</strong>${text}</li>`
  return html`<ul class="big">${[
    figure(papers.before, says.before),
    figure(papers.after, says.after),
    figure(percent(papers.before - papers.after, papers.before), says.saved),
    figure(`${items.automatic} / ${items.all}`, says.automatic),
  ]}</ul>`
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '—' : `${Math.round((100 * part) / whole)} %`
}

function charts({ lang }: View, { services, providers, kinds, sharing, reach }: Statistics): Html {
  const says = STATISTICS[lang]
  const terms = TERMS[lang]
  const { proven, over, pending, kept } = says.parts
  const named = (
    words: Readonly<Record<string, string>>,
    counts: Readonly<Record<string, number>>,
  ) => Object.entries(counts).map(([key, n]) => ({ label: words[key] ?? key, values: [n] }))
  return html`${chart(lang, {
    title: says.services,
    parts: [proven, over, pending, kept],
    rows: services.slice(0, SERVICES_SHOWN).map(({ names, counts: one }) => ({
      label: pick(lang, names),
      values: [one.proven, one.abolished + one.committed, one.pending, one.kept],
    })),
  })}
${chart(lang, {
  title: says.reach,
  parts: [says.papers],
  rows: reach
    .slice(0, REACH_SHOWN)
    .map(({ names, papers }) => ({ label: pick(lang, names), values: [papers] })),
})}
${chart(lang, {
  title: says.providers,
  parts: [says.items],
  rows: providers.slice(0, PROVIDERS_SHOWN).map(({ uscc, names, items }) => ({
    label: names ? pick(lang, names) : uscc,
    values: [items],
  })),
})}
${chart(lang, { title: says.kinds, parts: [says.items], rows: named(terms.kinds, kinds) })}
${chart(lang, { title: says.sharing, parts: [says.items], rows: named(terms.sharing, sharing) })}`
}
