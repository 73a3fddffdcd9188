import { html } from 'hono/html'
import { ERRORS } from '../../errors.ts'
import type { Problem } from '../../problem.ts'
import { linkButton } from '../components/form.ts'
import { type Link, page } from '../page.ts'
import { ERROR_PAGE } from '../texts/errors.ts'
import type { View } from '../view.ts'
import { type Html, pick } from '../words.ts'

/**
 * A refusal for somebody who opened an address in a browser: what, whose move, where to go on.
 *
 * @param frame with the console's menu for whoever is signed in and was there
 */
export function errorPage(
  { view, menu }: { readonly view: View; readonly menu?: readonly Link[] },
  { code, pointers, retryAfterSeconds }: Problem,
): Html {
  const { lang } = view
  const says = ERROR_PAGE[lang]
  const { title, meaning, hint, party, status } = ERRORS[code]
  const places = pointers?.length
    ? html`<h2>${says.places}</h2><ul>${pointers.map((one) => html`<li><code>${one}</code></li>`)}</ul>`
    : ''
  const wait = retryAfterSeconds === undefined ? '' : html`<p>${says.wait(retryAfterSeconds)}</p>`
  const ways = menu
    ? [linkButton('/console', says.inbox, 'primary')]
    : [
        linkButton('/', says.home, 'primary'),
        linkButton('/services', says.services),
        linkButton('/catalog', says.catalog),
      ]
  return page(view, {
    title: pick(lang, title),
    ...(menu ? { menu } : {}),
    body: html`<p class="lead">${pick(lang, meaning)}</p>
<h2>${says.todo}</h2><p>${pick(lang, hint)} ${says.parties[party]}</p>${wait}${places}
<p class="faint">${says.code} <a href="/problems/${code}"><code>${code}</code></a> · HTTP ${status}</p>
<div class="actions">${ways}</div>`,
  })
}
