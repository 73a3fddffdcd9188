import { html } from 'hono/html'
import { ERRORS } from '../../errors.ts'
import { REFUSAL_GROUNDS } from '../../proposal/kinds/agreement-refusal.ts'
import type { Move } from '../../proposal/move.ts'
import type { Choice, Shown } from '../../proposal/show.ts'
import { button, field, linkButton } from '../components/form.ts'
import type { Lang } from '../language.ts'
import { PROPOSALS } from '../texts/proposals.ts'
import { type Content, type Html, pick } from '../words.ts'
import type { Desk } from './enter.ts'
import { type Found, saidOf } from './proposal-checks.ts'
import { holderWords, verbWord } from './proposal-words.ts'

/** What somebody had typed when his act was refused, by field; it stands in the form again. */
export type Typed = Readonly<Record<string, string>>

export type Trying = {
  readonly typed: Typed
  /** Fields without which it was refused. */
  readonly faults: Readonly<Record<string, string>>
  /** His sign-in has become too old while he wrote. */
  readonly mustConfirm: boolean
}

/** Where he confirms who he is and comes back from. */
export function confirmAt(path: string): string {
  return `/sign-in/start?${new URLSearchParams({ 'step-up': '', return: path })}`
}

/** Why returned: the code goes into the act's details, the words into its reason. */
export const RETURN_REASONS = [
  'incomplete',
  'basis',
  'duplicate',
  'scope',
  'data',
  'other',
] as const

/** What this person may do now as buttons, what else there is and why he may not; returning stands last. */
export function actsOf(desk: Desk, shown: Shown, trying?: Trying): Html {
  const { view } = desk
  const says = PROPOSALS[view.lang]
  const open = shown.choices.filter(isOffered)
  const mine = open.filter(({ whyNot }) => whyNot === undefined || whyNot === 'step-up')
  const barred = open.filter((one) => !mine.includes(one))
  const forms = [...mine.filter((one) => !isReturn(one)), ...mine.filter(isReturn)]
  return html`<h2>${says.acts}</h2>${
    forms.length === 0
      ? html`<p>${says.actsNone}</p>`
      : forms.map((choice) => formOf(desk, shown, { choice, trying }))
  }${
    barred.length === 0
      ? ''
      : html`<h3>${says.whyNot}</h3><ul>${barred.map((one) => html`<li>${whyNotWords(desk, shown, one)}</li>`)}</ul>`
  }`
}

/** Editing has a page of its own, where there is one. */
function isOffered({ move }: Choice): boolean {
  return !move.edits
}

/** Back to whoever wrote it, with one of the listed reasons. */
const RETURNING = new Set(['return', 'send-back'])

function isReturn({ move }: Choice): boolean {
  return move.needsReason === true && move.signs === undefined && RETURNING.has(move.verb)
}

type Forming = { readonly choice: Choice; readonly trying: Trying | undefined }

function formOf(desk: Desk, shown: Shown, { choice, trying }: Forming): Html {
  const { lang, path } = desk.view
  const says = PROPOSALS[lang]
  const { move, whyNot } = choice
  const verb = verbWord(lang, move.verb)
  if (whyNot === 'step-up' && !trying?.mustConfirm)
    return html`<p class="faint">${says.confirmHint}</p><div class="actions">${linkButton(confirmAt(path), says.confirm(verb), 'primary')}</div>`
  const look = isMain(choice) ? 'primary' : 'secondary'
  const fields = fieldsOf(desk, shown, { choice, trying })
  const confirm =
    whyNot === 'step-up'
      ? html`<p><a href="${confirmAt(path)}" target="_blank" rel="noopener">${says.confirmThere}</a></p>`
      : ''
  const form = html`<form class="act" method="post" action="${path}" data-unsaved><input type="hidden" name="revision" value="${shown.proposal.revision}"><input type="hidden" name="verb" value="${move.verb}">${fields}${confirm}<div class="actions">${button(verb, { look, isDanger: isReturn(choice) })}</div></form>`
  if (!isReturn(choice)) return form
  const isOpen = trying?.typed.verb === move.verb
  return html`<details class="returning"${isOpen ? html` open` : ''}><summary class="ds-button" data-variant="secondary">${says.returning(verb)}</summary>${form}</details>`
}

function isMain({ move }: Choice): boolean {
  return move.isChecked === true || move.signs !== undefined
}

function fieldsOf({ view }: Desk, shown: Shown, { choice, trying }: Forming): Content {
  const { lang } = view
  const says = PROPOSALS[lang]
  const { move } = choice
  const id = (name: string) => `${move.verb}-${name}`
  const given = (name: string, before = '') =>
    trying?.typed.verb === move.verb ? (trying.typed[name] ?? before) : before
  const error = (name: string) =>
    trying?.typed.verb === move.verb ? trying.faults[name] : undefined
  const area = (name: string, label: string, more: { hint?: string; before?: string } = {}) =>
    field(lang, {
      ...{ kind: 'textarea', rows: 3, maxLength: 2000, name, id: id(name), label },
      ...(more.hint ? { hint: more.hint } : {}),
      ...{ value: given(name, more.before), error: error(name) },
    })
  const asked = move.isChecked ? shown.findings.filter(asksForWords) : []
  const words = asked.map((one) => {
    const text = pick(lang, one.texts)
    const label = one.level === 'reason' ? says.reasonFor(text) : says.answer(text)
    const before = saidOf(shown.proposal.said, one) ?? ''
    return area(wordsName(one), label, { hint: says.answersHint, before })
  })
  if (!move.needsReason) return html`${words}`
  const details = detailNames(move).map((name) =>
    name === 'code'
      ? field(lang, {
          ...{ kind: 'select', name: detailName(name), id: id(detailName(name)) },
          ...{ label: says.details.code, choices: groundsIn(lang) },
          value: given(detailName(name)),
        })
      : area(detailName(name), says.details[name]),
  )
  if (!isReturn(choice)) return html`${words}${details}${area('reason', says.lift)}`
  const choices = RETURN_REASONS.map((value) => ({ value, text: says.reasons[value] }))
  const why = field(lang, {
    ...{ kind: 'select', name: 'why', id: id('why'), label: says.whyReturn, choices },
    value: given('why', 'incomplete'),
  })
  return html`${words}${why}${area('reason', says.whyWords, { hint: says.whyWordsHint })}`
}

const DETAILS = ['code', 'law', 'narrower', 'condition', 'days'] as const
type DetailName = (typeof DETAILS)[number]

/** What a move says beside its reason, as far as the form has fields for it. */
export function detailNames({ details }: Pick<Move, 'details'>): readonly DetailName[] {
  const { shape = {} } = (details ?? {}) as { readonly shape?: Readonly<Record<string, unknown>> }
  return DETAILS.filter((name) => Object.hasOwn(shape, name))
}

/** The form's field for a detail. */
export function detailName(name: DetailName): string {
  return `details:${name}`
}

function groundsIn(lang: Lang) {
  return Object.entries(REFUSAL_GROUNDS).map(([value, ground]) => ({
    value,
    text: `${value} ${pick(lang, ground)}`,
  }))
}

export function asksForWords({ level }: Pick<Found, 'level'>): boolean {
  return level === 'reason' || level === 'question'
}

/** The form's field for a finding's words: `answers:promised-limit/timeLimit/promised`. */
export function wordsName({ level, id, pointer }: Pick<Found, 'level' | 'id' | 'pointer'>): string {
  return `${level === 'reason' ? 'reasons' : 'answers'}:${id}${pointer}`
}

function whyNotWords(
  { view, registry }: Desk,
  { proposal }: Shown,
  { move, whyNot }: Choice,
): Html {
  const { lang } = view
  const says = PROPOSALS[lang]
  const code = whyNot ?? 'forbidden'
  const why = pick(lang, ERRORS[code].title)
  const who =
    code === 'forbidden'
      ? says.whoMay(holderWords(lang, registry, move, proposal))
      : pick(lang, ERRORS[code].hint)
  return html`${says.whyNotOf(verbWord(lang, move.verb), why)}${lang === 'en' ? '. ' : '。'}${who}`
}
