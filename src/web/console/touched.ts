import { html } from 'hono/html'
import type { Proposal } from '../../proposal/proposal.ts'
import { type Changing, impact } from '../../registry/impact.ts'
import { PROPOSALS } from '../texts/proposals.ts'
import { type Content, type Html, pick } from '../words.ts'
import type { Desk } from './enter.ts'
import { agencyName } from './proposal-words.ts'

/** Of each list; how many there are, its heading says. */
const SHOWN_MAX = 100

/** The systems, agreements and services that feel a change. */
export function touchedBy(
  { view, registry }: Desk,
  proposal: Pick<Proposal, 'kind' | 'target' | 'doc'>,
): Html {
  const { lang } = view
  const says = PROPOSALS[lang]
  const changing = changingOf(proposal)
  if (!changing) return html`<p>${says.touchesNone}</p>`
  const { systems, agreements, services } = impact(registry, changing)
  const lists: readonly (readonly [string, readonly Content[]])[] = [
    [
      says.systems,
      systems.map(
        ({ code, names, agency }) =>
          html`${pick(lang, names)} <code>${code}</code> <span class="faint">${agencyName(lang, registry, agency)}</span>`,
      ),
    ],
    [says.agreements, agreements.map(({ id }) => html`<code>${id}</code>`)],
    [
      says.services,
      services.map(
        ({ code, names }) =>
          html`<a href="/services/${code}">${pick(lang, names)}</a> <code>${code}</code>`,
      ),
    ],
  ]
  const shown = lists.filter(([, list]) => list.length > 0)
  if (shown.length === 0) return html`<p>${says.touchesNone}</p>`
  return html`${shown.map(([title, list]) => html`<details><summary>${title} (${list.length})</summary><ul>${list.slice(0, SHOWN_MAX).map((one) => html`<li>${one}</li>`)}</ul>${list.length > SHOWN_MAX ? html`<p class="faint">${says.touchesMore(list.length - SHOWN_MAX)}</p>` : ''}</details>`)}`
}

function changingOf({
  kind,
  target,
  doc,
}: Pick<Proposal, 'kind' | 'target' | 'doc'>): Changing | undefined {
  const { version } = (doc ?? {}) as { readonly version?: number }
  const own = version === undefined ? {} : { version }
  switch (kind) {
    case 'item':
      return { kind: 'item', becomes: 'changed', code: target }
    case 'suspension':
      return { kind: 'item', becomes: 'suspended', code: target, ...own }
    case 'retirement':
      return { kind: 'item', becomes: 'retired', code: target, ...own }
    case 'service':
      return { kind: 'service', becomes: 'changed', code: target }
    case 'agreement':
      return { kind: 'agreement', becomes: 'changed', id: target }
    case 'system':
    case 'key':
      return { kind: 'system', becomes: 'changed', id: target }
    default:
      return undefined
  }
}
