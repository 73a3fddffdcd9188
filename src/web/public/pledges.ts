import { html } from 'hono/html'
import { type Pledge, pledgesOn } from '../../registry/pledge.ts'
import type { Registry } from '../../registry/registry.ts'
import { linkButton } from '../components/form.ts'
import { emptyState } from '../components/lists.ts'
import { table } from '../components/table.ts'
import { page } from '../page.ts'
import { agencyLink } from '../terms.ts'
import { AGENCIES } from '../texts/agencies.ts'
import type { View } from '../view.ts'
import { type Html, pick } from '../words.ts'

const OWING_SHOWN = 100

/** 零报告承诺: who said in public that it has nothing to offer, and who has not said it yet. */
export function pledgesPage(view: View, registry: Registry, today: string): Html {
  const { lang } = view
  const says = AGENCIES[lang]
  const { pledges, owing } = pledgesOn(registry, today)
  const signed =
    pledges.length === 0
      ? emptyState({
          title: says.pledgesNone,
          why: says.pledgesWhy,
          action: linkButton('/catalog', says.pledgesDo),
        })
      : signedOnes(view, registry, pledges)
  const links = owing
    .slice(0, OWING_SHOWN)
    .map((uscc) => html`<li>${agencyLink(lang, uscc, registry.agencies.get(uscc))}</li>`)
  const missing =
    owing.length === 0
      ? ''
      : html`<h2>${says.owing(owing.length)}</h2><p>${says.owingWhy}</p><ul>${links}</ul>`
  return page(view, {
    title: says.pledges,
    current: '/pledges',
    body: html`<p>${says.pledgesLead}</p>${signed}${missing}<p class="screen"><a href="/v1/catalog/pledges">${says.json}</a></p>`,
  })
}

function signedOnes({ lang }: View, { agencies }: Registry, pledges: readonly Pledge[]): Html {
  const says = AGENCIES[lang]
  return table(lang, {
    caption: says.pledges,
    rows: pledges,
    columns: [
      {
        head: says.agency,
        isHead: true,
        cell: ({ agency }) => agencyLink(lang, agency, agencies.get(agency)),
      },
      { head: says.pledged, cell: ({ text }) => pick(lang, text) },
      { head: says.period, cell: ({ from, to }) => says.fromTo(from, to) },
      {
        head: says.signed,
        cell: ({ signedBy, signedOn }) =>
          html`${signedBy.name}<br><span class="faint">${pick(lang, signedBy.position)}</span><br><span class="count">${signedOn}</span>`,
      },
    ],
  })
}
