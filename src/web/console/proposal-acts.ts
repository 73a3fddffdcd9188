import { html } from 'hono/html'
import { ERRORS } from '../../errors.ts'
import { asksForWords } from '../../proposal/review.ts'
import type { Choice, Shown } from '../../proposal/show.ts'
import { button, field, linkButton } from '../components/form.ts'
import { PROPOSALS } from '../texts/proposals.ts'
import { type Content, type Html, pick } from '../words.ts'
import type { Desk } from './enter.ts'
import { type Found, saidOf } from './proposal-checks.ts'
import { detailName, detailNames, groundChoices, isOptional } from './proposal-details.ts'
import { holderWords, neverApplies, verbWord } from './proposal-words.ts'

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

/** What this person may do now as buttons, what else there is and why he may not; what asks for words is folded. */
export function actsOf(desk: Desk, shown: Shown, trying?: Trying): Html {
  const { view } = desk
  const says = PROPOSALS[view.lang]
  const open = shown.choices.filter(isOffered)
  const mine = open.filter(({ whyNot }) => whyNot === undefined || whyNot === 'step-up')
  const barred = open.filter((one) => !mine.includes(one))
  const isFolded = (one: Choice) =>
    isReturn(one) || (one.move.needsReason === true && mine.length > 1)
  const forms = [...mine.filter((one) => !isFolded(one)), ...mine.filter(isFolded)]
  return html`<h2>${says.acts}</h2>${
    forms.length === 0
      ? html`<p>${says.actsNone}</p>`
      : forms.map((choice) => formOf(desk, shown, { choice, trying, isFolded: isFolded(choice) }))
  }${
    barred.length === 0
      ? ''
      : html`<h3>${says.whyNot}</h3><ul>${barred.map((one) => html`<li>${whyNotWords(desk, shown, one)}</li>`)}</ul>`
  }`
}

/** Editing has a page of its own, where there is one; what never applies here is not worth a word. */
function isOffered({ move, whyNot }: Choice): boolean {
  return !move.edits && !neverApplies(whyNot)
}

/** Back to whoever wrote it, with one of the listed reasons. */
const RETURNING = new Set(['return', 'send-back'])

function isReturn({ move }: Choice): boolean {
  return move.needsReason === true && move.signs === undefined && RETURNING.has(move.verb)
}

type Forming = {
  readonly choice: Choice
  readonly trying: Trying | undefined
  readonly isFolded: boolean
}

function formOf(desk: Desk, shown: Shown, { choice, trying, isFolded }: Forming): Html {
  const { lang, path } = desk.view
  const says = PROPOSALS[lang]
  const { move, whyNot } = choice
  const verb = verbWord(lang, move.verb)
  if (whyNot === 'step-up' && !trying?.mustConfirm)
    return html`<p class="faint">${says.confirmHint}</p><div class="actions">${linkButton(confirmAt(path), says.confirm(verb), 'primary')}</div>`
  const look = isMain(choice) ? 'primary' : 'secondary'
  const isDanger = isReturn(choice) || STOPS.test(move.verb)
  const fields = fieldsOf(desk, shown, { choice, trying })
  const confirm =
    whyNot === 'step-up'
      ? html`<p><a href="${confirmAt(path)}" target="_blank" rel="noopener">${says.confirmThere}</a></p>`
      : ''
  const form = html`<form class="act" method="post" action="${path}" data-unsaved><input type="hidden" name="revision" value="${shown.proposal.revision}"><input type="hidden" name="verb" value="${move.verb}">${fields}${confirm}<div class="actions">${button(verb, { look, isDanger })}</div></form>`
  if (!isFolded) return form
  const isOpen = trying?.typed.verb === move.verb
  return html`<details class="returning"${isOpen ? html` open` : ''}><summary class="ds-button" data-variant="secondary">${says.returning(verb)}</summary>${form}</details>`
}

/** What takes something away from somebody. */
const STOPS = /^(?:refuse|end|terminate|uphold|decline|suspend-.+)$/

function isMain({ move }: Choice): boolean {
  return (move.isChecked === true || move.signs !== undefined) && !STOPS.test(move.verb)
}

function fieldsOf(
  { view }: Desk,
  shown: Shown,
  { choice, trying }: Omit<Forming, 'isFolded'>,
): Content {
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
  const details = detailNames(move).map((name) =>
    field(lang, {
      ...{ name: detailName(name), id: id(detailName(name)), label: says.details[name] },
      ...(name === 'code' ? { kind: 'select', choices: groundChoices(lang) } : {}),
      ...(name === 'days' ? { kind: 'number' } : { maxLength: 2000 }),
      ...{ isOptional: isOptional(name), value: given(detailName(name)) },
      error: error(detailName(name)),
    }),
  )
  if (!move.needsReason) return html`${words}${details}`
  const hint = Object.hasOwn(says.reasonHints, move.verb)
    ? { hint: says.reasonHints[move.verb as keyof typeof says.reasonHints] }
    : {}
  if (!isReturn(choice)) return html`${words}${details}${area('reason', says.lift, hint)}`
  const choices = RETURN_REASONS.map((value) => ({ value, text: says.reasons[value] }))
  const why = field(lang, {
    ...{ kind: 'select', name: 'why', id: id('why'), label: says.whyReturn, choices },
    value: given('why', 'incomplete'),
  })
  return html`${words}${why}${area('reason', says.whyWords, { hint: says.whyWordsHint })}`
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
