import { html } from 'hono/html'
import { isFresh } from '../../people/session.ts'
import type { Application } from '../../proposal/kinds/agreement-document.ts'
import { diffDocuments } from '../../registry/diff.ts'
import type { Agreement, Item } from '../../registry/documents.ts'
import { button, errorSummary, field, linkButton } from '../components/form.ts'
import { stateTag } from '../components/state.ts'
import { page } from '../page.ts'
import { AGREEMENTS } from '../texts/agreements.ts'
import { ITEM_FORM } from '../texts/item-form.ts'
import { type Content, type Html, pick } from '../words.ts'
import type { Desk } from './enter.ts'
import type { Values } from './form-values.ts'
import { confirmation } from './item-stop.ts'
import { proposalDiff } from './proposal-diff.ts'

export const APPLICATION = ['basis', 'scenario', 'scope'] as const

export type Loaded = {
  readonly agreement: Agreement
  readonly item: Item
  /** Whether this person may take it on record. */
  readonly mayAdopt: boolean
  /** What was written, where it was sent once. */
  readonly values?: Values
  readonly top?: Content
}

/** An agreement that the operator loaded: what it says, and the form that takes it on record. */
export function loadedPage(desk: Desk, loaded: Loaded): Html {
  const { view, menu } = desk
  const { lang } = view
  const says = AGREEMENTS[lang]
  const { agreement, item, mayAdopt, top = '' } = loaded
  const { state, ...document } = agreement
  const facts = proposalDiff(lang, diffDocuments(undefined, { agreement: document }))
  return page(view, {
    title: says.loadedTitle(pick(lang, item.names)),
    mark: html`<code>${agreement.id}</code> ${stateTag(lang, state)}`,
    crumbs: [{ href: '/console/agreements', text: says.title }],
    current: '/console/agreements',
    menu,
    body: html`${summary(desk, loaded)}${top}<p class="lead">${says.loadedLead}</p>
<h2>${says.what}</h2>${facts}${mayAdopt ? adoption(desk, loaded) : ''}`,
  })
}

function summary({ view: { lang } }: Desk, { values }: Loaded): Html | '' {
  return values ? errorSummary(lang, missing(values).map(asFault)) : ''

  function asFault(name: (typeof APPLICATION)[number]) {
    return { name, text: `${AGREEMENTS[lang].words[name]}: ${ITEM_FORM[lang].empty}` }
  }
}

function adoption(desk: Desk, { agreement, values }: Loaded): Html {
  const { view, actor, now } = desk
  const { lang } = view
  const says = AGREEMENTS[lang]
  const written: Values = values ?? { basis: lawsOf(agreement) }
  const empty = values ? missing(values) : []
  const fields = APPLICATION.map((name) =>
    field(lang, {
      ...{ name, label: says.words[name], hint: says.wordHints[name], kind: 'textarea', rows: 3 },
      ...{ maxLength: 2000, value: written[name] ?? '' },
      error: empty.includes(name) ? ITEM_FORM[lang].empty : undefined,
    }),
  )
  const mustConfirm = !isFresh(actor.steppedUpAt, now)
  return html`<h2>${says.adopt}</h2><form class="act" method="post" action="${view.path}" data-unsaved>${fields}${confirmation(desk, { mustConfirm, isWritten: values !== undefined })}<div class="actions">${button(says.adopt)}${linkButton('/console/agreements', ITEM_FORM[lang].cancel, 'tertiary')}</div></form>`
}

function lawsOf({ law = [] }: Agreement): string {
  return law.map(({ title, article = '' }) => `${title}${article}`).join('、')
}

/** Which of the words, each of which somebody answers for, are not there. */
export function missing(values: Values): readonly (typeof APPLICATION)[number][] {
  return APPLICATION.filter((name) => (values[name] ?? '').trim() === '')
}

/** The agreement as it stands, and the words that were written. */
export function adoptedDocument(
  { state: _, ...agreement }: Agreement,
  values: Values,
): Application {
  const [basis = '', scenario = '', scope = ''] = APPLICATION.map((name) => values[name]?.trim())
  return { agreement, application: { basis, scenario, scope } }
}
