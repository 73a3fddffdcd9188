import { html } from 'hono/html'
import { dayInShanghai } from '../../calendar/day.ts'
import type { Agreement, System } from '../../registry/documents.ts'
import { emptyState } from '../components/lists.ts'
import { table } from '../components/table.ts'
import { agencyLink, itemLink, listed } from '../terms.ts'
import { SYSTEMS } from '../texts/systems.ts'
import type { Html } from '../words.ts'
import type { Desk } from './enter.ts'

/** The agreements in force of the agencies that a system acts for, item by item. */
export function mayCall({ view: { lang }, registry, now }: Desk, system: System): Html {
  const says = SYSTEMS[lang]
  const rows = granted([...registry.agreements.values()].flat(), system, dayInShanghai(now))
  if (rows.length === 0) return emptyState({ title: says.mayNone, why: says.mayNoneWhy })
  const { mayColumns } = says
  return table(lang, {
    caption: says.may,
    rows,
    columns: [
      {
        head: mayColumns.item,
        isHead: true,
        cell: ({ item }) =>
          html`${itemLink(lang, item, registry.items.get(item)?.[0]?.names)} <code class="small">${item}</code>`,
      },
      {
        head: mayColumns.requester,
        cell: ({ requesters }) =>
          listed(
            lang,
            requesters
              .filter((one) => system.actsFor.includes(one))
              .map((one) => agencyLink(lang, one, registry.agencies.get(one))),
          ),
      },
      {
        head: mayColumns.purposes,
        cell: ({ purposes }) =>
          listed(
            lang,
            [...new Set(purposes.map(({ service }) => service))].map(
              (service) => html`<code class="small">${service}</code>`,
            ),
          ),
      },
      {
        head: mayColumns.quota,
        isNumber: true,
        cell: ({ dailyQuota }) => new Intl.NumberFormat(lang).format(dailyQuota),
      },
      { head: mayColumns.to, cell: ({ validTo }) => html`<span class="count">${validTo}</span>` },
    ],
  })
}

/** As `authorize` judges: in force today, for one of its agencies, within what it is limited to. */
function granted(all: readonly Agreement[], system: System, day: string): readonly Agreement[] {
  return all
    .filter(
      ({ state, validFrom, validTo, requesters, item }) =>
        state === 'active' &&
        validFrom <= day &&
        day <= validTo &&
        requesters.some((one) => system.actsFor.includes(one)) &&
        (system.items?.includes(item) ?? true),
    )
    .sort((a, b) => a.item.localeCompare(b.item))
}
