import { html } from 'hono/html'
import type { LogRow } from '../../audit/search.ts'
import { mayReport } from '../../proposal/kinds/correction.ts'
import type { Proposal } from '../../proposal/proposal.ts'
import type { System } from '../../registry/documents.ts'
import { linkButton } from '../components/form.ts'
import { descriptionList, emptyState } from '../components/lists.ts'
import { notice, stateTag } from '../components/state.ts'
import { table } from '../components/table.ts'
import { page } from '../page.ts'
import { agencyLink, itemLink, listed } from '../terms.ts'
import { CORRECTIONS } from '../texts/corrections.ts'
import { ITEM_FORM } from '../texts/item-form.ts'
import { SYSTEMS } from '../texts/systems.ts'
import { clockTime } from '../time.ts'
import { type Content, type Html, pick } from '../words.ts'
import { reportAt } from './correction.ts'
import { administered, type Desk } from './enter.ts'
import { kindWord, proposalTag } from './proposal-words.ts'
import { keyList } from './system-keys.ts'
import { mayCall } from './system-may-call.ts'

export type OneSystem = {
  readonly id: string
  /** Undefined while it waits for its second person. */
  readonly system: System | undefined
  /** Thumbprints of its keys by kid. */
  readonly prints: ReadonlyMap<string, string>
  /** Changes of it that are under way. */
  readonly open: readonly Pick<Proposal, 'id' | 'kind' | 'state'>[]
  /** The newest calls. */
  readonly calls: readonly LogRow[]
  /** What to say first: something was just sent, or done. */
  readonly top?: Content
}

/** One system: who it is, its keys, whether it has called, and what it may ask. */
export function systemPage(desk: Desk, one: OneSystem): Html {
  const { view, menu } = desk
  const { lang } = view
  const says = SYSTEMS[lang]
  const { id, system, open, top = '' } = one
  const waits = system
    ? ''
    : notice('info', html`<h2>${says.pending}</h2><p>${says.pendingWhy}</p>`)
  const changes = open.map(
    (each) =>
      html`<li><a href="/console/proposals/${each.id}">${kindWord(lang, each.kind)}</a> ${proposalTag(lang, each.state)}</li>`,
  )
  const mayAdd = system && administered(desk).includes(system.agency)
  return page(view, {
    title: system ? pick(lang, system.names) : id,
    ...(system ? { mark: html`<code>${id}</code> ${stateTag(lang, system.status)}` } : {}),
    crumbs: [{ href: '/console/systems', text: says.title }],
    menu,
    current: '/console/systems',
    ...(mayAdd
      ? { actions: linkButton(`/console/systems/${id}/keys/new`, says.addKey, 'primary') }
      : {}),
    body: html`${top}${waits}${changes.length > 0 ? html`<ul>${changes}</ul>` : ''}${system ? bodyOf(desk, { ...one, system }) : ''}`,
  })
}

function bodyOf(desk: Desk, one: OneSystem & { readonly system: System }): Html {
  const says = SYSTEMS[desk.view.lang]
  return html`${descriptionList(facts(desk, one.system))}
<h2>${says.calls}</h2>${calls(desk, one)}
<h2>${says.keys}</h2>${keyList(desk, one.system, one.prints)}
<h2>${says.may}</h2>${mayCall(desk, one.system)}`
}

function facts({ view: { lang }, registry: { agencies } }: Desk, system: System) {
  const says = SYSTEMS[lang]
  const { agency, actsFor, roles, endpoint, rate, items } = system
  const linked = (uscc: string) => agencyLink(lang, uscc, agencies.get(uscc))
  return [
    [says.facts.agency, linked(agency)],
    [says.facts.actsFor, listed(lang, actsFor.map(linked))],
    [
      says.facts.roles,
      listed(
        lang,
        roles.map((role) => says.roles[role]),
      ),
    ],
    ...(endpoint ? [[says.facts.endpoint, html`<code>${endpoint}</code>`] as const] : []),
    [says.facts.rate, says.rate(rate.perSecond, rate.burst)],
    [
      says.facts.items,
      items
        ? listed(
            lang,
            items.map((code) => html`<code>${code}</code>`),
          )
        : says.allItems,
    ],
  ] as const
}

/** Without a script one looks again by a link; it leads to the same page. */
function calls(desk: Desk, { calls: rows }: OneSystem): Html {
  const { lang, path } = desk.view
  const says = SYSTEMS[lang]
  const again = linkButton(path, says.reload)
  if (rows.length === 0)
    return emptyState({ title: says.waiting, why: says.waitingWhy, action: again })
  const list = table(lang, {
    caption: says.calls,
    rows,
    columns: [
      { head: says.callColumns.entry, isNumber: true, isHead: true, cell: ({ number }) => number },
      { head: says.callColumns.time, cell: ({ leaf }) => clockTime(leaf.time) },
      { head: says.callColumns.item, cell: ({ leaf }) => itemCell(lang, leaf.item) },
      {
        head: says.callColumns.result,
        cell: ({ leaf }) => html`<code>${leaf.check ?? leaf.outcome ?? leaf.kind}</code>`,
      },
      ...(rows.some((row) => isOurs(desk, row))
        ? [{ head: ITEM_FORM[lang].acts, cell: (row: LogRow) => reportCell(desk, row) }]
        : []),
    ],
  })
  return html`${list}<p>${again}</p>`
}

/** An answer to an agency for which this person reports what is wrong. */
function isOurs({ actor, registry }: Desk, { leaf: { kind, requester } }: LogRow): boolean {
  return kind === 'exchange' && requester !== undefined && mayReport(actor, requester, registry)
}

function reportCell(desk: Desk, row: LogRow): Content {
  if (!isOurs(desk, row)) return '—'
  const says = CORRECTIONS[desk.view.lang]
  const { number } = row
  return html`<a href="${reportAt(number)}" aria-label="${says.linkOf(number)}">${says.link}</a>`
}

function itemCell(lang: Desk['view']['lang'], item: string | undefined): Content {
  return item === undefined ? '—' : itemLink(lang, item.split('@', 1)[0] ?? item, undefined)
}
