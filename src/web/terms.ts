import { html } from 'hono/html'
import type { Agency, Citation, Item } from '../registry/documents.ts'
import type { Lang } from './language.ts'
import { TERMS } from './texts/terms.ts'
import { type Content, type Html, inChinese, pick } from './words.ts'

type TimeLimit = Item['timeLimit']
type Limit = TimeLimit['statutory']

/** "5 个工作日". */
export function limitWords(lang: Lang, { n, unit }: Pick<Limit, 'n' | 'unit'>): string {
  return TERMS[lang].units[unit](n)
}

/** "承诺：即时；法定：1 个工作日，自收到请求起". */
export function timeLimitWords(lang: Lang, { promised, statutory, note }: TimeLimit): string {
  const { promised: promise, statutory: statute, colon, clause, sentence, starts } = TERMS[lang]
  const one = (name: string, limit: Limit) => {
    const start = limit.unit === 'INSTANT' ? '' : `${clause}${starts[limit.from]}`
    return `${name}${colon}${limitWords(lang, limit)}${start}`
  }
  const both = [one(promise, promised), one(statute, statutory)]
  return [...both, ...(note ? [pick(lang, note)] : [])].join(sentence)
}

/** ISO 8601 days as words; another form stays as it is. */
export function frequencyWords(lang: Lang, period: string): string {
  const days = Number(/^P(\d+)D$/.exec(period)?.[1])
  if (Number.isNaN(days)) return period
  return days === 1 ? TERMS[lang].everyDay : TERMS[lang].everyDays(days)
}

/** Laws as they are cited, each with whether its text was checked. */
export function lawList(lang: Lang, law: readonly Citation[]): Html {
  return html`<ul class="plain">${law.map(({ title, article = '', mark }) => {
    const cited = TERMS['zh-CN'].law(title, article)
    return html`<li>${inChinese(lang, cited)}<span class="faint">${TERMS[lang].marks[mark]}</span></li>`
  })}</ul>`
}

/** An agency by its name, leading to its page. */
export function agencyLink(lang: Lang, uscc: string, agency: Agency | undefined): Html {
  const name = agency ? pick(lang, agency.names) : `${TERMS[lang].unknownAgency} ${uscc}`
  return html`<a href="/agencies/${uscc}">${name}</a>`
}

/** An item by its code and name. */
export function itemLink(lang: Lang, code: string, names: Item['names'] | undefined): Html {
  return html`<a href="/items/${code}">${names ? pick(lang, names) : code}</a>`
}

/** Pieces with the language's own comma between them. */
export function listed(lang: Lang, pieces: readonly Content[]): Html {
  return html`${pieces.map((piece, i) => (i === 0 ? piece : html`${TERMS[lang].comma}${piece}`))}`
}
