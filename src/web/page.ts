import { html } from 'hono/html'
import { assetPath } from '../look.ts'
import { fold } from './components/lists.ts'
import { FRAME } from './texts/frame.ts'
import { hrefWith, type View } from './view.ts'
import { type Content, type Html, pick } from './words.ts'

export type Link = { readonly href: string; readonly text: string }

export type Page = {
  /** Of the document and, unless `heading` says more, the one `h1`. */
  readonly title: string
  readonly heading?: Content
  /** Beside the heading: a state, a code. */
  readonly mark?: Content
  /** The main thing to do here, at the right of the heading. */
  readonly actions?: Content
  /** The way here, without this page itself. */
  readonly crumbs?: readonly Link[]
  /** Path of the menu entry that this page belongs to. */
  readonly current?: string
  /** The console's left menu, by role, at most eight entries; without it the page is a public one. */
  readonly menu?: readonly Link[]
  /** Names of modules under `/assets/` that help here; the page works without them. */
  readonly scripts?: readonly string[]
  readonly body: Content
}

/**
 * A whole page in the product's frame.
 *
 * @example `c.html(page(view, { title: '统计', current: '/statistics', body: html`<p>…</p>` }))`
 */
export function page(view: View, content: Page): Html {
  const { lang, look } = view
  const name = pick(lang, look.names)
  const { title, scripts = [], menu, current } = content
  const inner = menu
    ? html`<div class="shell">${fold(FRAME[lang].folded, html`<nav class="aside" aria-label="${FRAME[lang].console}">${listOf(menu, current)}</nav>`)}<main id="main">${mainOf(view, content)}</main></div>`
    : html`<main id="main" class="public">${mainOf(view, content)}</main>`
  return html`<!doctype html>
<html lang="${lang}" data-color-scheme="auto">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title === name ? name : `${title} · ${name}`}</title>
<link rel="stylesheet" href="${assetPath(look, 'style.css')}">
${look.logo ? html`<link rel="icon" href="${assetPath(look, look.logo)}">` : html`<link rel="icon" href="data:,">`}
${['page.js', ...scripts].map((one) => html`<script type="module" src="${assetPath(look, one)}"></script>`)}
</head>
<body>
<a class="ds-skip-link" href="#main">${FRAME[lang].skip}</a>
${top(view, content)}
${inner}
${foot(view)}
</body>
</html>`
}

function mainOf({ lang }: View, { title, heading, mark = '', actions, crumbs, body }: Page): Html {
  const way = crumbs?.length
    ? html`<nav class="crumbs" aria-label="${FRAME[lang].crumbs}"><ol>${crumbs.map(({ href, text }) => html`<li><a href="${href}">${text}</a></li>`)}</ol></nav>`
    : ''
  const doing = actions ? html`<div class="actions">${actions}</div>` : ''
  return html`${way}<div class="heading"><div><h1>${heading ?? title}</h1>${mark}</div>${doing}</div>
${body}`
}

function top(view: View, { menu, current }: Page): Html {
  const { lang, look } = view
  const logo = look.logo ? html`<img src="${assetPath(look, look.logo)}" alt="">` : ''
  const home = menu ? '/console' : '/'
  const nav = menu
    ? ''
    : fold(
        FRAME[lang].folded,
        html`<nav aria-label="${FRAME[lang].main}">${listOf(publicMenu(view), current)}</nav>`,
      )
  return html`<header class="top"><div><a class="brand" href="${home}">${logo}${pick(lang, look.names)}</a>${nav}${who(view)}</div></header>`
}

/** What the visitor is here, and the other language: the same page, the same filters. */
function who(view: View): Html {
  const { lang, visitor, hasSignIn } = view
  const says = FRAME[lang]
  const other = lang === 'en' ? 'zh-CN' : 'en'
  const person = visitor
    ? html`<a href="/console/session">${visitor.agency} ${visitor.name}</a><form method="post" action="/sign-out"><button class="ds-button" data-variant="tertiary">${says.signOut}</button></form>`
    : hasSignIn
      ? html`<a href="/sign-in">${says.signIn}</a>`
      : ''
  return html`<div class="who">${person}<a href="${hrefWith(view, { lang: other })}" lang="${other}" hreflang="${other}">${says.other}</a></div>`
}

function publicMenu({ lang }: View): readonly Link[] {
  const { menu } = FRAME[lang]
  return [
    { href: '/services', text: menu.services },
    { href: '/not-demandable', text: menu.proofs },
    { href: '/catalog', text: menu.catalog },
    { href: '/statistics', text: menu.statistics },
    { href: '/pledges', text: menu.pledges },
  ]
}

function listOf(links: readonly Link[], current: string | undefined): Html {
  return html`<ul>${links.map(
    ({ href, text }) =>
      html`<li><a href="${href}"${href === current ? html` aria-current="page"` : ''}>${text}</a></li>`,
  )}</ul>`
}

function foot({ lang }: View): Html {
  const { about, forDevelopers, links } = FRAME[lang]
  const shown: readonly Link[] = [
    { href: '/problems', text: links.problems },
    { href: '/v1/catalog/items', text: links.items },
    { href: '/openapi.json', text: links.openapi },
    { href: '/.well-known/mianzheng', text: links.metadata },
  ]
  return html`<footer class="foot"><div><p>${about}</p><nav aria-label="${forDevelopers}">${listOf(shown, undefined)}</nav></div></footer>`
}
