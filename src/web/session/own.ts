import { html } from 'hono/html'
import type { Passkey } from '../../people/passkeys.ts'
import { endOf, isSteppedUp, type Session } from '../../people/session.ts'
import { hidden } from '../components/choices.ts'
import { button, field, linkButton } from '../components/form.ts'
import { descriptionList } from '../components/lists.ts'
import { notice, tag } from '../components/state.ts'
import { table } from '../components/table.ts'
import type { Desk } from '../console/enter.ts'
import { rolesWords } from '../console/people.ts'
import { confirmAt } from '../console/proposal-acts.ts'
import { page } from '../page.ts'
import { OWN_SESSION } from '../texts/own-session.ts'
import { clockTime } from '../time.ts'
import type { View } from '../view.ts'
import type { Html } from '../words.ts'

const HOME = '/console/session'

export type OwnSession = {
  /** The one that asks. */
  readonly session: Session
  readonly sessions: readonly Session[]
  /** Undefined where they cannot be had here. */
  readonly passkeys: readonly Passkey[] | undefined
  /** Something was ended a moment ago. */
  readonly isDone: boolean
}

/** Who I am here, where I am signed in, and what else opens my account. */
export function ownSessionPage(desk: Desk, own: OwnSession): Html {
  const { view, menu, person } = desk
  const says = OWN_SESSION[view.lang]
  const facts = descriptionList([
    [says.name, person.name],
    [says.roles, rolesWords(desk, person.roles)],
    [says.id, html`<code>${person.id}</code>`],
    [says.steppedUp, steppedUp(desk, own)],
  ])
  return page(view, {
    title: says.title,
    menu,
    current: HOME,
    body: html`${own.isDone ? notice('good', html`<p>${says.ended}</p>`) : ''}${facts}
<h2>${says.sessions}</h2><p>${says.why}</p>${sessionsOf(view, own)}
<h2>${says.tokens}</h2><p>${says.tokensLead}</p>${tokenForm(view)}
<h2>${says.passkeys}</h2>${passkeysOf(view, own)}`,
  })
}

function steppedUp({ view: { lang }, now }: Desk, { session }: OwnSession): Html {
  const says = OWN_SESSION[lang]
  const again = linkButton(confirmAt(HOME), says.stepUp, 'tertiary')
  return isSteppedUp(session, now) ? html`${says.isFresh}` : html`${says.isStale} ${again}`
}

function sessionsOf({ lang }: View, { sessions, session }: OwnSession): Html {
  const says = OWN_SESSION[lang]
  const isThis = ({ id }: Session) => id === session.id
  const others = sessions.filter((one) => !isThis(one)).length
  const all = others > 1 ? ending(says.endOthers, 'others') : ''
  return html`${table(lang, {
    caption: says.sessions,
    rows: sessions,
    columns: [
      {
        head: says.where,
        isHead: true,
        cell: (one) =>
          html`${says.kinds[one.how]} ${isThis(one) ? tag('good', says.thisOne) : ''}<br><span class="faint small">${one.agent}</span>`,
      },
      { head: says.since, cell: ({ createdAt }) => clockTime(createdAt) },
      { head: says.seen, cell: ({ seenAt }) => clockTime(seenAt) },
      { head: says.until, cell: (one) => clockTime(endOf(one)) },
      { head: says.doing, cell: (one) => (isThis(one) ? '' : ending(says.end, one.id)) },
    ],
  })}${all}`
}

function ending(word: string, id: string): Html {
  return html`<form method="post" action="${HOME}">${hidden({ id })}${button(word, { look: 'secondary' })}</form>`
}

function tokenForm({ lang }: View): Html {
  const says = OWN_SESSION[lang]
  const choices = [1, 2, 4, 8].map((hours) => ({ value: String(hours), text: says.hours(hours) }))
  return html`<form class="act" method="post" action="${HOME}/tokens">
${field(lang, { name: 'name', label: says.tokenName, hint: says.tokenHint, maxLength: 64 })}
${field(lang, { name: 'hours', label: says.tokenLife, kind: 'select', choices, value: '8' })}
<div class="actions">${button(says.makeToken, { look: 'secondary' })}</div></form>`
}

function passkeysOf({ lang }: View, { passkeys }: OwnSession): Html {
  const says = OWN_SESSION[lang]
  if (!passkeys) return html`<p>${says.noPasskeys}</p>`
  const few = passkeys.length < 2 ? notice('warn', html`<p>${says.registerTwo}</p>`) : ''
  const listed = table(lang, {
    caption: says.passkeys,
    rows: passkeys,
    columns: [
      { head: says.keyName, isHead: true, cell: ({ name }) => name },
      { head: says.since, cell: ({ createdAt }) => clockTime(createdAt) },
      { head: says.used, cell: ({ usedAt }) => (usedAt === null ? says.never : clockTime(usedAt)) },
      { head: says.kept, cell: ({ isBackedUp }) => (isBackedUp ? says.inCloud : says.inDevice) },
      {
        head: says.doing,
        cell: ({ id }) =>
          html`<form method="post" action="${HOME}/passkeys/remove">${hidden({ id })}${button(says.remove, { look: 'tertiary', isDanger: true })}</form>`,
      },
    ],
  })
  return html`<p>${says.passkeysLead}</p>${few}${passkeys.length > 0 ? listed : ''}
<p>${linkButton(`${HOME}/passkeys`, says.register)}</p>`
}

/** The one time that a token is shown. */
export function tokenPage({ view, menu }: Desk, secret: string, session: Session): Html {
  const says = OWN_SESSION[view.lang]
  return page(view, {
    title: says.tokenMade,
    menu,
    crumbs: [{ href: HOME, text: says.title }],
    body: html`<p class="lead">${says.tokenOnce}</p>
<p><code id="token">${secret}</code> <button class="ds-button" data-variant="secondary" data-copy="#token" data-done="${says.copied}" hidden>${says.copy}</button></p>
<p>${says.tokenUse}</p>
${descriptionList([[says.until, clockTime(session.expiresAt)]])}
<p>${linkButton(HOME, says.back, 'primary')}</p>`,
  })
}
