import { html } from 'hono/html'
import type { Change } from '../../registry/diff.ts'
import { isMembers } from '../../registry/members.ts'
import { diff } from '../components/history.ts'
import type { Lang } from '../language.ts'
import { PROPOSALS } from '../texts/proposals.ts'
import { type Content, type Html, messages } from '../words.ts'
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
      before: before === undefined ? undefined : said(lang, before),
      after: after === undefined ? undefined : said(lang, after),
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

function said(lang: Lang, value: unknown): Content {
  const says = SAYS[lang]
  if (typeof value === 'boolean') return value ? says.yes : says.no
  if (value === null || value === '') return says.empty
  if (isText(value)) return PROPOSALS[lang].both(value.zh, value.en)
  if (Array.isArray(value) && value.every((one) => typeof one === 'string' || isText(one)))
    return html`${value.map((one) => html`${said(lang, one)}<br>`)}`
  if (typeof value === 'object') return html`<code>${JSON.stringify(value, null, 1)}</code>`
  return String(value)
}

function isText(value: unknown): value is { readonly zh: string; readonly en: string } {
  return isMembers(value) && Object.keys(value).sort().join() === 'en,zh'
}
