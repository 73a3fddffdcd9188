import { html } from 'hono/html'
import type { Html } from '../words.ts'
import type { Choice } from './form.ts'

type Choices = {
  readonly name: string
  readonly label: string
  readonly hint?: string
  readonly error?: string | undefined
  readonly choices: readonly Choice[]
  readonly chosen: readonly string[]
}

/** Several of a list; without scripts each is an ordinary box to tick. */
export function checkboxes({ name, label, hint, error, choices, chosen }: Choices): Html {
  const under = hint ? html`<p class="faint small">${hint}</p>` : ''
  const wrong = error ? html`<p class="ds-validation-message" data-color="danger">${error}</p>` : ''
  return html`<fieldset class="ds-fieldset" id="${name}"><legend class="ds-label" data-weight="medium">${label}</legend>${under}${wrong}${choices.map(
    ({ value, text }) =>
      html`<p><label class="ds-label"><input class="ds-input" type="checkbox" name="${name}" value="${value}"${chosen.includes(value) ? html` checked` : ''}> ${text}</label></p>`,
  )}</fieldset>`
}

/** A file to be handed over. */
export function fileField({
  name,
  label,
  hint,
  accept,
  error,
}: {
  readonly name: string
  readonly label: string
  readonly hint?: string
  /** Endings, with commas between them: what the browser offers first. */
  readonly accept?: string
  readonly error?: string | undefined
}): Html {
  const under = hint ? html`<p class="faint small" id="${name}-hint">${hint}</p>` : ''
  const wrong = error
    ? html`<p class="ds-validation-message" data-color="danger" id="${name}-error">${error}</p>`
    : ''
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ')
  return html`<div class="ds-field"><label class="ds-label" data-weight="medium" for="${name}">${label}</label>${under}${wrong}<input class="ds-input" type="file" id="${name}" name="${name}"${accept ? html` accept="${accept}"` : ''}${described ? html` aria-describedby="${described}"` : ''}${error ? html` aria-invalid="true"` : ''}></div>`
}

/** What a form carries along unseen. */
export function hidden(values: Readonly<Record<string, string>>): Html {
  return html`${Object.entries(values).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}`
}

type Tick = { readonly name: string; readonly text: string; readonly isTicked: boolean }

/** Boxes that are sent each under its own name, with `value` where they are ticked. */
export function ticks({
  id,
  label,
  hint,
  error,
  value,
  boxes,
}: Pick<Choices, 'label' | 'hint' | 'error'> & {
  readonly id: string
  readonly value: string
  readonly boxes: readonly Tick[]
}): Html {
  const under = hint ? html`<p class="faint small">${hint}</p>` : ''
  const wrong = error ? html`<p class="ds-validation-message" data-color="danger">${error}</p>` : ''
  return html`<fieldset class="ds-fieldset ticks" id="${id}"><legend class="ds-label" data-weight="medium">${label}</legend>${under}${wrong}<div>${boxes.map(
    ({ name, text, isTicked }) =>
      html`<label class="ds-label"><input class="ds-input" type="checkbox" name="${name}" value="${value}"${isTicked ? html` checked` : ''}> ${text}</label>`,
  )}</div></fieldset>`
}
