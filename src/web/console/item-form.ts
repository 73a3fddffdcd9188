import { html } from 'hono/html'
import type { Registry } from '../../registry/registry.ts'
import type { Choice } from '../components/form.ts'
import { ITEM_FORM } from '../texts/item-form.ts'
import { TERMS } from '../texts/terms.ts'
import type { Html } from '../words.ts'
import type { Desk } from './enter.ts'
import { fieldName } from './field-names.ts'
import {
  agencyChoices,
  type Filling,
  law,
  limits,
  longForm,
  one,
  pair,
  section,
  select,
  since,
} from './form-fields.ts'
import { rows } from './form-values.ts'

/** Empty rows after those that are filled. */
const MORE_ROWS = 2
const KINDS = ['verification', 'query', 'inquiry'] as const
const CLASSES = ['UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED'] as const
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
  const says = ITEM_FORM[desk.view.lang]
  const seven = SEVEN.map((name) => pair(desk, filling, { path: name, hint: says[`${name}Hint`] }))
  return longForm(desk, filling, {
    labelOf: (name) => labelOf(desk, name),
    sections: [
      section(says.basics, [...basics(desk, filling), ...since(desk, filling, says.sinceHint)]),
      section(says.sharing, sharing(desk, filling)),
      section(says.seven, [...seven, limits(desk, filling)]),
      section(says.data, data(desk, filling)),
      section(says.replaces, listOf(desk, filling, 'replaces'), { hint: says.rowsHint }),
      section(says.law, listOf(desk, filling, 'law'), { hint: says.rowsHint }),
      section(says.technical, technical(desk, filling), { hint: says.technicalHint }),
    ],
  })
}

function basics(desk: Desk, filling: Filling): readonly Html[] {
  const { lang } = desk.view
  const says = ITEM_FORM[lang]
  const terms = TERMS[lang]
  const providers = agencyChoices(desk, filling)
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

function data(desk: Desk, filling: Filling): readonly Html[] {
  const hint = ITEM_FORM[desk.view.lang].frequencyHint
  return [
    ...DATA.map((name) => pair(desk, filling, { path: `data.${name}` })),
    one(desk, filling, { path: 'data.updateFrequency', hint, maxLength: 20 }),
  ]
}

/** The rows that are filled, and two more. */
function listOf(desk: Desk, filling: Filling, list: 'replaces' | 'law'): readonly Html[] {
  const filled = rows(filling.values, list).length
  const all = Array.from({ length: filled + MORE_ROWS }, (_, i) => `${list}.${i}`)
  return all.map((path, i) => {
    const isOptional = i > 0 || list === 'replaces'
    if (list === 'replaces')
      return pair(desk, filling, {
        ...{ path, kind: 'text', maxLength: 200, isOptional },
        label: `${fieldName(desk.view.lang, '/replaces')} ${i + 1}`,
      })
    return law(desk, filling, { path, n: i + 1, isOptional })
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
