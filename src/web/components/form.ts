import { html } from 'hono/html'
import type { Lang } from '../language.ts'
import { type Content, type Html, messages } from '../words.ts'

export type Choice = { readonly value: string; readonly text: string }

export type Field = {
  readonly name: string
  /** The element's, where a page has two of one name; `name` by default. The error summary leads to it. */
  readonly id?: string
  readonly label: string
  readonly hint?: string
  /** What is wrong and what to do. */
  readonly error?: string | undefined
  readonly value?: string | undefined
  /** Required is the default; what may be left out says so. */
  readonly isOptional?: boolean
  readonly kind?: 'text' | 'search' | 'number' | 'date' | 'url' | 'textarea' | 'select'
  readonly choices?: readonly Choice[]
  readonly maxLength?: number
  readonly rows?: number
}

const SAYS = messages(
  { optional: '（可不填）', faults: '请先改正以下各项' },
  { optional: ' (optional)', faults: 'There is something to correct' },
)

/** Label above, hint under it, the error between hint and input. */
export function field(lang: Lang, given: Field): Html {
  const { label, hint, error, isOptional } = given
  const id = given.id ?? given.name
  const optional = isOptional ? html`<span class="faint">${SAYS[lang].optional}</span>` : ''
  const under = hint ? html`<p class="faint small" id="${id}-hint">${hint}</p>` : ''
  const wrong = error
    ? html`<p class="ds-validation-message" data-color="danger" id="${id}-error">${error}</p>`
    : ''
  return html`<div class="ds-field"><label class="ds-label" data-weight="medium" for="${id}">${label}${optional}</label>${under}${wrong}${inputOf(given)}</div>`
}

function inputOf({ name, id = name, value = '', kind = 'text', ...more }: Field): Html {
  const { choices = [] } = more
  const described = [more.hint && `${id}-hint`, more.error && `${id}-error`].filter(Boolean)
  const attributes = html` id="${id}" name="${name}"${described.length > 0 ? html` aria-describedby="${described.join(' ')}"` : ''}${more.error ? html` aria-invalid="true"` : ''}${more.maxLength ? html` maxlength="${more.maxLength}"` : ''}`
  if (kind === 'select')
    return html`<select class="ds-input"${attributes}>${choices.map(
      (one) =>
        html`<option value="${one.value}"${one.value === value ? html` selected` : ''}>${one.text}</option>`,
    )}</select>`
  if (kind === 'textarea')
    return html`<textarea class="ds-input" rows="${more.rows ?? 4}"${attributes}>${value}</textarea>`
  return html`<input class="ds-input" type="${kind}" value="${value}"${attributes}>`
}

export type Fault = { readonly name: string; readonly text: string }

/** At the top of a form that came back; each line leads to its field. Gets the focus. */
export function errorSummary(lang: Lang, faults: readonly Fault[]): Html | '' {
  if (faults.length === 0) return ''
  return html`<div class="ds-error-summary" role="alert" tabindex="-1"><h2>${SAYS[lang].faults}</h2><ul>${faults.map(({ name, text }) => html`<li><a href="#${name}">${text}</a></li>`)}</ul></div>`
}

export type ButtonLook = 'primary' | 'secondary' | 'tertiary'

/** @example `button('提交')`, `button('退回', { look: 'secondary', name: 'verb', value: 'return' })` */
export function button(
  text: string,
  {
    look = 'primary',
    name,
    value,
    isDanger,
  }: { look?: ButtonLook; name?: string; value?: string; isDanger?: boolean } = {},
): Html {
  const own = name ? html` name="${name}" value="${value ?? ''}"` : ''
  return html`<button class="ds-button" data-variant="${look}"${isDanger ? html` data-color="danger"` : ''}${own}>${text}</button>`
}

/** A link that looks like a button: for going somewhere, never for changing anything. */
export function linkButton(href: string, text: string, look: ButtonLook = 'secondary'): Html {
  return html`<a class="ds-button" data-variant="${look}" href="${href}">${text}</a>`
}

/** The field's buttons, side by side; the last ones on the page. */
export function buttons(...them: readonly Content[]): Html {
  return html`<div class="actions">${them}</div>`
}

/** A form that searches: its fields stand in the address. */
export function searchForm(
  lang: Lang,
  { action, submit, ...one }: Field & { readonly action: string; readonly submit: string },
): Html {
  return html`<form class="ask" method="get" action="${action}" role="search" aria-label="${one.label}">${field(lang, { kind: 'search', ...one })}${button(submit)}</form>`
}

/** Copies the text of the element that `of` selects; only there where scripts run. */
export function copyButton(of: string, text: string, done: string): Html {
  return html`<button type="button" class="ds-button" data-variant="secondary" data-copy="${of}" data-done="${done}" hidden>${text}</button>`
}

/** Opens the browser's print dialogue; only there where scripts run, since every browser has its own way. */
export function printButton(text: string): Html {
  return html`<button type="button" class="ds-button" data-variant="secondary" data-print hidden>${text}</button>`
}
