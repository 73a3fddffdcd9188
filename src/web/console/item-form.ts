import { html } from 'hono/html'
import type { Registry } from '../../registry/registry.ts'
import {
  button,
  type Choice,
  errorSummary,
  type Field,
  field,
  linkButton,
} from '../components/form.ts'
import { FIELDS } from '../texts/fields.ts'
import { ITEM_FORM } from '../texts/item-form.ts'
import { TERMS } from '../texts/terms.ts'
import type { Content, Html } from '../words.ts'
import type { Desk } from './enter.ts'
import { fieldName } from './field-names.ts'
import { rows, type Values } from './item-document.ts'
import { agencyName } from './proposal-words.ts'

export type Filling = {
  readonly action: string
  readonly values: Values
  /** By field: what is wrong with it. */
  readonly faults: Readonly<Record<string, string>>
  /** Of the draft that is edited; none where one is opened. */
  readonly revision?: number
  /** Agencies that this person may propose for; a code that exists belongs to one already. */
  readonly providers: readonly string[]
  readonly hasCode: boolean
  readonly back: string
}

/** Empty rows after those that are filled. */
const MORE_ROWS = 2
const KINDS = ['verification', 'query', 'inquiry'] as const
const CLASSES = ['UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED'] as const
const UNITS = ['WORKING_DAY', 'NATURAL_DAY', 'HOUR', 'INSTANT'] as const
const STARTS = ['RECEIPT', 'ACCEPTANCE', 'CONSENT', 'CHANGE'] as const
const SEVEN = ['conditions', 'content', 'procedure', 'mode', 'responsibility', 'fee'] as const
const DATA = [
  'items',
  'format',
  'sharingMode',
  'useConditions',
  'classification',
  'impactAssessment',
] as const

/** One item, in sections; each text in both languages, each error beside its field and in the summary. */
export function itemForm(desk: Desk, filling: Filling): Html {
  const { lang } = desk.view
  const says = ITEM_FORM[lang]
  const { action, faults, revision, back } = filling
  const summary = Object.entries(faults).map(([name, text]) => ({
    name,
    text: `${labelOf(desk, name)}${TERMS[lang].colon}${text}`,
  }))
  const hidden =
    revision === undefined ? '' : html`<input type="hidden" name="revision" value="${revision}">`
  return html`${errorSummary(lang, summary)}<form class="long" method="post" action="${action}" data-unsaved>${hidden}
${section(says.basics, basics(desk, filling))}
${section(says.sharing, sharing(desk, filling))}
${section(says.seven, [...SEVEN.map((name) => pair(desk, filling, { path: name, hint: says[`${name}Hint`] })), limits(desk, filling)])}
${section(says.data, data(desk, filling))}
${section(says.replaces, listOf(desk, filling, 'replaces'), says.rowsHint)}
${section(says.law, listOf(desk, filling, 'law'), says.rowsHint)}
${section(says.technical, technical(desk, filling), says.technicalHint)}
<p class="faint">${says.stillMissing}</p><div class="actions">${button(says.keep)}${linkButton(back, says.cancel, 'tertiary')}</div></form>`
}

function section(title: string, body: readonly Content[], hint = ''): Html {
  return html`<fieldset class="section"><legend>${title}</legend>${hint ? html`<p class="faint small">${hint}</p>` : ''}${body}</fieldset>`
}

type One = Partial<Omit<Field, 'name'>> & { readonly path: string }

function one({ view }: Desk, { values, faults }: Filling, { path, ...more }: One): Html {
  const value = values[path] ?? ''
  const label = more.label ?? fieldName(view.lang, `/${path.replaceAll('.', '/')}`)
  return field(view.lang, {
    name: path,
    value,
    error: faults[path],
    maxLength: 2000,
    ...more,
    label,
  })
}

/** A text in both languages, side by side where there is room. */
function pair(desk: Desk, filling: Filling, { path, ...more }: One): Html {
  const { lang } = desk.view
  const kind = more.kind ?? 'textarea'
  const each = (['zh', 'en'] as const).map((language) =>
    one(desk, filling, {
      ...{ rows: 3, ...more, kind, path: `${path}.${language}` },
      ...(more.label
        ? { label: FIELDS[lang].inLanguage(more.label, ITEM_FORM[lang][language]) }
        : {}),
    }),
  )
  return html`<div class="pair">${each}</div>`
}

function select(values: readonly string[], words: Readonly<Record<string, string>>): Choice[] {
  return values.map((value) => ({ value, text: words[value] ?? value }))
}

function basics(desk: Desk, filling: Filling): readonly Html[] {
  const { view, registry } = desk
  const { lang } = view
  const says = ITEM_FORM[lang]
  const terms = TERMS[lang]
  const providers = filling.providers.map((value) => ({
    value,
    text: agencyName(lang, registry, value),
  }))
  const fixed = html`<input type="hidden" name="code" value="${filling.values.code ?? ''}"><p><code>${filling.values.code ?? ''}</code></p>`
  return [
    filling.hasCode
      ? fixed
      : one(desk, filling, { path: 'code', hint: says.codeHint, maxLength: 11 }),
    one(desk, filling, { path: 'provider', kind: 'select', choices: providers }),
    pair(desk, filling, { path: 'names', kind: 'text', maxLength: 200 }),
    one(desk, filling, { path: 'kind', kind: 'select', choices: select(KINDS, terms.kinds) }),
  ]
}

function sharing(desk: Desk, filling: Filling): readonly Html[] {
  const { lang } = desk.view
  const choices = select(CLASSES, TERMS[lang].sharing)
  return [
    one(desk, filling, { path: 'sharing.class', kind: 'select', choices }),
    pair(desk, filling, { path: 'sharing.scope' }),
    pair(desk, filling, { path: 'sharing.use' }),
    one(desk, filling, {
      ...{ path: 'sharing.statute', isOptional: true, hint: ITEM_FORM[lang].statuteHint },
    }),
  ]
}

function limits(desk: Desk, filling: Filling): Html {
  const { lang } = desk.view
  const says = ITEM_FORM[lang]
  const units = unitWords(desk)
  return html`${(['statutory', 'promised'] as const).map(
    (which) =>
      html`<fieldset class="limit"><legend>${FIELDS[lang].limits[which]}</legend>${which === 'promised' ? html`<p class="faint small">${says.promisedHint}</p>` : ''}<div class="filters">${one(desk, filling, { path: `timeLimit.${which}.n`, label: says.limitNumber, kind: 'number' })}${one(desk, filling, { path: `timeLimit.${which}.unit`, label: says.limitUnit, kind: 'select', choices: select(UNITS, units) })}${one(desk, filling, { path: `timeLimit.${which}.from`, label: says.limitFrom, kind: 'select', choices: select(STARTS, TERMS[lang].starts) })}${one(desk, filling, { path: `timeLimit.${which}.basis`, label: says.limitBasis, maxLength: 200 })}</div></fieldset>`,
  )}${pair(desk, filling, { path: 'timeLimit.note', label: says.limitNote, isOptional: true, rows: 2 })}`
}

function unitWords({ view }: Desk): Readonly<Record<string, string>> {
  const says = ITEM_FORM[view.lang]
  return { ...says.units, INSTANT: says.instant }
}

function data(desk: Desk, filling: Filling): readonly Html[] {
  const hint = ITEM_FORM[desk.view.lang].frequencyHint
  return [
    ...DATA.map((name) => pair(desk, filling, { path: `data.${name}` })),
    one(desk, filling, { path: 'data.updateFrequency', hint, maxLength: 20 }),
  ]
}

/** The rows that are filled, and two more. */
function listOf(desk: Desk, filling: Filling, list: 'replaces' | 'law'): readonly Html[] {
  const says = ITEM_FORM[desk.view.lang]
  const filled = rows(filling.values, list).length
  const all = Array.from({ length: filled + MORE_ROWS }, (_, i) => `${list}.${i}`)
  return all.map((path, i) => {
    const isOptional = i > 0 || list === 'replaces'
    if (list === 'replaces')
      return pair(desk, filling, {
        ...{ path, kind: 'text', maxLength: 200, isOptional },
        label: `${fieldName(desk.view.lang, '/replaces')} ${i + 1}`,
      })
    const mark = filling.values[`${path}.mark`] ?? ''
    const title = one(desk, filling, {
      ...{ path: `${path}.title`, label: `${says.lawTitle} ${i + 1}`, maxLength: 200, isOptional },
    })
    const article = one(desk, filling, {
      ...{ path: `${path}.article`, label: `${says.lawArticle} ${i + 1}`, isOptional: true },
    })
    return html`<div class="pair">${title}${article}<input type="hidden" name="${path}.mark" value="${mark}"></div>`
  })
}

function technical(desk: Desk, filling: Filling): readonly Html[] {
  const says = ITEM_FORM[desk.view.lang]
  const contracts = contractsOf(desk.registry)
  const choices = [{ value: '', text: says.none0 }, ...contracts]
  return [
    one(desk, filling, { path: 'contract', kind: 'select', choices, isOptional: true }),
    one(desk, filling, {
      ...{ path: 'connector', label: says.connector, kind: 'textarea', rows: 8 },
      ...{ maxLength: 20_000, isOptional: true, hint: says.connectorHint },
    }),
  ]
}

function contractsOf({ contracts }: Registry): readonly Choice[] {
  return [...contracts.keys()].sort().map((value) => ({ value, text: value }))
}

function labelOf({ view }: Desk, name: string): string {
  if (name === 'connector') return ITEM_FORM[view.lang].connector
  return fieldName(view.lang, `/${name.replaceAll('.', '/')}`)
}
