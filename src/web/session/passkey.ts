import { html } from 'hono/html'
import { field } from '../components/form.ts'
import { notice } from '../components/state.ts'
import type { Desk } from '../console/enter.ts'
import { page } from '../page.ts'
import { PASSKEYS } from '../texts/passkeys.ts'
import type { View } from '../view.ts'
import type { Content, Html } from '../words.ts'

/** The library, then what uses it: modules run in the order of the page. */
const SCRIPTS = ['simplewebauthn.js', 'passkey.js']

/** Signing in by passkey. @param options for the browser, as JSON */
export function breakGlassPage(view: View, options: string): Html {
  const says = PASSKEYS[view.lang]
  return page(view, {
    title: says.signIn,
    scripts: SCRIPTS,
    crumbs: [{ href: '/sign-in', text: says.signInCrumb }],
    body: html`<p class="lead">${says.signInLead}</p>${notice('warn', html`<p>${says.recorded}</p>`)}
${asking(view, { what: 'get', options, action: '/sign-in/passkey', button: says.use })}`,
  })
}

/** Registering one. @param options for the browser, as JSON */
export function newPasskeyPage({ view, menu }: Desk, options: string): Html {
  const says = PASSKEYS[view.lang]
  const name = { name: 'name', label: says.name, hint: says.nameHint, maxLength: 64 }
  const fields = field(view.lang, name)
  const action = '/console/session/passkeys'
  return page(view, {
    title: says.register,
    scripts: SCRIPTS,
    menu,
    crumbs: [{ href: '/console/session', text: says.session }],
    body: html`<p class="lead">${says.registerLead}</p>
${asking(view, { what: 'create', options, action, button: says.register, fields })}`,
  })
}

type Asking = {
  readonly what: 'get' | 'create'
  readonly options: string
  readonly action: string
  readonly button: string
  readonly fields?: Content
}

/** The button works once the script says so; until then the form says what is missing. */
function asking({ lang }: View, { what, options, action, button, fields = '' }: Asking): Html {
  const says = PASSKEYS[lang]
  return html`<form class="act" method="post" action="${action}" data-passkey="${what}" data-options="${options}">${fields}
<input type="hidden" name="answer">
<p data-unable>${says.unable}</p>
<p class="ds-validation-message" data-color="danger" role="alert" tabindex="-1" data-failed hidden>${says.failed}</p>
<div class="actions"><button class="ds-button" data-variant="primary" disabled>${button}</button></div></form>`
}
