import type { Context } from 'hono'
import { html } from 'hono/html'
import { dayInShanghai } from '../../calendar/day.ts'
import type { Deps } from '../../deps.ts'
import { type Code, ERRORS, Refusal } from '../../errors.ts'
import { proposingBy } from '../../http/admin-proposals.ts'
import { move, open } from '../../proposal/act.ts'
import { CHANGED_ON } from '../../proposal/kinds/publishing-clocks.ts'
import { showProposal } from '../../proposal/show.ts'
import { diffDocuments } from '../../registry/diff.ts'
import { send } from '../handle.ts'
import { page } from '../page.ts'
import { ITEM_FORM } from '../texts/item-form.ts'
import type { View } from '../view.ts'
import { type Content, type Html, pick } from '../words.ts'
import type { Begun, DocumentForm } from './document-form.ts'
import type { Desk } from './enter.ts'
import { faultsOf } from './form-faults.ts'
import type { Filling } from './form-fields.ts'
import { afterRowButton, type Values, valuesIn } from './form-values.ts'
import { FORMS } from './forms.ts'
import { topNotice } from './proposal.ts'
import { proposalDiff } from './proposal-diff.ts'

/**
 * What every form of a document does: it comes back with one row more or less, or with everything that was
 * written and what is wrong, or it is kept as a draft and leads there.
 */
export function drafting(deps: Deps) {
  const own = proposingBy(deps)

  return { opening, opened, editing, saving }

  async function opening(c: Context, desk: Desk, drawn: Drawn) {
    const { form, begun } = drawn
    const values = await valuesIn(c)
    const changed = afterRowButton(values)
    if (changed) return c.html(formPage(desk, drawn, { values: changed }))
    try {
      const taken = begun.hasCode ? undefined : form.takenBy?.(desk, values)
      if (taken) throw new Refusal('parameters', { pointers: [taken] })
      const details = sinceOf(desk, values)
      const doc = form.documentOf(values, begun.base)
      const asked = { kind: form.kind, verb: 'open', doc, details }
      const { proposal } = await open(own, desk.actor, asked)
      return c.redirect(`/console/proposals/${proposal.id}?done=open`, 303)
    } catch (error) {
      return refused(c, desk, { ...drawn, values, error })
    }
  }

  /** Opens what has no draft to go back to; refused, `again` draws the page anew, with why at its top. */
  async function opened(c: Context, desk: Desk, { again, ...asked }: Asked) {
    try {
      const { proposal } = await open(own, desk.actor, asked)
      return c.redirect(`/console/proposals/${proposal.id}?done=${asked.verb}`, 303)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { code } = error
      return send(c, again(whyNot(desk.view, error), code), ERRORS[code].status as 400)
    }
  }

  /** @throws Refusal `wrong-state` where nothing is left to edit, and why this person may not. */
  async function editing(desk: Desk, id: string): Promise<Drawn & { readonly verb: string }> {
    const { proposal, choices } = await showProposal(own, desk.actor, id)
    const form = FORMS.get(proposal.kind)
    const edit = choices.find(({ move: { edits } }) => edits)
    if (!form || !edit) throw new Refusal('wrong-state')
    if (edit.whyNot) throw new Refusal(edit.whyNot)
    const { doc: base, revision, agency } = proposal
    const begun: Begun = {
      ...{ base, hasCode: true, revision, agencies: [agency] },
      title: form.editTitle(desk.view.lang, base),
      back: `/console/proposals/${id}`,
    }
    return { form, begun, verb: edit.move.verb }
  }

  async function saving(c: Context, desk: Desk, id: string) {
    const { verb, ...drawn } = await editing(desk, id)
    const { form, begun } = drawn
    const values = await valuesIn(c)
    const changed = afterRowButton(values)
    if (changed) return c.html(formPage(desk, drawn, { values: changed }))
    const doc = form.documentOf(values, begun.base)
    const revision = Number(values.revision)
    if (!Number.isSafeInteger(revision)) throw new Refusal('no-precondition')
    try {
      await move(own, desk.actor, { id, verb, revision, doc })
      return c.redirect(`/console/proposals/${id}?done=${verb}`, 303)
    } catch (error) {
      // The form has the revision that stands now: whoever sends it again has seen what changed.
      const now = await editing(desk, id)
      return refused(c, desk, { ...now, values, error })
    }
  }
}

/** @throws Refusal `parameters` for a day that has not come. */
function sinceOf({ now }: Desk, { [CHANGED_ON]: day = '' }: Values) {
  if (day === '') return undefined
  if (day > dayInShanghai(now))
    throw new Refusal('parameters', { pointers: [`/details/${CHANGED_ON}`] })
  return { [CHANGED_ON]: day }
}

type Asked = Parameters<typeof open>[2] & { readonly again: (top: Html, code: Code) => Html }

/** One form of one document. */
export type Drawn = { readonly form: DocumentForm; readonly begun: Begun }
type Again = Pick<Filling, 'faults'> & { readonly values: Values; readonly top: Content }

export function formPage(
  desk: Desk,
  { form, begun }: Drawn,
  { values, faults = {}, top = '' }: Partial<Again> = {},
): Html {
  const { view, menu } = desk
  const { title, base, ...rest } = begun
  const home = form.home(view.lang)
  const filling = { ...rest, action: view.path, values: values ?? form.valuesOf(base), faults }
  return page(view, {
    title,
    crumbs: [home],
    current: home.href,
    menu,
    body: html`${top}<p>${form.lead(view.lang)}</p>${form.fields(desk, filling)}`,
  })
}

type Refused = Drawn & { readonly values: Values; readonly error: unknown }

/** The form again, with everything that was written, and what is wrong. @throws what is no refusal. */
function refused(
  c: Context,
  desk: Desk,
  { form, begun, values, error }: Refused,
): Response | Promise<Response> {
  if (!(error instanceof Refusal)) throw error
  const { code } = error
  const faults = faultsOf(error, { lang: desk.view.lang, values }, form.faulting)
  const isStale = code === 'stale'
  const isFault = Object.keys(faults).length > 0
  const why = isFault ? '' : whyNot(desk.view, error)
  const top = isStale ? sinceThen(desk, { form, begun, values }) : why
  const again = formPage(desk, { form, begun }, { values, faults: isStale ? {} : faults, top })
  return send(c, again, ERRORS[code].status as 400)
}

/** Left what is kept now, right what was written here. */
function sinceThen(
  { view }: Desk,
  { form, begun: { base, back }, values }: Omit<Refused, 'error'>,
): Html {
  const { lang } = view
  const says = ITEM_FORM[lang]
  type Members = Readonly<Record<string, unknown>>
  const kept = base as Members
  const mine = form.documentOf(values, base) as Members
  // What the gateway sets by itself is no difference.
  const own = Object.hasOwn(kept, 'version') ? { version: mine.version } : {}
  const changes = diffDocuments({ ...kept, ...own }, mine)
  return html`${topNotice('warn', says.staleLead, html`<p>${says.staleGo} <a href="${back}" target="_blank" rel="noopener">${says.staleRead}</a></p>`)}${proposalDiff(lang, changes)}`
}

function whyNot({ lang }: View, { code }: Refusal): Html {
  const { title, hint } = ERRORS[code]
  return topNotice('bad', pick(lang, title), html`<p>${pick(lang, hint)}</p>`)
}
