import { html } from 'hono/html'
import { endOf, type Session } from '../../people/session.ts'
import { hidden } from '../components/choices.ts'
import { button } from '../components/form.ts'
import { notice } from '../components/state.ts'
import { table } from '../components/table.ts'
import { page } from '../page.ts'
import { PEOPLE } from '../texts/people.ts'
import { clockTime } from '../time.ts'
import type { Html } from '../words.ts'
import type { Desk } from './enter.ts'
import { rolesWords } from './people.ts'

type Own = {
  readonly sessions: readonly Session[]
  /** The session that asks. */
  readonly here: string
  readonly isDone: boolean
}

/** One's own roles, and where one is signed in; ended here, a session counts nowhere any more. */
export function sessionPage(desk: Desk, { sessions, here, isDone }: Own): Html {
  const { view, menu, person } = desk
  const { lang } = view
  const says = PEOPLE[lang].session
  const endForm = (id: string, text: string) =>
    html`<form method="post" action="/console/session">${hidden({ id })}${button(text, { look: 'secondary' })}</form>`
  return page(view, {
    title: says.title,
    menu,
    ...(sessions.length > 1 ? { actions: endForm('others', says.others) } : {}),
    body: html`${isDone ? notice('good', html`<p>${says.ended}</p>`) : ''}<p><strong>${person.name}</strong></p>
<h2>${says.roles}</h2><p>${rolesWords(desk, person.roles)}</p>
<h2>${says.sessions}</h2><p>${says.why}</p>${table<Session>(lang, {
      caption: says.sessions,
      rows: sessions,
      columns: [
        {
          head: says.columns.where,
          isHead: true,
          cell: ({ id, agent }) => html`${agent || '—'}${id === here ? says.here : ''}`,
        },
        { head: says.columns.kind, cell: ({ kind }) => says.kinds[kind] },
        { head: says.columns.began, cell: ({ createdAt }) => clockTime(createdAt) },
        { head: says.columns.ends, cell: (one) => clockTime(endOf(one)) },
        { head: says.columns.do, cell: ({ id }) => (id === here ? '—' : endForm(id, says.end)) },
      ],
    })}`,
  })
}
