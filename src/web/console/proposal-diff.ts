import { html } from 'hono/html'
import type { Change } from '../../registry/diff.ts'
import { diff } from '../components/history.ts'
import type { Lang } from '../language.ts'
import { AGREEMENTS } from '../texts/agreements.ts'
import { PROPOSALS } from '../texts/proposals.ts'
import { TERMS } from '../texts/terms.ts'
import { type Content, type Html, inChinese, messages } from '../words.ts'
import { fieldName } from './field-names.ts'

const SAYS = messages(
  { yes: '是', no: '否', empty: '（空）' },
  { yes: 'yes', no: 'no', empty: '(empty)' },
)

/** Set by the gateway, so nobody decides on them. */
const OWN = ['/state']

/**
 * Left what is in force, right what would be, in the order of the fields; a member that is new as a whole is
 * shown field by field.
 */
export function proposalDiff(lang: Lang, changes: readonly Change[]): Html {
  const shown = changes.filter(({ pointer }) => !OWN.includes(pointer)).flatMap(leaves)
  return diff(
    lang,
    shown.map(({ pointer, before, after }) => ({
      field: fieldName(lang, pointer),
      before: before === undefined ? undefined : said(lang, worded(lang, pointer, before)),
      after: after === undefined ? undefined : said(lang, worded(lang, pointer, after)),
    })),
  )
}

function leaves(change: Change): readonly Change[] {
  const { pointer, before, after } = change
  const [one] = [before, after].filter((value) => value !== undefined)
  if ((before !== undefined && after !== undefined) || !isMembers(one) || isText(one))
    return [change]
  const side = before === undefined ? 'after' : 'before'
  return Object.entries(one).flatMap(([name, value]) =>
    leaves({ pointer: `${pointer}/${name}`, [side]: value }),
  )
}

/** Words of a closed list as they are read. */
function worded(lang: Lang, pointer: string, value: unknown): unknown {
  const { ways, authorizations } = AGREEMENTS[lang]
  const words: Readonly<Record<string, string>> = pointer.startsWith('/agreement/claims/')
    ? ways
    : pointer === '/agreement/authorization'
      ? authorizations
      : {}
  if (!Array.isArray(value)) return value
  return value.map((one) => (Object.hasOwn(words, one) ? words[one] : one))
}

function said(lang: Lang, value: unknown): Content {
  const says = SAYS[lang]
  if (typeof value === 'boolean') return value ? says.yes : says.no
  if (value === null || value === '') return says.empty
  if (isText(value)) return PROPOSALS[lang].both(value.zh, value.en)
  if (Array.isArray(value) && value.every((one) => typeof one === 'string' || isText(one)))
    return html`${value.map((one) => html`${said(lang, one)}<br>`)}`
  if (isLaw(value)) return inChinese(lang, TERMS['zh-CN'].law(value.title, value.article ?? ''))
  if (Array.isArray(value) && value.every(isLaw))
    return html`${value.map((one) => html`${said(lang, one)}<br>`)}`
  if (Array.isArray(value) && value.every(isFlat))
    return html`${value.map((one) => html`${Object.values(one).join(' · ')}<br>`)}`
  if (typeof value === 'object') return html`<code>${JSON.stringify(value, null, 1)}</code>`
  return String(value)
}

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is { readonly zh: string; readonly en: string } {
  return isMembers(value) && Object.keys(value).sort().join() === 'en,zh'
}

function isLaw(value: unknown): value is { readonly title: string; readonly article?: string } {
  return isMembers(value) && Object.hasOwn(value, 'title') && Object.hasOwn(value, 'mark')
}

/** Members of one line: the codes of a purpose. */
function isFlat(value: unknown): value is Readonly<Record<string, string>> {
  return isMembers(value) && Object.values(value).every((one) => typeof one === 'string')
}
