import { html } from 'hono/html'
import { canonicalJson } from '../../log/leaf.ts'
import type { Done } from '../../proposal/proposal.ts'
import type { Shown } from '../../proposal/show.ts'
import { copyButton, linkButton } from '../components/form.ts'
import { timeline } from '../components/history.ts'
import { descriptionList } from '../components/lists.ts'
import { notice } from '../components/state.ts'
import { page } from '../page.ts'
import { agencyLink } from '../terms.ts'
import { PROPOSALS } from '../texts/proposals.ts'
import { clockTime } from '../time.ts'
import { type Content, type Html, pick } from '../words.ts'
import type { Desk } from './enter.ts'
import { actsOf, type Trying } from './proposal-acts.ts'
import { checkList } from './proposal-checks.ts'
import { proposalDiff } from './proposal-diff.ts'
import { nextStep } from './proposal-next.ts'
import { kindWord, proposalTag, targetName, verbWord } from './proposal-words.ts'
import { touchedBy } from './touched.ts'

export type Told = {
  readonly shown: Shown
  /** Of everybody who acted, by id. */
  readonly names: ReadonlyMap<string, string>
  /** What stands above: what was done, or why nothing was. */
  readonly top?: Content
  readonly trying?: Trying | undefined
}

/** A change as somebody decides on it: what differs, what the checks say, whom it touches, what he may do. */
export function proposalPage(desk: Desk, { shown, names, top = '', trying }: Told): Html {
  const { view, menu, registry } = desk
  const { lang } = view
  const says = PROPOSALS[lang]
  const { proposal, current } = shown
  const name = targetName(lang, registry, proposal) ?? nameIn(lang, proposal.doc)
  const edit = editLink(desk, shown)
  return page(view, {
    title: `${kindWord(lang, proposal.kind)} ${name ?? proposal.target}`,
    heading: name ?? proposal.target,
    mark: html`<code>${proposal.target}</code> <span class="faint">${kindWord(lang, proposal.kind)}</span> ${proposalTag(lang, proposal.state)}`,
    crumbs: [{ href: '/console/proposals', text: says.title }],
    current: '/console/proposals',
    menu,
    ...(edit ? { actions: edit } : {}),
    body: html`${top}${nextStep(desk, shown)}${factsOf(desk, shown, names)}
<h2>${current === undefined ? says.changesNew : says.changes}</h2>${proposalDiff(lang, changesOf(shown))}
<h2>${says.checks}</h2>${checkList(lang, shown)}
<h2>${says.touches}</h2>${touchedBy(desk, proposal)}
${actsOf(desk, shown, trying)}
<h2>${says.history}</h2>${historyOf(desk, shown.history, names)}
${rawOf(desk, shown)}`,
  })
}

function editLink({ view }: Desk, { proposal, choices }: Shown): Html | undefined {
  const edits = choices.find(({ move }) => move.edits)
  if (edits?.whyNot !== undefined || !edits || proposal.kind !== 'item') return undefined
  return linkButton(`/console/proposals/${proposal.id}/edit`, verbWord(view.lang, 'edit'))
}

/** An end replaces nothing of what the item says: its own words are all there is to read. */
function changesOf({ proposal, changes }: Shown): Shown['changes'] {
  return proposal.kind === 'retirement'
    ? changes.filter(({ after }) => after !== undefined)
    : changes
}

/** What a new thing calls itself. */
function nameIn(lang: 'zh-CN' | 'en', doc: unknown): string | undefined {
  const names = (doc as { names?: { zh: string; en: string } } | null)?.names
  return names && pick(lang, names)
}

function factsOf({ view, registry }: Desk, { proposal }: Shown, names: Told['names']): Html {
  const { lang } = view
  const says = PROPOSALS[lang]
  const who = (id: string) => names.get(id) ?? says.person
  const { agency, proposer, approver, publisher, openedAt, kind, target } = proposal
  const isPublic = registry.items.has(target) && kind !== 'system' && kind !== 'key'
  return html`<h2>${says.facts}</h2>${descriptionList([
    [says.agency, agencyLink(lang, agency, registry.agencies.get(agency))],
    [says.proposer, who(proposer)],
    ...(approver ? [[says.approver, who(approver)] as const] : []),
    ...(publisher ? [[says.publisher, who(publisher)] as const] : []),
    [says.opened, clockTime(openedAt)],
    ...(isPublic
      ? [[says.public, html`<a href="/items/${target}">/items/${target}</a>`] as const]
      : []),
  ])}`
}

/** Newest first; each act is an entry of the log. */
export function historyOf({ view }: Desk, history: readonly Done[], names: Told['names']): Html {
  const { lang } = view
  const says = PROPOSALS[lang]
  return timeline(
    history.toReversed().map(({ what, person, at, entry, reason, details }) => {
      const verb = what.slice(what.indexOf('.') + 1)
      const why = details?.why
      const listed =
        why !== undefined && Object.hasOwn(says.reasons, why)
          ? says.reasons[why as keyof typeof says.reasons]
          : why
      const said = [listed, reason].filter((one) => one !== undefined)
      return {
        what: html`<strong>${verbWord(lang, verb)}</strong> ${names.get(person) ?? says.person}`,
        when: html`${clockTime(at)} · ${says.entry(entry)}`,
        ...(said.length > 0 ? { detail: html`<blockquote>${said.join('：')}</blockquote>` } : {}),
      }
    }),
  )
}

function rawOf({ view }: Desk, { proposal }: Shown): Html {
  const says = PROPOSALS[view.lang]
  return html`<details class="ds-details screen"><summary>${says.raw}</summary><div><div class="actions">${copyButton('#raw', says.copy, says.copied)}${linkButton(`/v1/admin/proposals/${proposal.id}`, 'JSON')}</div><pre class="raw" id="raw" tabindex="0">${canonicalJson(proposal.doc)}</pre></div></details>`
}

export function topNotice(tone: 'good' | 'bad' | 'warn', title: string, more: Content = ''): Html {
  const role = tone === 'good' ? 'status' : 'alert'
  return html`<div role="${role}">${notice(tone, html`<p><strong>${title}</strong></p>${more}`)}</div>`
}
