import { html } from 'hono/html'
import { holdsOn } from '../../proposal/actor.ts'
import type { System } from '../../registry/documents.ts'
import type { Offered } from '../../registry/offered-keys.ts'
import type { SystemKey } from '../../registry/registry.ts'
import { hidden } from '../components/choices.ts'
import { button, buttons, field } from '../components/form.ts'
import { emptyState } from '../components/lists.ts'
import { table } from '../components/table.ts'
import type { Lang } from '../language.ts'
import { SYSTEMS } from '../texts/systems.ts'
import type { Html } from '../words.ts'
import type { Desk } from './enter.ts'
import { keyState, keysOf, keyTag, timeOrNone } from './system-words.ts'

/** A system's keys, and how each is ended. */
export function keyList(
  desk: Desk,
  { id, agency }: System,
  prints: ReadonlyMap<string, string>,
): Html {
  const { view, registry, actor, now } = desk
  const { lang } = view
  const says = SYSTEMS[lang]
  const rows = keysOf(registry, id)
  if (rows.length === 0) return emptyState({ title: says.noKeys, why: says.noKeysWhy })
  const holds = holdsOn(actor, { agency, party: null }, registry.agencies)
  const mayEnd =
    holds('admin', 'agency') || holds('approver', 'agency') || holds('authority', 'authority')
  const { keyColumns } = says
  const ends = mayEnd ? rows.filter((key) => keyState(key, now) !== 'revoked') : []
  const list = table<SystemKey>(lang, {
    caption: says.keys,
    rows,
    columns: [
      {
        head: keyColumns.kid,
        isHead: true,
        cell: (key) =>
          html`<code class="small">${key.kid}</code> ${key.alg} ${keyTag(lang, keyState(key, now))}`,
      },
      {
        head: keyColumns.print,
        cell: ({ kid }) => html`<code class="small">${prints.get(kid) ?? ''}</code>`,
      },
      { head: keyColumns.from, cell: ({ validFrom }) => timeOrNone(validFrom) },
      {
        head: keyColumns.to,
        cell: ({ validTo, revokedAt }) => timeOrNone(revokedAt ?? validTo),
      },
    ],
  })
  return html`${list}${ends.map((key) => endForm(desk, key))}`
}

/** Retiring and revoking in one form: the reason is said once. */
function endForm({ view: { lang }, now }: Desk, key: SystemKey): Html {
  const says = SYSTEMS[lang]
  const { system, kid } = key
  const retire =
    keyState(key, now) === 'valid'
      ? button(says.retire, { look: 'secondary', name: 'verb', value: 'retire' })
      : ''
  return html`<details><summary>${says.endKey} <code class="small">${kid}</code></summary><form method="post" action="/console/systems/${system}/key-end">${hidden({ kid })}<p class="small">${says.endWhy}</p>${field(lang, { name: 'reason', id: `reason-${kid}`, label: says.reason, hint: says.reasonHint, kind: 'textarea', rows: 2, maxLength: 2000 })}${buttons(retire, button(says.revoke, { name: 'verb', value: 'revoke', isDanger: true }))}</form></details>`
}

/** New keys, by what two people read to each other. */
export function keyPrints(lang: Lang, keys: readonly Offered[]): Html {
  return html`<h2>${SYSTEMS[lang].keyColumns.print}</h2><dl class="facts">${keys.map(
    ({ jwk, thumbprint }) =>
      html`<div><dt>${jwk.alg} <code class="small">${jwk.kid}</code></dt><dd><code>${thumbprint}</code></dd></div>`,
  )}</dl>`
}
