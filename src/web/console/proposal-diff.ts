import { html } from 'hono/html'
import type { Change } from '../../registry/diff.ts'
import { type Citation, citation } from '../../registry/documents.ts'
import { isMembers } from '../../registry/members.ts'
import { diff } from '../components/history.ts'
import { stateWord } from '../components/state.ts'
import type { Lang } from '../language.ts'
import { AGREEMENTS } from '../texts/agreements.ts'
import { PROPOSALS } from '../texts/proposals.ts'
import { ROLES } from '../texts/roles.ts'
import { SERVICES } from '../texts/service-form.ts'
import { SYSTEMS } from '../texts/systems.ts'
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
 *
 * @param nameOf a place, as the reader knows it
 */
export function proposalDiff(
  lang: Lang,
  changes: readonly Change[],
  nameOf = (pointer: string) => fieldName(lang, pointer),
): Html {
  const shown = changes.filter(({ pointer }) => !OWN.includes(pointer)).flatMap(leaves)
  return diff(
    lang,
    shown.map(({ pointer, before, after }) => ({
      field: nameOf(pointer),
      before: before === undefined ? undefined : said(lang, worded(lang, pointer, before)),
      after: after === undefined ? undefined : said(lang, worded(lang, pointer, after)),
    })),
  )
}

function leaves(change: Change): readonly Change[] {
  const { pointer, before, after } = change
  const [one] = [before, after].filter((value) => value !== undefined)
  const isOneSided = before === undefined || after === undefined
  if (isOneSided && isNamedList(one))
    return one.flatMap((each) =>
      leaves({
        pointer: `${pointer}/${each.id}`,
        [before === undefined ? 'after' : 'before']: each,
      }),
    )
  if ((before !== undefined && after !== undefined) || !isMembers(one) || isText(one))
    return [change]
  const side = before === undefined ? 'after' : 'before'
  return Object.entries(one).flatMap(([name, value]) =>
    leaves({ pointer: `${pointer}/${name}`, [side]: value }),
  )
}

/** Words of a closed list as they are read. */
function worded(lang: Lang, pointer: string, value: unknown): unknown {
  const words = closedList(lang, pointer)
  const worded = (one: unknown) =>
    typeof one === 'string' && Object.hasOwn(words, one) ? words[one] : one
  return Array.isArray(value) ? value.map(worded) : worded(value)
}

function closedList(lang: Lang, pointer: string): Readonly<Record<string, string>> {
  const { ways, authorizations } = AGREEMENTS[lang]
  if (pointer.startsWith('/agreement/claims/')) return ways
  if (pointer === '/agreement/authorization') return authorizations
  if (pointer === '/sharing/class') return TERMS[lang].sharing
  if (pointer === '/kind') return TERMS[lang].kinds
  if (pointer === '/roles') return ROLES[lang]
  if (pointer === '/system/roles') return SYSTEMS[lang].roles
  if (pointer === '/system/status')
    return { active: stateWord(lang, 'active'), suspended: stateWord(lang, 'suspended') }
  return /^\/materials\/[^/]+\/decision\/kind$/.test(pointer) ? SERVICES[lang].decisions : {}
}

/** Elements that say what they are called, so that each is read by itself. */
function isNamedList(value: unknown): value is readonly { readonly id: string }[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((one) => isMembers(one) && typeof one.id === 'string')
  )
}

function said(lang: Lang, value: unknown): Content {
  const says = SAYS[lang]
  if (typeof value === 'boolean') return value ? says.yes : says.no
  if (value === null || value === '') return says.empty
  if (isText(value)) return PROPOSALS[lang].both(value.zh, value.en)
  if (Array.isArray(value) && value.every((one) => typeof one === 'string' || isText(one)))
    return html`${value.map((one) => html`${said(lang, one)}<br>`)}`
  if (isLaw(value))
    return html`${inChinese(lang, TERMS['zh-CN'].law(value.title, value.article ?? ''))}<span class="faint">${TERMS[lang].marks[value.mark]}</span>`
  if (Array.isArray(value) && value.every(isLaw))
    return html`${value.map((one) => html`${said(lang, one)}<br>`)}`
  if (Array.isArray(value) && value.every(isFlat))
    return html`${value.map((one) => html`${Object.values(one).join(' · ')}<br>`)}`
  if (typeof value === 'object') return html`<code>${JSON.stringify(value, null, 1)}</code>`
  return String(value)
}

function isText(value: unknown): value is { readonly zh: string; readonly en: string } {
  return isMembers(value) && Object.keys(value).sort().join() === 'en,zh'
}

function isLaw(value: unknown): value is Citation {
  return citation.safeParse(value).success
}

/** Members of one line: the codes of a purpose. */
function isFlat(value: unknown): value is Readonly<Record<string, string>> {
  return isMembers(value) && Object.values(value).every((one) => typeof one === 'string')
}
