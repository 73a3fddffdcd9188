import { zValidator } from '@hono/zod-validator'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { addDays, dayInShanghai } from '../../calendar/day.ts'
import type { Deps } from '../../deps.ts'
import { Refusal } from '../../errors.ts'
import { limited, proposingBy } from '../../http/admin-proposals.ts'
import { filter, invalidParameters } from '../../http/input.ts'
import { ownForms } from '../../http/visitor.ts'
import { type Actor, holdsOn } from '../../proposal/actor.ts'
import { listProposals, type Wanted } from '../../proposal/proposal.ts'
import { clocksIn, maySee, maySeeAgreement } from '../../proposal/show.ts'
import { type Agreement, agreementSchema, type Item, itemCode } from '../../registry/documents.ts'
import { currentOf } from '../../registry/fate.ts'
import { byCode, currentVersion, versionInService } from '../../registry/order.ts'
import { noStore, send } from '../handle.ts'
import { pagedQuery } from '../paging.ts'
import { AGREEMENTS } from '../texts/agreements.ts'
import { pick } from '../words.ts'
import { agreementDocumentForm } from './agreement-form.ts'
import { adoptedDocument, type Loaded, loadedPage, missing } from './agreement-loaded.ts'
import { agreementsPage, chooseItemPage, type Standing } from './agreements.ts'
import { type Drawn, drafting, formPage } from './drafting.ts'
import { type Desk, enter, mustAdminister } from './enter.ts'
import { type Values, valuesIn } from './form-values.ts'
import { onConsoleError } from './trouble.ts'

export const agreementParam = z.object({ id: agreementSchema.shape.id })
export const applyQuery = z.object({ ...pagedQuery.shape, item: filter(itemCode) })

const HOME = '/console/agreements'
const UNDER_WAY = ['draft', 'submitted', 'applied', 'to-correct', 'negotiating', 'coordinating']
const STANDING = ['active', 'suspended', 'ended', 'terminated']
const PROPOSALS_MAX = 2000
/** What is proposed for an application; the applicant changes it. */
const USUAL = { dailyQuota: 1000, days: 365 } as const

/** `/console/agreements`: what is agreed on, what is applied for, and the form that applies. */
export function agreementPages(deps: Deps): Hono {
  const own = proposingBy(deps)
  const { opening, opened } = drafting(deps)
  const param = zValidator('param', agreementParam, invalidParameters)
  return new Hono()
    .onError(onConsoleError)
    .use(ownForms(deps))
    .use(noStore)
    .get('/', zValidator('query', pagedQuery, invalidParameters), async (c) => {
      const desk = await enter(deps, c)
      const { q, page = 1 } = c.req.valid('query')
      const today = dayInShanghai(desk.now)
      const told = { underWay: await underWay(desk), standing: await standing(desk) }
      return c.html(agreementsPage(desk, { ...told, q, page, today }))
    })
    .get('/new', zValidator('query', applyQuery, invalidParameters), async (c) => {
      const desk = await enter(deps, c)
      const { q, item, page = 1 } = c.req.valid('query')
      if (item === undefined) {
        const items = applicable(desk, mustAdminister(desk), q)
        return c.html(chooseItemPage(desk, { items, q, page }))
      }
      return c.html(formPage(desk, application(desk, item)))
    })
    .post('/new', limited(), async (c) => {
      const desk = await enter(deps, c)
      mustAdminister(desk)
      const { item = '' } = await valuesIn(c)
      if (item === '') throw new Refusal('parameters', { pointers: ['/item'] })
      return opening(c, desk, application(desk, item))
    })
    .get('/:id', param, async (c) => {
      const desk = await enter(deps, c)
      const { agreement, item, proposal } = await oneOf(desk, c.req.valid('param').id)
      if (proposal) return c.redirect(`/console/proposals/${proposal}`, 303)
      return c.html(
        loadedPage(desk, { agreement, item, mayAdopt: mayAdopt(desk, agreement, item) }),
      )
    })
    .post('/:id', limited(), param, async (c) => {
      const desk = await enter(deps, c)
      const { agreement, item } = await oneOf(desk, c.req.valid('param').id)
      if (!mayAdopt(desk, agreement, item)) throw new Refusal('forbidden')
      return adopted(c, desk, { agreement, item, mayAdopt: true, values: await valuesIn(c) })
    })

  async function adopted(c: Context, desk: Desk, loaded: Loaded & { readonly values: Values }) {
    const { agreement, values } = loaded
    if (missing(values).length > 0) return send(c, loadedPage(desk, loaded), 400)
    const doc = adoptedDocument(agreement, values)
    return opened(c, desk, {
      ...{ kind: 'agreement', verb: 'adopt', doc },
      again: (top) => loadedPage(desk, { ...loaded, top }),
    })
  }

  /** @throws Refusal `not-found`, also for an agreement that this person has no business with. */
  async function oneOf({ actor, registry }: Desk, id: string) {
    const agreement = currentOf('agreement', id, registry)
    const item = agreement && currentVersion(registry.items.get(agreement.item) ?? [])
    if (!agreement || !item || !maySeeAgreement(actor, registry, agreement))
      throw new Refusal('not-found')
    const [one] = await listedIn(actor, { states: STANDING, target: id, limit: 1 })
    return { agreement, item, proposal: one?.id }
  }

  async function underWay({ actor, registry }: Desk) {
    const found = await listedIn(actor, { states: UNDER_WAY })
    const rows = found.filter((one) => maySee(actor, one, registry.agencies))
    const clocks = await clocksIn(own, rows)
    return rows.map((row) => ({ ...row, clocks: clocks.get(row.id) ?? [] }))
  }

  /** Every agreement that this person's agencies are a side of, with the application that it came from. */
  async function standing({ actor, registry }: Desk): Promise<readonly Standing[]> {
    const { agreements, items } = registry
    const listed = await listedIn(actor, { states: STANDING })
    const proposals = new Map(listed.map(({ target, id }) => [target, id] as const))
    return [...agreements.values()]
      .flat()
      .filter((agreement) => maySeeAgreement(actor, registry, agreement))
      .map((agreement) => {
        const item = currentVersion(items.get(agreement.item) ?? [])
        return { agreement, item, proposal: proposals.get(agreement.id) }
      })
      .sort((a, b) => (a.agreement.id < b.agreement.id ? -1 : 1))
  }

  function listedIn({ roles }: Actor, wanted: Partial<Wanted>) {
    const seesAll = roles.some(({ role }) => role === 'authority' || role === 'auditor')
    const among = seesAll ? undefined : roles.map(({ agency }) => agency)
    const kind = 'agreement'
    return listProposals(deps.store.db, { limit: PROPOSALS_MAX, ...wanted, kind, among })
  }
}

/** Whoever may stop it, while it holds. */
function mayAdopt({ actor, registry }: Desk, { state, requesters }: Agreement, item: Item) {
  const side = { agency: requesters[0] as string, party: item.provider }
  const holds = holdsOn(actor, side, registry.agencies)
  const isHead = holds('approver', 'agency') || holds('approver', 'party')
  return state === 'active' && (isHead || holds('authority', 'authority'))
}

/** What is in service and shared, and provided by somebody else. */
function applicable({ registry }: Desk, agencies: readonly string[], q = ''): readonly Item[] {
  const wanted = q.trim().toLowerCase()
  return [...registry.items.values()]
    .flatMap((versions) => versionInService(versions) ?? [])
    .filter(
      ({ sharing, provider }) => sharing.class !== 'NOT_SHARED' && !agencies.includes(provider),
    )
    .filter(({ code, names }) =>
      [code, names.zh, names.en].some((text) => text.toLowerCase().includes(wanted)),
    )
    .sort(byCode)
}

/** @throws Refusal `unknown-item`, `forbidden`. */
function application(desk: Desk, code: string): Drawn {
  const { view, registry, now } = desk
  const agencies = mustAdminister(desk)
  const item = currentVersion(registry.items.get(code) ?? [])
  if (!item) throw new Refusal('unknown-item')
  const [agency = ''] = agencies
  const region = registry.agencies.get(agency)?.region
  const validFrom = dayInShanghai(now)
  const agreement = {
    id: `${code.toLowerCase()}-${crypto.randomUUID().slice(0, 8)}`,
    ...{ item: code, requesters: [agency], regions: region ? [region] : [] },
    purposes: [{ service: '', basis: '', scenario: '' }],
    ...{ validFrom, validTo: addDays(validFrom, USUAL.days), dailyQuota: USUAL.dailyQuota },
  }
  const title = AGREEMENTS[view.lang].newTitle(pick(view.lang, item.names))
  const begun = { title, base: { agreement }, hasCode: false, agencies, back: HOME }
  return { form: agreementDocumentForm, begun }
}
