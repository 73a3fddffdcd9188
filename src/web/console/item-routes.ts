import { zValidator } from '@hono/zod-validator'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import { Refusal } from '../../errors.ts'
import { limited } from '../../http/admin-proposals.ts'
import { itemParam } from '../../http/catalog.ts'
import { invalidParameters } from '../../http/input.ts'
import { ownForms } from '../../http/visitor.ts'
import { isFresh } from '../../people/session.ts'
import { holdsOn } from '../../proposal/actor.ts'
import type { Item } from '../../registry/documents.ts'
import { currentVersion } from '../../registry/order.ts'
import { noStore, send } from '../handle.ts'
import { pagedQuery } from '../paging.ts'
import { ITEM_FORM } from '../texts/item-form.ts'
import { pick } from '../words.ts'
import { type Drawn, drafting, formPage } from './drafting.ts'
import { administered, type Desk, enter, mustAdminister } from './enter.ts'
import { valuesIn } from './form-values.ts'
import { itemDocumentForm } from './item-document-form.ts'
import { type Stopping, stopPage } from './item-stop.ts'
import { itemsPage, type OwnItem } from './items.ts'
import { onConsoleError } from './trouble.ts'

export const stopParam = z.object({ ...itemParam.shape, what: z.enum(['suspend', 'retire']) })

/** `/console/items`, and the forms that propose one; what they send is judged as the API's is. */
export function itemPages(deps: Deps): Hono {
  const param = zValidator('param', itemParam, invalidParameters)
  const stop = zValidator('param', stopParam, invalidParameters)
  const { opening, opened } = drafting(deps)

  return new Hono()
    .onError(onConsoleError)
    .use(ownForms(deps))
    .use(noStore)
    .get('/items', zValidator('query', pagedQuery, invalidParameters), async (c) => {
      const desk = await enter(deps, c)
      const { q, page: at = 1 } = c.req.valid('query')
      return c.html(itemsPage(desk, ownItems(desk), { q, page: at }))
    })
    .get('/items/new', async (c) => {
      const desk = await enter(deps, c)
      return c.html(formPage(desk, newItem(desk)))
    })
    .post('/items/new', limited(), async (c) => {
      const desk = await enter(deps, c)
      return opening(c, desk, newItem(desk))
    })
    .get('/items/:code/edit', param, async (c) => {
      const desk = await enter(deps, c)
      return c.html(formPage(desk, newVersion(desk, c.req.valid('param').code)))
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
    return opened(c, desk, {
      ...asked,
      again: (top, error) =>
        stopPage(desk, { ...stopping, reason, mustConfirm: error === 'step-up', top }),
    })
  }
}

/** @throws Refusal `forbidden` for whoever is no agency's admin. */
function newItem(desk: Desk): Drawn {
  const agencies = mustAdminister(desk)
  const title = ITEM_FORM[desk.view.lang].newTitle
  const begun = { title, base: FRESH, hasCode: false, agencies, back: '/console/items' }
  return { form: itemDocumentForm, begun }
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
function newVersion(desk: Desk, code: string): Drawn {
  const { view, registry } = desk
  const item = registry.items.get(code)?.[0]
  if (!item) throw new Refusal('unknown-item')
  const { provider } = item
  if (!administered(desk).includes(provider)) throw new Refusal('forbidden')
  const title = ITEM_FORM[view.lang].versionTitle(pick(view.lang, item.names))
  const begun = { title, base: item, hasCode: true, agencies: [provider], back: '/console/items' }
  return { form: itemDocumentForm, begun }
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
