import type { Context } from 'hono'
import type { Deps } from '../deps.ts'
import type { Look } from '../look.ts'
import { type Lang, languageOf } from './language.ts'

/** Who is signed in, as far as a page shows it. */
export type Visitor = {
  readonly name: string
  readonly agency: string
  readonly roles: readonly string[]
}

/** What every page needs to know; pages get this and their data, never the request. */
export type View = {
  readonly lang: Lang
  /** The address that was asked, without `lang`. */
  readonly path: string
  readonly query: URLSearchParams
  readonly look: Look
  /** Whether people can sign in here at all; where nobody can, no page says so. */
  readonly hasSignIn: boolean
  readonly visitor?: Visitor
}

/** @param visitor who is signed in; public pages have none. */
export function viewOf(
  c: Context,
  { look, signIn }: Pick<Deps, 'look' | 'signIn'>,
  visitor?: Visitor,
): View {
  const lang = languageOf(c, { secure: signIn.base.startsWith('https:') })
  const query = new URL(c.req.url).searchParams
  query.delete('lang')
  const known = { hasSignIn: signIn.oidc !== undefined, ...(visitor ? { visitor } : {}) }
  return { lang, path: c.req.path, query, look, ...known }
}

/** The same page with some parameters changed; undefined takes one away. */
export function hrefWith(
  { path, query }: Pick<View, 'path' | 'query'>,
  changes: Readonly<Record<string, string | undefined>>,
): string {
  const changed = new URLSearchParams(query)
  for (const [name, value] of Object.entries(changes))
    if (value === undefined) changed.delete(name)
    else changed.set(name, value)
  const text = changed.toString()
  return text === '' ? path : `${path}?${text}`
}
