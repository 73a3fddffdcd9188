import type { Context } from 'hono'
import { accepts } from 'hono/accepts'
import { getCookie, setCookie } from 'hono/cookie'

/** Chinese first, English second. */
export const LANGS = ['zh-CN', 'en'] as const

export type Lang = (typeof LANGS)[number]

const COOKIE = 'lang'
const YEAR_SECONDS = 31_536_000

/**
 * `?lang=` decides and is remembered; then what was remembered; then `Accept-Language`; then Chinese.
 * The cookie says a language and nothing about the visitor, so it needs no consent.
 */
export function languageOf(c: Context, { secure }: { readonly secure: boolean }): Lang {
  const asked = c.req.query('lang')
  if (isLang(asked)) {
    const options = { path: '/', maxAge: YEAR_SECONDS, sameSite: 'Lax', httpOnly: true, secure }
    setCookie(c, COOKIE, asked, options as Parameters<typeof setCookie>[3])
    return asked
  }
  const remembered = getCookie(c, COOKIE)
  return isLang(remembered) ? remembered : acceptedBy(c)
}

function isLang(text: string | undefined): text is Lang {
  return LANGS.some((lang) => lang === text)
}

function acceptedBy(c: Context): Lang {
  const supports = ['zh', 'en']
  const match = (accepted: { type: string; q: number }[]) =>
    accepted
      .filter(({ q }) => q > 0)
      .sort((one, other) => other.q - one.q)
      .map(({ type }) => type.split('-')[0]?.toLowerCase() ?? '')
      .find((type) => supports.includes(type)) ?? 'zh'
  const wanted = accepts(c, { header: 'Accept-Language', supports, default: 'zh', match })
  return wanted === 'en' ? 'en' : 'zh-CN'
}
