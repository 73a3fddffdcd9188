import { html } from 'hono/html'
import type { Registered, Role } from '../../people/person.ts'
import { ROLE_NAMES } from '../../people/person.ts'
import { maySee } from '../../proposal/show.ts'
import { checkboxes, hidden } from '../components/choices.ts'
import { button, buttons, errorSummary, field, linkButton } from '../components/form.ts'
import { tag } from '../components/state.ts'
import { table } from '../components/table.ts'
import { page } from '../page.ts'
import { listed } from '../terms.ts'
import { PEOPLE } from '../texts/people.ts'
import { ROLES } from '../texts/roles.ts'
import { type Html, pick } from '../words.ts'
import type { Desk } from './enter.ts'
import { proposesFor } from './people-agencies.ts'
import { agencyName } from './proposal-words.ts'

export function rolesWords({ view: { lang }, registry }: Desk, roles: readonly Role[]): Html {
  const says = PEOPLE[lang]
  if (roles.length === 0) return html`<span class="faint">${says.none}</span>`
  return listed(
    lang,
    roles.map(({ role, agency }) => says.at(ROLES[lang][role], agencyName(lang, registry, agency))),
  )
}

/** Whom this person has to do with: those of his agencies; the authority and auditors everybody. */
export function peopleOf({ actor, registry, view }: Desk, all: readonly Registered[]) {
  return all
    .filter(({ roles }) =>
      roles.some(({ agency }) => maySee(actor, { agency, party: null }, registry.agencies)),
    )
    .sort((a, b) => a.name.localeCompare(b.name, view.lang))
}

export function peoplePage(desk: Desk, people: readonly Registered[]): Html {
  const { view, menu } = desk
  const { lang } = view
  const says = PEOPLE[lang]
  const agencies = proposesFor(desk)
  const mayAdd = agencies.length > 0
  const change = ({ id, roles }: Registered) => {
    const at = roles.find(({ agency }) => agencies.includes(agency))?.agency
    return at
      ? html`<a href="/console/people/new?${new URLSearchParams({ id, agency: at })}">${says.change}</a>`
      : '—'
  }
  return page(view, {
    title: says.title,
    menu,
    current: '/console/people',
    ...(mayAdd ? { actions: linkButton('/console/people/new', says.add, 'primary') } : {}),
    body: html`<p class="count">${says.count(people.length)}</p>${table<Registered>(lang, {
      caption: says.title,
      rows: people,
      columns: [
        { head: says.columns.name, isHead: true, cell: ({ name }) => name },
        { head: says.columns.roles, cell: ({ roles }) => rolesWords(desk, roles) },
        {
          head: says.columns.status,
          cell: ({ status }) => tag(status === 'active' ? 'good' : 'warn', says.status[status]),
        },
        ...(mayAdd ? [{ head: says.columns.do, cell: change }] : []),
      ],
    })}`,
  })
}

export type PersonFilled = {
  readonly values: Readonly<Record<string, string>>
  readonly roles: readonly string[]
  readonly faults: Readonly<Record<string, string>>
}

/** What somebody shall be at one agency; of whoever is registered, name and account stay. */
export function personForm(desk: Desk, { values, roles, faults }: PersonFilled): Html {
  const { view, menu, registry } = desk
  const { lang } = view
  const says = PEOPLE[lang]
  const isKnown = Boolean(values.id)
  const agencies = proposesFor(desk).map((uscc) => {
    const agency = registry.agencies.get(uscc)
    return { value: uscc, text: agency ? pick(lang, agency.names) : uscc }
  })
  const one = (name: 'name' | 'issuer' | 'subject', hint?: string) =>
    field(lang, {
      ...{ name, label: says[name], value: values[name], error: faults[name], maxLength: 255 },
      ...(hint ? { hint } : {}),
    })
  const who = isKnown
    ? html`<p><strong>${values.name}</strong></p>${hidden({ id: values.id ?? '', name: values.name ?? '', issuer: values.issuer ?? '', subject: values.subject ?? '' })}`
    : html`${one('name')}${one('issuer', says.issuerHint)}${one('subject', says.subjectHint)}`
  const wrong = Object.entries(faults).map(([name, text]) => ({ name, text }))
  return page(view, {
    title: isKnown ? says.change : says.add,
    crumbs: [{ href: '/console/people', text: says.title }],
    menu,
    current: '/console/people',
    body: html`${errorSummary(lang, wrong)}<p class="lead">${says.lead}</p>
<form class="long" method="post" action="/console/people/new">${field(lang, { name: 'agency', label: says.agency, kind: 'select', choices: agencies, value: values.agency })}${who}${checkboxes({ name: 'roles', label: says.roles, hint: says.rolesHint, error: faults.roles, chosen: roles, choices: ROLE_NAMES.map((role) => ({ value: role, text: ROLES[lang][role] })) })}${buttons(button(says.send))}</form>`,
  })
}
