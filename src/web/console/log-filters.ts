import { html } from 'hono/html'
import { type Fault, KINDS, OUTCOMES, type Search } from '../../audit/filters.ts'
import { type Code, ERRORS } from '../../errors.ts'
import type { Registry } from '../../registry/registry.ts'
import {
  button,
  type Choice,
  errorSummary,
  type Field,
  field,
  linkButton,
} from '../components/form.ts'
import { chips } from '../components/lists.ts'
import { LOG } from '../texts/log.ts'
import { TERMS } from '../texts/terms.ts'
import { hrefWith, type View } from '../view.ts'
import { type Html, pick } from '../words.ts'
import { checkWord, kindWord, outcomeWord } from './log-words.ts'

/** More systems or agencies than these are typed, not chosen from a list. */
const CHOICES_MAX = 300

const NAMES = [
  'from',
  'to',
  'kind',
  'result',
  'caller',
  'requester',
  'item',
  'first',
  'last',
] as const

type Name = (typeof NAMES)[number]

/** How each is to be written; all others are chosen. */
const FORMS: Readonly<Partial<Record<Fault['filter'], 'day' | 'number' | 'item'>>> = {
  ...{ from: 'day', to: 'day', item: 'item' },
  ...{ first: 'number', last: 'number', before: 'number' },
}

/** What was given, whether it could be read or not: it stands in the fields again. */
export type Given = Readonly<Record<string, string>>

/** Filters of the log; they stand in the address. What is wrong is said beside its field, and at the top. */
export function logFilters(
  view: View,
  registry: Registry,
  { given, faults }: { readonly given: Given; readonly faults: readonly Fault[] },
): Html {
  const { lang } = view
  const says = LOG[lang]
  const errorOf = (name: Fault['filter']): string | undefined => {
    const fault = faults.find(({ filter }) => filter === name)
    if (!fault) return undefined
    return fault.what === 'form' ? says.forms[FORMS[name] ?? 'other'] : says.faults[fault.what]
  }
  const fields = NAMES.map((name) =>
    field(lang, {
      ...fieldOf(view, registry, { name, value: given[name] }),
      ...{ name, label: says.filters[name], value: given[name], error: errorOf(name) },
    }),
  )
  const summary = faults.map(({ filter }) => ({
    name: filter,
    text: `${says.filters[filter]}${TERMS[lang].colon}${errorOf(filter)}`,
  }))
  return html`${errorSummary(lang, summary)}<form class="filters" method="get" action="/console/log" role="search">${fields}<div>${button(says.apply)}</div></form>`
}

function fieldOf(
  { lang }: View,
  registry: Registry,
  { name, value = '' }: { readonly name: Name; readonly value: string | undefined },
): Partial<Field> {
  // A minute, as JSON takes it, has no place in a field for days.
  if (name === 'from' || name === 'to') return { kind: value.includes('T') ? 'text' : 'date' }
  if (name === 'first' || name === 'last') return { kind: 'text', maxLength: 15 }
  if (name === 'item') return { kind: 'text', maxLength: 16, hint: LOG[lang].itemHint }
  const choices = choicesOf(lang, registry, name)
  if (choices.length > CHOICES_MAX) return { kind: 'text', maxLength: 64 }
  return { kind: 'select', choices: [{ value: '', text: LOG[lang].any }, ...choices] }
}

function choicesOf(
  lang: View['lang'],
  { systems, agencies }: Registry,
  name: 'kind' | 'result' | 'caller' | 'requester',
): readonly Choice[] {
  if (name === 'kind') return KINDS.map((value) => ({ value, text: kindWord(lang, value) }))
  if (name === 'caller')
    return [...systems.values()].map(({ id, names }) => ({
      value: id,
      text: `${pick(lang, names)} ${id}`,
    }))
  if (name === 'requester')
    return [...agencies.values()].map(({ uscc, names }) => ({
      value: uscc,
      text: pick(lang, names),
    }))
  const outcomes = OUTCOMES.map((value) => ({ value, text: outcomeWord(lang, value) }))
  const codes = (Object.keys(ERRORS) as Code[]).filter((code) => isRecorded(code))
  return [
    ...outcomes,
    ...codes.map((value) => ({ value, text: `${checkWord(lang, value)} ${value}` })),
  ]
}

/** What cannot be attributed or recorded never stands in an entry. */
function isRecorded(code: Code): boolean {
  return RECORDED.includes(ERRORS[code].check)
}

const RECORDED: readonly string[] = [
  ...['retry', 'time', 'schema', 'requester', 'item', 'content', 'agreement', 'policy'],
  ...['limits', 'provider', 'gateway'],
]

/** The filters in use, each with the way to take it off. */
export function logChips(view: View, registry: Registry, search: Search): Html | '' {
  const { lang } = view
  const says = LOG[lang]
  const active = NAMES.filter((name) => search[name] !== undefined)
  if (active.length === 0) return ''
  const shown = active.map((name) => ({
    text: `${says.filters[name]}${TERMS[lang].colon}${wordOf(lang, registry, name, String(search[name]))}`,
    href: hrefWith(view, { [name]: undefined, before: undefined }),
  }))
  const all = active.length > 1 ? linkButton('/console/log', says.clear, 'tertiary') : ''
  return html`${chips(lang, shown)}${all === '' ? '' : html`<p class="screen">${all}</p>`}`
}

function wordOf(lang: View['lang'], registry: Registry, name: Name, value: string): string {
  if (name === 'result')
    return OUTCOMES.some((one) => one === value) ? outcomeWord(lang, value) : checkWord(lang, value)
  if (name === 'kind' || name === 'caller' || name === 'requester')
    return choicesOf(lang, registry, name).find((one) => one.value === value)?.text ?? value
  return value
}
