import { html } from 'hono/html'
import { diffDocuments } from '../../registry/diff.ts'
import type { Agreement, Item } from '../../registry/documents.ts'
import { button, buttons, errorSummary, field, linkButton } from '../components/form.ts'
import { descriptionList } from '../components/lists.ts'
import { stateTag } from '../components/state.ts'
import { page } from '../page.ts'
import { agencyLink, itemLink, listed } from '../terms.ts'
import { AGREEMENTS } from '../texts/agreements.ts'
import { PROPOSALS } from '../texts/proposals.ts'
import { TERMS } from '../texts/terms.ts'
import { type Content, type Html, pick } from '../words.ts'
import type { Desk } from './enter.ts'
import type { Values } from './form-values.ts'
import { confirmAt } from './proposal-acts.ts'
import { proposalDiff } from './proposal-diff.ts'

/** What is said of an agreement that was never applied for here, when it is taken on record. */
export const ADOPTING = ['basis', 'scenario', 'scope'] as const

type Recorded = {
  readonly agreement: Agreement
  readonly item: Item | undefined
  /** The application that it came from, or by which it was taken on record. */
  readonly proposal: string | undefined
  /** Why this person does not take it on record, if so. */
  readonly whyNot?: 'wrong-state' | 'forbidden' | undefined
  /** He has to confirm first who he is. */
  readonly mustConfirm: boolean
  readonly values?: Values
  readonly faults?: Readonly<Record<string, string>>
  readonly top?: Content
}

/** One agreement as it stands; one that the operator loaded can be taken on record here, to be stopped. */
export function agreementPage(desk: Desk, recorded: Recorded): Html {
  const { view, menu, registry } = desk
  const { lang } = view
  const says = AGREEMENTS[lang]
  const { agreement, item, proposal, faults = {}, top = '' } = recorded
  const { id, state, requesters, ...rest } = agreement
  const summary = Object.entries(faults).map(([name, text]) => ({
    name,
    text: `${says.words[name as 'basis']}${TERMS[lang].colon}${text}`,
  }))
  const names = requesters.map((uscc) => agencyLink(lang, uscc, registry.agencies.get(uscc)))
  const provider = item?.provider ?? ''
  return page(view, {
    title: item ? pick(lang, item.names) : agreement.item,
    mark: html`<code>${id}</code> ${stateTag(lang, state)}`,
    crumbs: [{ href: '/console/agreements', text: says.title }],
    current: '/console/agreements',
    menu,
    ...(proposal
      ? { actions: linkButton(`/console/proposals/${proposal}`, says.history, 'primary') }
      : {}),
    body: html`${errorSummary(lang, summary)}${top}${descriptionList([
      [says.fields.item, itemLink(lang, agreement.item, item?.names)],
      [says.fields.requester, listed(lang, names)],
      [says.columns.provider, agencyLink(lang, provider, registry.agencies.get(provider))],
    ])}<h2>${says.content}</h2>${proposalDiff(lang, diffDocuments(undefined, { agreement: rest }))}
${proposal ? '' : adopting(desk, recorded)}`,
  })
}

function adopting({ view }: Desk, { whyNot, mustConfirm, values, faults }: Recorded): Html {
  const { lang, path } = view
  const says = AGREEMENTS[lang]
  const title = html`<h2>${says.adoptTitle}</h2>`
  if (whyNot) return html`${title}<p>${says.adoptWhyNot[whyNot]}</p>`
  const fields = ADOPTING.map((name) =>
    field(lang, {
      ...{ name, label: says.words[name], hint: says.wordHints[name] },
      ...{ kind: 'textarea', rows: 2, maxLength: 2000 },
      ...{ value: values?.[name], error: faults?.[name] },
    }),
  )
  const { confirmHint, confirmNow, confirmThere } = PROPOSALS[lang]
  const way = confirmAt(path)
  const isWritten = values && Object.values(values).some((one) => one.trim() !== '')
  // What was written here would be lost on the way there and back.
  const confirm = isWritten
    ? html`<p><a href="${way}" target="_blank" rel="noopener">${confirmThere}</a></p>`
    : html`<p class="faint">${confirmHint} <a href="${way}">${confirmNow}</a></p>`
  return html`${title}<p>${says.adoptLead}</p><form class="act" method="post" action="${path}" data-unsaved>${fields}${mustConfirm ? confirm : ''}${buttons(button(says.adopt))}</form>`
}
