import { zValidator } from '@hono/zod-validator'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import { ERRORS, Refusal } from '../../errors.ts'
import { limited, proposalParam, proposingBy } from '../../http/admin-proposals.ts'
import { itemFilters, itemParam } from '../../http/catalog.ts'
import { filter, invalidParameters } from '../../http/input.ts'
import { ownForms } from '../../http/visitor.ts'
import { isFresh } from '../../people/session.ts'
import { move, open } from '../../proposal/act.ts'
import { holdsOn } from '../../proposal/actor.ts'
import { showProposal } from '../../proposal/show.ts'
import { diffDocuments } from '../../registry/diff.ts'
import type { Item } from '../../registry/documents.ts'
import { currentVersion } from '../../registry/order.ts'
import { noStore, send } from '../handle.ts'
import { page } from '../page.ts'
import { ITEM_FORM } from '../texts/item-form.ts'
import type { View } from '../view.ts'
import { type Content, type Html, pick } from '../words.ts'
import { type Desk, enter } from './enter.ts'
import { documentOf, type Values, valuesOf } from './item-document.ts'
import { faultsOf } from './item-faults.ts'
import { type Filling, itemForm } from './item-form.ts'
import { type Stopping, stopPage } from './item-stop.ts'
import { itemsPage, type OwnItem } from './items.ts'
import { topNotice } from './proposal.ts'
import { proposalDiff } from './proposal-diff.ts'
import { onConsoleError } from './trouble.ts'

const PAGES_MAX = 100_000
export const itemsQuery = z.object({
  q: itemFilters.q,
  page: filter(z.coerce.number().int().min(1).max(PAGES_MAX)),
})
export const stopParam = z.object({ ...itemParam.shape, what: z.enum(['suspend', 'retire']) })
const FORM_FIELDS_MAX = 500

/** `/console/items`, and the forms that open or edit a proposal; what they send is judged as the API's is. */
export function itemPages(deps: Deps): Hono {
  const own = proposingBy(deps)
  const param = zValidator('param', itemParam, invalidParameters)
  const idParam = zValidator('param', proposalParam, invalidParameters)
  const stop = zValidator('param', stopParam, invalidParameters)

  return new Hono()
    .onError(onConsoleError)
    .use(ownForms(deps))
    .use(noStore)
    .get('/items', zValidator('query', itemsQuery, invalidParameters), async (c) => {
      const desk = await enter(deps, c)
      const { q, page: at = 1 } = c.req.valid('query')
      return c.html(itemsPage(desk, ownItems(desk), { q, page: at }))
    })
    .get('/items/new', async (c) => {
      const desk = await enter(deps, c)
      return c.html(formPage(desk, newItem(desk), {}))
    })
    .post('/items/new', limited(), async (c) => {
      const desk = await enter(deps, c)
      return opening(c, desk, newItem(desk))
    })
    .get('/items/:code/edit', param, async (c) => {
      const desk = await enter(deps, c)
      return c.html(formPage(desk, newVersion(desk, c.req.valid('param').code), {}))
    })
    .post('/items/:code/edit', limited(), param, async (c) => {
      const desk = await enter(deps, c)
      return opening(c, desk, newVersion(desk, c.req.valid('param').code))
    })
    .get('/items/:code/:what', stop, async (c) => {
      const desk = await enter(deps, c)
      return c.html(stopPage(desk, stoppingOf(desk, c.req.valid('param'))))
    })
    .post('/items/:code/:what', limited(), stop, async (c) => {
      const desk = await enter(deps, c)
      return stopped(c, desk, stoppingOf(desk, c.req.valid('param')))
    })
    .get('/proposals/:id/edit', idParam, async (c) => {
      const desk = await enter(deps, c)
      return c.html(formPage(desk, await editing(desk, c.req.valid('param').id), {}))
    })
    .post('/proposals/:id/edit', limited(), idParam, async (c) => {
      const desk = await enter(deps, c)
      const { id } = c.req.valid('param')
      const begun = await editing(desk, id)
      const values = await valuesIn(c)
      const doc = documentOf(values, begun.base)
      const revision = Number(values.revision)
      if (!Number.isSafeInteger(revision)) throw new Refusal('no-precondition')
      try {
        const said = { id, verb: 'edit', revision, doc }
        await move(own, desk.actor, said)
        return c.redirect(`/console/proposals/${id}?done=edit`, 303)
      } catch (error) {
        // The form has the revision that stands now: whoever sends it again has seen what changed.
        return refused(c, desk, { begun: await editing(desk, id), values, error })
      }
    })

  async function opening(c: Context, desk: Desk, begun: Begun) {
    const values = await valuesIn(c)
    try {
      if (!begun.hasCode && desk.registry.items.has(values.code ?? ''))
        throw new Refusal('parameters', { pointers: ['/doc/code'] })
      const doc = documentOf(values, begun.base)
      const { proposal } = await open(own, desk.actor, { kind: 'item', verb: 'open', doc })
      return c.redirect(`/console/proposals/${proposal.id}?done=open`, 303)
    } catch (error) {
      return refused(c, desk, { begun, values, error })
    }
  }

  async function stopped(c: Context, desk: Desk, stopping: Stopping) {
    const { lang } = desk.view
    const { reason = '' } = await valuesIn(c)
    if (reason.trim() === '')
      return send(c, stopPage(desk, { ...stopping, error: ITEM_FORM[lang].empty }), 400)
    const { code, version } = stopping.item
    const doc = { code, version, reason: reason.trim() }
    const suspends = stopping.what === 'suspend'
    const asked = suspends
      ? { kind: 'suspension', verb: 'suspend', doc }
      : { kind: 'retirement', verb: 'open', doc }
    try {
      const { proposal } = await open(own, desk.actor, asked)
      return c.redirect(`/console/proposals/${proposal.id}?done=${asked.verb}`, 303)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const top = whyNot(desk.view, error)
      const mustConfirm = error.code === 'step-up'
      const again = stopPage(desk, { ...stopping, reason, mustConfirm, top })
      return send(c, again, ERRORS[error.code].status as 400)
    }
  }

  async function editing(desk: Desk, id: string): Promise<Begun> {
    const { proposal, choices } = await showProposal(own, desk.actor, id)
    const edit = choices.find((choice) => choice.move.edits)
    if (proposal.kind !== 'item' || !edit) throw new Refusal('wrong-state')
    if (edit.whyNot) throw new Refusal(edit.whyNot)
    const base = proposal.doc as Item
    const says = ITEM_FORM[desk.view.lang]
    return {
      ...{ base, hasCode: true, revision: proposal.revision, providers: [base.provider] },
      title: says.editTitle(pick(desk.view.lang, base.names)),
      back: `/console/proposals/${id}`,
    }
  }
}

/** What a form begins with. */
type Begun = Pick<Filling, 'revision' | 'hasCode' | 'providers' | 'back'> & {
  readonly title: string
  readonly base: Partial<Item>
}

/** @throws Refusal `forbidden` for whoever is no agency's admin. */
function newItem({ view, actor }: Desk): Begun {
  const agencies = actor.roles.filter(({ role }) => role === 'admin').map(({ agency }) => agency)
  if (agencies.length === 0) throw new Refusal('forbidden')
  const title = ITEM_FORM[view.lang].newTitle
  return { title, base: FRESH, hasCode: false, providers: agencies, back: '/console/items' }
}

/** What most items have; whoever writes one changes it. */
const FRESH: Partial<Item> = {
  sharing: { class: 'CONDITIONAL', scope: { zh: '', en: '' }, use: { zh: '', en: '' } },
  timeLimit: {
    statutory: { n: 10, unit: 'WORKING_DAY', from: 'RECEIPT', basis: '政务数据共享条例第二十一条' },
    promised: { n: 5, unit: 'WORKING_DAY', from: 'RECEIPT', basis: '提供机关承诺' },
  },
}

/** @throws Refusal `unknown-item`; `forbidden` for whoever is no admin of its agency. */
function newVersion({ view, actor, registry }: Desk, code: string): Begun {
  const item = registry.items.get(code)?.[0]
  if (!item) throw new Refusal('unknown-item')
  const { provider } = item
  if (!actor.roles.some(({ role, agency }) => role === 'admin' && agency === provider))
    throw new Refusal('forbidden')
  const title = ITEM_FORM[view.lang].versionTitle(pick(view.lang, item.names))
  return { title, base: item, hasCode: true, providers: [provider], back: '/console/items' }
}

/** What this person may do about an item. */
function ownItem({ actor, registry }: Desk, item: Item): OwnItem {
  const side = { agency: item.provider, party: null }
  const holds = holdsOn(actor, side, registry.agencies)
  const mayPropose = holds('admin', 'agency')
  const maySuspend = holds('approver', 'agency') || holds('authority', 'authority')
  return { item, mayPropose, maySuspend }
}

function ownItems(desk: Desk): readonly OwnItem[] {
  const newest = [...desk.registry.items.values()].flatMap((versions) => versions[0] ?? [])
  return newest
    .map((item) => ownItem(desk, item))
    .filter(({ mayPropose, maySuspend }) => mayPropose || maySuspend)
    .sort((a, b) => (a.item.code < b.item.code ? -1 : 1))
}

/** @throws Refusal `unknown-item`, `forbidden`. */
function stoppingOf(desk: Desk, { code, what }: z.infer<typeof stopParam>): Stopping {
  const versions = desk.registry.items.get(code)
  const item = currentVersion(versions ?? [])
  if (!item) throw new Refusal('unknown-item')
  const { mayPropose, maySuspend } = ownItem(desk, item)
  if (what === 'suspend' ? !maySuspend : !mayPropose) throw new Refusal('forbidden')
  const mustConfirm = what === 'suspend' && !isFresh(desk.actor.steppedUpAt, desk.now)
  return { what, item, mustConfirm }
}

async function valuesIn(c: Context): Promise<Values> {
  const sent = Object.entries(await c.req.parseBody()).slice(0, FORM_FIELDS_MAX)
  return Object.fromEntries(
    sent.filter((one): one is [string, string] => typeof one[1] === 'string'),
  )
}

type Again = Pick<Filling, 'faults'> & { readonly values: Values; readonly top: Content }

function formPage(
  desk: Desk,
  begun: Begun,
  { values, faults = {}, top = '' }: Partial<Again>,
): Html {
  const { view, menu } = desk
  const says = ITEM_FORM[view.lang]
  const { title, base, ...rest } = begun
  const filling = { ...rest, action: view.path, values: values ?? valuesOf(base), faults }
  return page(view, {
    title,
    crumbs: [{ href: '/console/items', text: says.items }],
    current: '/console/items',
    menu,
    body: html`${top}<p>${says.newLead}</p>${itemForm(desk, filling)}`,
  })
}

type Refused = { readonly begun: Begun; readonly values: Values; readonly error: unknown }

/** The form again, with everything that was written, and what is wrong. @throws what is no refusal. */
function refused(c: Context, desk: Desk, { begun, values, error }: Refused) {
  if (!(error instanceof Refusal)) throw error
  const { lang } = desk.view
  const faults = faultsOf(lang, error, values)
  const isFault = Object.keys(faults).length > 0
  const top =
    error.code === 'stale'
      ? sinceThen(desk, begun, values)
      : isFault
        ? ''
        : whyNot(desk.view, error)
  const again = formPage(desk, begun, { values, faults: error.code === 'stale' ? {} : faults, top })
  return send(c, again, ERRORS[error.code].status as 400)
}

/** Left what is kept now, right what was written here. */
function sinceThen({ view }: Desk, { base, back }: Begun, values: Values): Html {
  const { lang } = view
  const says = ITEM_FORM[lang]
  const mine = documentOf(values, base) as Readonly<Record<string, unknown>>
  const changes = diffDocuments({ ...base, version: 1 }, mine)
  return html`${topNotice('warn', says.staleLead, html`<p>${says.staleGo} <a href="${back}" target="_blank" rel="noopener">${says.staleRead}</a></p>`)}${proposalDiff(lang, changes)}`
}

function whyNot({ lang }: View, { code }: Refusal): Html {
  const { title, hint } = ERRORS[code]
  return topNotice('bad', pick(lang, title), html`<p>${pick(lang, hint)}</p>`)
}
