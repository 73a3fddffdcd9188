import { html } from 'hono/html'
import { linkButton } from '../components/form.ts'
import { descriptionList } from '../components/lists.ts'
import { notice } from '../components/state.ts'
import { page } from '../page.ts'
import { SIGN_IN } from '../texts/sign-in.ts'
import type { View } from '../view.ts'
import type { Html } from '../words.ts'

type SignInFault = keyof (typeof SIGN_IN)['en']['faults']

type Ways = { readonly start: string | undefined; readonly passkey: string | undefined }

/** @param ways where each begins; undefined where it is not open here */
export function signInPage(view: View, { start, passkey }: Ways): Html {
  const says = SIGN_IN[view.lang]
  const key = passkey ? html`<p>${linkButton(passkey, says.passkey, 'tertiary')}</p>` : ''
  const way = start
    ? html`<p>${linkButton(start, says.start, 'primary')}</p>`
    : notice('warn', html`<h2>${says.off}</h2><p>${says.offHint}</p>`)
  return page(view, {
    title: says.title,
    body: html`<p class="lead">${says.lead}</p>${way}${key}<p class="faint">${says.citizens}</p>`,
  })
}

/** A sign-in that came to nothing: why, and what to do. */
export function faultPage(
  view: View,
  fault: SignInFault,
  { again, passkey }: { readonly again: string; readonly passkey?: string | undefined },
): Html {
  const says = SIGN_IN[view.lang]
  const [title, hint] = says.faults[fault]
  return page(view, {
    title,
    body: html`<p class="lead">${hint}</p><p>${linkButton(again, says.again, 'primary')} ${passkey ? linkButton(passkey, says.passkey) : ''}</p>`,
  })
}

/** The provider knows him, we do not: what he hands to his admin. Nothing of it stands in any address. */
export function unknownPage(
  view: View,
  { subject, realm }: { readonly subject: string; readonly realm: string },
): Html {
  const says = SIGN_IN[view.lang]
  const facts = descriptionList([
    [says.realm, html`<code>${realm}</code>`],
    [says.subject, html`<code>${subject}</code>`],
  ])
  return page(view, {
    title: says.unknown,
    body: html`<p class="lead">${says.unknownHint}</p>${facts}`,
  })
}

export function suspendedPage(view: View): Html {
  const says = SIGN_IN[view.lang]
  return page(view, {
    title: says.suspended,
    body: html`<p class="lead">${says.suspendedHint}</p>`,
  })
}

/** @param there where he signs out at the provider as well */
export function signedOutPage(view: View, there: string | undefined): Html {
  const says = SIGN_IN[view.lang]
  const out = there ? linkButton(there, says.signOutThere) : ''
  return page(view, {
    title: says.signedOut,
    body: html`<p class="lead">${says.signedOutHint}</p><p>${linkButton('/sign-in', says.again, 'primary')} ${out}</p>`,
  })
}
