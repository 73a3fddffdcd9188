import { zValidator } from '@hono/zod-validator'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { addDays, dayInShanghai } from '../../calendar/day.ts'
import type { Deps } from '../../deps.ts'
import { ERRORS, Refusal } from '../../errors.ts'
import { limited, proposingBy } from '../../http/admin-proposals.ts'
import { itemFilters } from '../../http/catalog.ts'
import { filter, invalidParameters } from '../../http/input.ts'
import { ownForms } from '../../http/visitor.ts'
import { open } from '../../proposal/act.ts'
import { type Actor, holdsOn } from '../../proposal/actor.ts'
import { listProposals } from '../../proposal/proposal.ts'
import { clocksIn, maySee } from '../../proposal/show.ts'
import { type Agreement, agreementSchema, type Item, itemCode } from '../../registry/documents.ts'
import { byCode, currentVersion, versionInService } from '../../registry/order.ts'
import { noStore, send } from '../handle.ts'
import { AGREEMENTS } from '../texts/agreements.ts'
import { pick } from '../words.ts'
import { agreementDocumentForm } from './agreement-form.ts'
import { adoptedDocument, type Loaded, loadedPage, missing } from './agreement-loaded.ts'
import { agreementsPage, chooseItemPage, type Standing } from './agreements.ts'
import { type Drawn, drafting, formPage, whyNot } from './drafting.ts'
import { type Desk, enter } from './enter.ts'
import { type Values, valuesIn } from './form-values.ts'
import { onConsoleError } from './trouble.ts'

const PAGES_MAX = 100_000
export const agreementsQuery = z.object({
  q: itemFilters.q,
  page: filter(z.coerce.number().int().min(1).max(PAGES_MAX)),
})
export const agreementParam = z.object({ id: agreementSchema.shape.id })
export const applyQuery = z.object({
  ...agreementsQuery.shape,
  item: filter(itemCode),
})

const HOME = '/console/agreements'
const UNDER_WAY = ['draft', 'submitted', 'applied', 'to-correct', 'negotiating', 'coordinating']
const STANDING = ['active', 'suspended', 'ended', 'terminated']
const PROPOSALS_MAX = 2000
/** What is proposed for an application; the applicant changes it. */
const USUAL = { dailyQuota: 1000, days: 365 } as const

/** `/console/agreements`: what is agreed on, what is applied for, and the form that applies. */
export function agreementPages(deps: Deps): Hono {
  const own = proposingBy(deps)
  const { opening } = drafting(deps)
  const param = zValidator('param', agreementParam, invalidParameters)
  return new Hono()
    .onError(onConsoleError)
    .use(ownForms(deps))
    .use(noStore)
    .get('/', zValidator('query', agreementsQuery, invalidParameters), async (c) => {
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
        const items = applicable(desk, applicants(desk), q)
        return c.html(chooseItemPage(desk, { items, q, page }))
      }
      return c.html(formPage(desk, application(desk, item)))
    })
    .post('/new', limited(), async (c) => {
      const desk = await enter(deps, c)
      applicants(desk)
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
    try {
      const { proposal } = await open(own, desk.actor, { kind: 'agreement', verb: 'adopt', doc })
      return c.redirect(`/console/proposals/${proposal.id}?done=adopt`, 303)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const again = loadedPage(desk, { ...loaded, top: whyNot(desk.view, error) })
      return send(c, again, ERRORS[error.code].status as 400)
    }
  }

  /** @throws Refusal `not-found`, also for an agreement that this person has no business with. */
  async function oneOf(desk: Desk, id: string) {
    const found = (await standing(desk)).find(({ agreement }) => agreement.id === id)
    if (!found?.item) throw new Refusal('not-found')
    return { ...found, item: found.item }
  }

  async function underWay({ actor, registry }: Desk) {
    const found = await listedIn(actor, UNDER_WAY)
    const rows = found.filter((one) => maySee(actor, one, registry.agencies))
    const clocks = await clocksIn(own, rows)
    return rows.map((row) => ({ ...row, clocks: clocks.get(row.id) ?? [] }))
  }

  /** Every agreement that this person's agencies are a side of, with the application that it came from. */
  async function standing({ actor, registry }: Desk): Promise<readonly Standing[]> {
    const { agreements, items, agencies } = registry
    const proposals = new Map(
      (await listedIn(actor, STANDING)).map(({ target, id }) => [target, id] as const),
    )
    return [...agreements.values()]
      .flat()
      .map((agreement) => {
        const item = currentVersion(items.get(agreement.item) ?? [])
        return { agreement, item, proposal: proposals.get(agreement.id) }
      })
      .filter(({ agreement: { requesters }, item }) =>
        requesters.some((agency) =>
          maySee(actor, { agency, party: item?.provider ?? null }, agencies),
        ),
      )
      .sort((a, b) => (a.agreement.id < b.agreement.id ? -1 : 1))
  }

  function listedIn({ roles }: Actor, states: readonly string[]) {
    const seesAll = roles.some(({ role }) => role === 'authority' || role === 'auditor')
    const among = seesAll ? undefined : roles.map(({ agency }) => agency)
    return listProposals(deps.store.db, { kind: 'agreement', states, among, limit: PROPOSALS_MAX })
  }
}

/** Whoever may stop it, while it holds. */
function mayAdopt({ actor, registry }: Desk, { state, requesters }: Agreement, item: Item) {
  const side = { agency: requesters[0] as string, party: item.provider }
  const holds = holdsOn(actor, side, registry.agencies)
  const isHead = holds('approver', 'agency') || holds('approver', 'party')
  return state === 'active' && (isHead || holds('authority', 'authority'))
}

/** The agencies that this person applies for. @throws Refusal `forbidden` for whoever is no agency's admin. */
function applicants({ actor }: Desk): readonly string[] {
  const agencies = actor.roles.filter(({ role }) => role === 'admin').map(({ agency }) => agency)
  if (agencies.length === 0) throw new Refusal('forbidden')
  return agencies
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
  const agencies = applicants(desk)
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
