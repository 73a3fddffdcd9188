import { html } from 'hono/html'
import { type Answer, mayReport } from '../../proposal/kinds/correction.ts'
import { hidden, ticks } from '../components/choices.ts'
import { button, errorSummary, field, linkButton } from '../components/form.ts'
import { descriptionList } from '../components/lists.ts'
import { notice } from '../components/state.ts'
import { page } from '../page.ts'
import { agencyLink, itemLink } from '../terms.ts'
import { CORRECTIONS } from '../texts/corrections.ts'
import { ITEM_FORM } from '../texts/item-form.ts'
import { PROPOSALS } from '../texts/proposals.ts'
import { clockTime } from '../time.ts'
import { type Content, type Html, pick } from '../words.ts'
import type { Desk } from './enter.ts'
import { TICKED, type Values } from './form-values.ts'

const CLAIM = 'claims.'
const REASON_MAX = 2000

/** Where an answer is reported as wrong. */
export function reportAt(entry: number): string {
  return `/console/corrections/new?entry=${entry}`
}

/** Which answer it is, where nobody came from one. */
export function findPage(desk: Desk, entry?: string): Html {
  const { lang } = desk.view
  const says = CORRECTIONS[lang]
  const error = entry === undefined ? undefined : says.notOurs
  const summary = errorSummary(lang, error ? [{ name: 'entry', text: error }] : [])
  return framed(
    desk,
    html`${summary}<p class="lead">${says.lead}</p><h2>${says.find}</h2><form class="act" method="get" action="/console/corrections/new">${field(
      lang,
      {
        ...{ name: 'entry', label: says.entry, hint: says.entryHint, maxLength: 15 },
        ...{ value: entry, error },
      },
    )}<div class="actions">${button(says.next)}${cancel(desk)}</div></form>`,
  )
}

export type Reporting = {
  readonly answer: Answer
  /** The report of the same answer that is under way. */
  readonly reported?: string | undefined
  readonly values?: Values
  readonly faults?: { readonly claims?: string; readonly reason?: string }
  readonly top?: Content
}

/** What is wrong with one answer. It shows nothing of the answer itself, which stays with whoever asked. */
export function reportPage(desk: Desk, reporting: Reporting): Html {
  const { lang } = desk.view
  const says = CORRECTIONS[lang]
  const { answer, reported, values = {}, faults = {}, top = '' } = reporting
  const wrong = (['claims', 'reason'] as const).flatMap((name) => {
    const text = faults[name]
    return text ? [{ name, text: `${says[name]}: ${text}` }] : []
  })
  const claims = ticks({
    ...{ id: 'claims', label: says.claims, error: faults.claims, value: TICKED },
    boxes: [...answer.claims.values()].map(({ name, title }) => ({
      name: `${CLAIM}${name}`,
      text: `${pick(lang, title)} ${name}`,
      isTicked: values[`${CLAIM}${name}`] === TICKED,
    })),
  })
  const reason = field(lang, {
    ...{ name: 'reason', label: says.reason, hint: says.reasonHint, kind: 'textarea', rows: 4 },
    ...{ maxLength: REASON_MAX, value: values.reason, error: faults.reason },
  })
  const known = reported
    ? notice(
        'info',
        html`<p>${says.reported} <a href="/console/proposals/${reported}">${says.reportedSee}</a></p>`,
      )
    : ''
  return framed(
    desk,
    html`${errorSummary(lang, wrong)}${top}${known}<p class="lead">${says.lead}</p>${facts(desk, answer)}
<form class="act" method="post" action="/console/corrections/new" data-unsaved>${hidden({ entry: String(answer.entry) })}${claims}${reason}<div class="actions">${button(says.send)}${cancel(desk)}</div></form>`,
  )
}

function facts({ view: { lang }, registry: { items, agencies } }: Desk, answer: Answer): Html {
  const says = CORRECTIONS[lang].facts
  const item = items.get(answer.item)?.[0]
  const provider = item?.provider ?? ''
  return descriptionList([
    [says.entry, answer.entry],
    [says.time, clockTime(answer.time)],
    [says.item, itemLink(lang, answer.item, item?.names)],
    [says.provider, agencyLink(lang, provider, agencies.get(provider))],
  ])
}

function cancel({ view: { lang } }: Desk): Html {
  return linkButton('/console/proposals', CORRECTIONS[lang].cancel, 'tertiary')
}

function framed({ view, menu }: Desk, body: Html): Html {
  const says = CORRECTIONS[view.lang]
  const where = { href: '/console/proposals', text: PROPOSALS[view.lang].title }
  return page(view, {
    ...{ title: says.title, crumbs: [where], current: where.href, menu, body },
  })
}

/** What is missing, by field. */
export function faultsOf({ view: { lang } }: Desk, values: Values, most: number) {
  const says = CORRECTIONS[lang]
  const chosen = claimsIn(values).length
  const many = chosen > most ? says.claimsMany(most) : undefined
  const claims = chosen === 0 ? says.claimsNone : many
  const written = (values.reason ?? '').trim()
  const unfit = written.length > REASON_MAX ? ITEM_FORM[lang].unfit : undefined
  const reason = written === '' ? ITEM_FORM[lang].empty : unfit
  return { ...(claims ? { claims } : {}), ...(reason ? { reason } : {}) }
}

export function claimsIn(values: Values): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) =>
    name.startsWith(CLAIM) && value === TICKED ? [name.slice(CLAIM.length)] : [],
  )
}

/** Whether somebody reports wrong data for any agency at all. */
export function reports({ actor, registry }: Desk): boolean {
  return actor.roles.some(({ agency }) => mayReport(actor, agency, registry))
}
