import { html } from 'hono/html'
import { CHANGED_ON } from '../../proposal/kinds/publishing-clocks.ts'
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
import { DO, type Values } from './form-values.ts'
import { agencyName } from './proposal-words.ts'

/** A form of a document as it is shown: what stands in its fields, and what is wrong with them. */
export type Filling = {
  readonly action: string
  readonly values: Values
  /** By field: what is wrong with it. */
  readonly faults: Readonly<Record<string, string>>
  /** Of the draft that is edited; none where one is opened. */
  readonly revision?: number
  /** Agencies that this person may propose for; what has a code belongs to one already. */
  readonly agencies: readonly string[]
  readonly hasCode: boolean
  readonly back: string
}

const UNITS = ['WORKING_DAY', 'NATURAL_DAY', 'HOUR', 'INSTANT'] as const
const STARTS = ['RECEIPT', 'ACCEPTANCE', 'CONSENT', 'CHANGE'] as const

/**
 * The whole form: what is wrong at the top, the sections, and at the end what keeps them as a draft. Whoever
 * presses Enter in a field keeps the draft, too, and works no button of a row.
 *
 * @param labelOf how a field is called in the summary
 */
export function longForm(
  { view: { lang } }: Desk,
  { action, faults, revision, back }: Filling,
  {
    labelOf,
    sections,
    last = '',
  }: {
    readonly labelOf: (name: string) => string
    readonly sections: readonly Html[]
    readonly last?: Content
  },
): Html {
  const says = ITEM_FORM[lang]
  const summary = Object.entries(faults).map(([name, text]) => ({
    name,
    text: `${labelOf(name)}${TERMS[lang].colon}${text}`,
  }))
  const hidden =
    revision === undefined ? '' : html`<input type="hidden" name="revision" value="${revision}">`
  return html`${errorSummary(lang, summary)}<form class="long" method="post" action="${action}" data-unsaved><input type="submit" hidden>${hidden}
${sections}
<p class="faint">${last || says.stillMissing}</p><div class="actions">${button(says.keep)}${linkButton(back, says.cancel, 'tertiary')}</div></form>`
}

type Section = {
  readonly hint?: Content
  /** What its fault is about, where that is the section as a whole. */
  readonly id?: string
  readonly error?: string | undefined
}

export function section(
  title: Content,
  body: readonly Content[],
  { hint = '', id, error }: Section = {},
): Html {
  const named = id ? html` id="${id}"` : ''
  const under = hint ? html`<p class="faint small">${hint}</p>` : ''
  const wrong = error ? html`<p class="ds-validation-message" data-color="danger">${error}</p>` : ''
  return html`<fieldset class="section"${named}><legend>${title}</legend>${under}${wrong}${body}</fieldset>`
}

/** Since when it is due, where a law or a duty changed: said once, when it is proposed; its clock runs from it. */
export function since(desk: Desk, filling: Filling, hint: string): readonly Html[] {
  if (filling.revision !== undefined) return []
  const { since: label } = ITEM_FORM[desk.view.lang]
  return [one(desk, filling, { path: CHANGED_ON, label, hint, kind: 'date', isOptional: true })]
}

export type One = Partial<Omit<Field, 'name'>> & { readonly path: string }

export function one({ view }: Desk, { values, faults }: Filling, { path, ...more }: One): Html {
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
export function pair(desk: Desk, filling: Filling, { path, ...more }: One): Html {
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

export function select(
  values: readonly string[],
  words: Readonly<Record<string, string>>,
): Choice[] {
  return values.map((value) => ({ value, text: words[value] ?? value }))
}

/** The agencies that a person may propose for. */
export function agencyChoices({ view, registry }: Desk, { agencies }: Filling): Choice[] {
  return agencies.map((value) => ({ value, text: agencyName(view.lang, registry, value) }))
}

/** Statutory and promised, each with number, unit, start and basis. */
export function limits(desk: Desk, filling: Filling): Html {
  const { lang } = desk.view
  const says = ITEM_FORM[lang]
  const units = { ...says.units, INSTANT: says.instant }
  return html`${(['statutory', 'promised'] as const).map(
    (which) =>
      html`<fieldset class="limit"><legend>${FIELDS[lang].limits[which]}</legend>${which === 'promised' ? html`<p class="faint small">${says.promisedHint}</p>` : ''}<div class="filters">${one(desk, filling, { path: `timeLimit.${which}.n`, label: says.limitNumber, kind: 'number' })}${one(desk, filling, { path: `timeLimit.${which}.unit`, label: says.limitUnit, kind: 'select', choices: select(UNITS, units) })}${one(desk, filling, { path: `timeLimit.${which}.from`, label: says.limitFrom, kind: 'select', choices: select(STARTS, TERMS[lang].starts) })}${one(desk, filling, { path: `timeLimit.${which}.basis`, label: says.limitBasis, maxLength: 200 })}</div></fieldset>`,
  )}${pair(desk, filling, { path: 'timeLimit.note', label: says.limitNote, isOptional: true, rows: 2 })}`
}

type Law = { readonly path: string; readonly n: number; readonly isOptional: boolean }

/** One law with its article, and whether somebody read it, which nobody says here. */
export function law(desk: Desk, filling: Filling, { path, n, isOptional }: Law): Html {
  const says = ITEM_FORM[desk.view.lang]
  const mark = filling.values[`${path}.mark`] ?? ''
  const title = one(desk, filling, {
    ...{ path: `${path}.title`, label: `${says.lawTitle} ${n}`, maxLength: 200, isOptional },
  })
  const article = one(desk, filling, {
    ...{ path: `${path}.article`, label: `${says.lawArticle} ${n}`, isOptional: true },
  })
  return html`<div class="pair">${title}${article}<input type="hidden" name="${path}.mark" value="${mark}"></div>`
}

/**
 * A button that adds a row or takes one away, by sending the form to itself; the page comes back where the
 * rows are.
 *
 * @param what `add:law`, `remove:law.1`
 * @param at the element that the page comes back to
 */
export function rowButton(
  { action }: Filling,
  { what, at, text, label }: { what: string; at: string; text: string; label?: string },
): Html {
  const heard = label ? html` aria-label="${label}"` : ''
  return html`<button class="ds-button" data-variant="tertiary" name="${DO}" value="${what}" formaction="${action}#${at}"${heard}>${text}</button>`
}
