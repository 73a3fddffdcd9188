import { html } from 'hono/html'
import type { Lang } from './language.ts'

export type Html = ReturnType<typeof html>

/** What stands in a page: markup, or text that is escaped. */
export type Content = Html | string | number

/** A message: a text, or a function that puts numbers and names into one. */
type Same<T> = T extends string
  ? string
  : T extends (...given: infer Given) => string
    ? (...given: Given) => string
    : { readonly [K in keyof T]: Same<T[K]> }

/**
 * The messages of one part of the pages, Chinese first. English must have each of them, with the same
 * arguments: a missing message does not compile.
 *
 * @example `const SAYS = messages({ found: (n: number) => `${n} 项` }, { found: (n) => `${n} items` })`
 */
export function messages<const T>(zh: T, en: Same<T>): Readonly<Record<Lang, Same<T>>> {
  return { 'zh-CN': zh as Same<T>, en }
}

type Text = { readonly zh: string; readonly en: string }

/** What a document says, in the visitor's language. */
export function pick(lang: Lang, text: Text): string {
  return lang === 'en' ? text.en : text.zh
}

/** Words that exist in Chinese only (titles of laws), marked so for whoever reads aloud. */
export function inChinese(lang: Lang, text: string): Content {
  return lang === 'en' ? html`<span lang="zh-CN">${text}</span>` : text
}

/** Several pieces of markup one after the other; none where there is nothing. */
export function all(pieces: readonly Content[]): Html {
  return html`${pieces}`
}
