import { html } from 'hono/html'
import type { System } from '../../registry/documents.ts'
import { linkButton } from '../components/form.ts'
import { emptyState } from '../components/lists.ts'
import { stateTag } from '../components/state.ts'
import { table } from '../components/table.ts'
import { page } from '../page.ts'
import { paged } from '../paging.ts'
import { agencyLink } from '../terms.ts'
import { SYSTEMS } from '../texts/systems.ts'
import { clockTime } from '../time.ts'
import { type Html, pick } from '../words.ts'
import { administered, type Desk } from './enter.ts'
import { keyState, keysOf } from './system-words.ts'

/** When each system was last seen, as ISO text, and how many entries were looked through. */
export type Seen = { readonly at: ReadonlyMap<string, string>; readonly looked: number }

/** The systems that somebody has to do with. @param at page, from 1 */
export function systemsPage(desk: Desk, systems: readonly System[], seen: Seen, at: number): Html {
  const { view, menu, registry, now } = desk
  const { lang } = view
  const says = SYSTEMS[lang]
  const add =
    administered(desk).length > 0
      ? linkButton('/console/systems/new', says.add, 'primary')
      : undefined
  const valid = (id: string) =>
    keysOf(registry, id).filter((key) => keyState(key, now) === 'valid').length
  const { shown, links } = paged(view, systems, at)
  const list = table(lang, {
    caption: says.title,
    rows: shown,
    columns: [
      {
        head: says.columns.system,
        isHead: true,
        cell: ({ id, names }) =>
          html`<a href="/console/systems/${id}">${pick(lang, names)}</a> <code class="small">${id}</code>`,
      },
      {
        head: says.columns.agency,
        cell: ({ agency }) => agencyLink(lang, agency, registry.agencies.get(agency)),
      },
      { head: says.columns.keys, isNumber: true, cell: ({ id }) => valid(id) },
      { head: says.columns.last, cell: ({ id }) => lastOf(seen, id, says.noCall(seen.looked)) },
      { head: says.columns.state, cell: ({ status }) => stateTag(lang, status) },
    ],
  })
  const none = emptyState({ title: says.none, why: says.noneWhy, action: add ?? '' })
  return page(view, {
    title: says.title,
    menu,
    current: '/console/systems',
    ...(add ? { actions: add } : {}),
    body: html`<p class="count">${says.count(systems.length)}</p>${systems.length > 0 ? list : none}${links}`,
  })
}

function lastOf({ at }: Seen, id: string, none: string): Html {
  const time = at.get(id)
  return time === undefined
    ? html`<span class="faint">${none}</span>`
    : html`<span class="count">${clockTime(time)}</span>`
}
