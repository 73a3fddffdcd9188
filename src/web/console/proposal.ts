import { html } from 'hono/html'
import { canonicalJson } from '../../log/leaf.ts'
import { suspendersOf } from '../../proposal/kinds/agreement-bars.ts'
import { applicationSchema } from '../../proposal/kinds/agreement-document.ts'
import type { Done } from '../../proposal/proposal.ts'
import type { Shown } from '../../proposal/show.ts'
import { diffDocuments } from '../../registry/diff.ts'
import type { Offered } from '../../registry/offered-keys.ts'
import { copyButton, linkButton } from '../components/form.ts'
import { timeline } from '../components/history.ts'
import { descriptionList } from '../components/lists.ts'
import { notice } from '../components/state.ts'
import type { Lang } from '../language.ts'
import { page } from '../page.ts'
import { agencyLink, listed } from '../terms.ts'
import { PROPOSALS } from '../texts/proposals.ts'
import { TERMS } from '../texts/terms.ts'
import { clockTime } from '../time.ts'
import { type Content, type Html, pick } from '../words.ts'
import type { Desk } from './enter.ts'
import { FORMS } from './forms.ts'
import { actsOf, type Trying } from './proposal-acts.ts'
import { checkList } from './proposal-checks.ts'
import { clockList } from './proposal-clocks.ts'
import { detailWords } from './proposal-details.ts'
import { proposalDiff } from './proposal-diff.ts'
import { nextStep } from './proposal-next.ts'
import { kindWord, proposalTag, targetCode, targetName, verbWord } from './proposal-words.ts'
import { keyPrints } from './system-keys.ts'
import { touchedBy } from './touched.ts'

export type Told = {
  readonly shown: Shown
  /** Of everybody who acted, by id. */
  readonly names: ReadonlyMap<string, string>
  /** Those that it brings: whoever approves compares their thumbprints by another way. */
  readonly keys: readonly Offered[]
  /** What stands above: what was done, or why nothing was. */
  readonly top?: Content
  readonly trying?: Trying | undefined
}

/** A change as somebody decides on it: what differs, what the checks say, whom it touches, what he may do. */
export function proposalPage(desk: Desk, { shown, names, keys, top = '', trying }: Told): Html {
  const { view, menu, registry } = desk
  const { lang } = view
  const says = PROPOSALS[lang]
  const { proposal } = shown
  const name = targetName(lang, registry, proposal) ?? nameIn(desk, proposal.doc)
  const edit = editLink(desk, shown)
  return page(view, {
    title: `${kindWord(lang, proposal.kind)} ${name ?? proposal.target}`,
    heading: name ?? proposal.target,
    mark: html`${targetCode(proposal)} <span class="faint">${kindWord(lang, proposal.kind)}</span> ${proposalTag(lang, proposal.state)}`,
    crumbs: [{ href: '/console/proposals', text: says.title }],
    current: '/console/proposals',
    menu,
    ...(edit ? { actions: edit } : {}),
    body: html`${top}${nextStep(desk, shown)}${clockList(lang, shown.clocks)}${factsOf(desk, shown, names)}${printsOf(lang, keys)}
<h2>${isWhole(shown) ? says.changesNew : says.changes}</h2>${proposalDiff(lang, changesOf(shown))}
<h2>${says.checks}</h2>${checkList(lang, shown)}
<h2>${says.touches}</h2>${touchedBy(desk, proposal)}
${actsOf(desk, shown, trying)}
<h2>${says.history}</h2>${historyOf(desk, shown.history, names)}
${rawOf(desk, shown)}`,
  })
}

function editLink({ view }: Desk, { proposal, choices }: Shown): Html | undefined {
  const edits = choices.find(({ move }) => move.edits)
  if (edits?.whyNot !== undefined || !edits || !FORMS.has(proposal.kind)) return undefined
  return linkButton(`/console/proposals/${proposal.id}/edit`, verbWord(view.lang, edits.move.verb))
}

function isWhole({ proposal, current }: Shown): boolean {
  return current === undefined || proposal.kind === 'agreement'
}

/** An end replaces nothing of what the item says: its own words are all there is to read. */
function changesOf({ proposal, changes }: Shown): Shown['changes'] {
  // An application never changes an agreement that stands: once it stands itself, it is read as a whole.
  if (proposal.kind === 'agreement') {
    const { data } = applicationSchema.safeParse(proposal.doc)
    return data ? diffDocuments(undefined, data) : changes
  }
  return proposal.kind === 'retirement'
    ? changes.filter(({ after }) => after !== undefined)
    : changes
}

/** What a new thing calls itself: a person, a thing with names, a system, an agreement by its item. */
function nameIn({ view, registry }: Desk, doc: unknown): string | undefined {
  type Named = { readonly names?: { readonly zh: string; readonly en: string } }
  const { name, names, system, agreement } = (doc ?? {}) as Named & {
    readonly name?: string
    readonly system?: Named
    readonly agreement?: { readonly item: string }
  }
  const own = names ?? system?.names ?? registry.items.get(agreement?.item ?? '')?.[0]?.names
  return own ? pick(view.lang, own) : name
}

function factsOf({ view, registry }: Desk, { proposal }: Shown, names: Told['names']): Html {
  const { lang } = view
  const says = PROPOSALS[lang]
  const who = (id: string) => names.get(id) ?? says.person
  const { agency, party, proposer, approver, publisher, openedAt, kind, target } = proposal
  const stopped = suspendersOf(proposal.marks)
  const isPublic = registry.items.has(target) && kind !== 'system' && kind !== 'key'
  return html`<h2>${says.facts}</h2>${descriptionList([
    [party ? says.requester : says.agency, agencyLink(lang, agency, registry.agencies.get(agency))],
    ...(party
      ? [[says.provider, agencyLink(lang, party, registry.agencies.get(party))] as const]
      : []),
    ...(stopped.length > 0
      ? [
          [
            says.suspendedBy,
            listed(
              lang,
              stopped.map((one) => says.suspenders[one]),
            ),
          ] as const,
        ]
      : []),
    [says.proposer, who(proposer)],
    ...(approver ? [[says.approver, who(approver)] as const] : []),
    ...(publisher ? [[says.publisher, who(publisher)] as const] : []),
    [says.opened, clockTime(openedAt)],
    ...(isPublic
      ? [[says.public, html`<a href="/items/${target}">/items/${target}</a>`] as const]
      : []),
  ])}`
}

function printsOf(lang: Lang, keys: Told['keys']): Content {
  return keys.length > 0
    ? html`${keyPrints(lang, keys)}<p>${PROPOSALS[lang].comparePrints}</p>`
    : ''
}

/** Newest first; each act is an entry of the log. */
export function historyOf({ view }: Desk, history: readonly Done[], names: Told['names']): Html {
  const { lang } = view
  const says = PROPOSALS[lang]
  return timeline(
    history.toReversed().map(({ what, person, at, entry, reason, details }) => {
      const verb = what.slice(what.indexOf('.') + 1)
      const said = [...detailWords(lang, details), ...(reason === undefined ? [] : [reason])]
      return {
        what: html`<strong>${verbWord(lang, verb)}</strong> ${names.get(person) ?? says.person}`,
        when: html`${clockTime(at)} · ${says.entry(entry)}`,
        ...(said.length > 0
          ? { detail: html`<blockquote>${said.join(TERMS[lang].colon)}</blockquote>` }
          : {}),
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
