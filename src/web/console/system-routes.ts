import { zValidator } from '@hono/zod-validator'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { calculateJwkThumbprint, type JWK } from 'jose'
import { z } from 'zod'
import { searchLog } from '../../audit/search.ts'
import type { Deps } from '../../deps.ts'
import { Refusal } from '../../errors.ts'
import { proposingBy } from '../../http/admin-proposals.ts'
import { invalidParameters } from '../../http/input.ts'
import { limitBody } from '../../http/limits.ts'
import { ownForms } from '../../http/visitor.ts'
import { move, open } from '../../proposal/act.ts'
import { listProposals } from '../../proposal/proposal.ts'
import { maySee } from '../../proposal/show.ts'
import { systemSchema } from '../../registry/documents.ts'
import { notice } from '../components/state.ts'
import { noStore, send } from '../handle.ts'
import { pageNumber } from '../paging.ts'
import { SYSTEMS } from '../texts/systems.ts'
import type { Content } from '../words.ts'
import { administered, type Desk, enter, mustAdminister } from './enter.ts'
import { systemPage } from './system.ts'
import { confirmPage, keyForm, systemForm } from './system-form.ts'
import { chosenOf, KEYS_MAX, readKeys, readSystem, valuesOf } from './system-input.ts'
import { keysOf, systemsOf } from './system-words.ts'
import { type Seen, systemsPage } from './systems.ts'
import { onConsoleError } from './trouble.ts'

const BODY_BYTES_MAX = 256 * 1024
/** Entries that are looked through for calls: of a list of systems, and of one. */
const LIST_LOOKED = 1000
const ONE_LOOKED = 20_000
const CALLS = 5
const KINDS: readonly string[] = ['system', 'key']
const OVER: readonly string[] = ['published', 'withdrawn']

export const systemParam = z.object({ id: systemSchema.shape.id })
const listQuery = z.object({ page: pageNumber })
const endForm = z.object({
  kid: z.string().min(1).max(128),
  verb: z.enum(['retire', 'revoke']),
  reason: z.string().trim().min(1).max(2000),
})

/** `/console/systems`: systems join, their keys come and go; the same kinds of change as by API. */
export function systemPages(deps: Deps): Hono {
  const own = proposingBy(deps)
  const param = zValidator('param', systemParam, invalidParameters)
  return new Hono()
    .onError(onConsoleError)
    .use(ownForms(deps))
    .use(noStore)
    .use(limitBody(BODY_BYTES_MAX))
    .get('/', zValidator('query', listQuery, invalidParameters), async (c) => {
      const desk = await enter(deps, c)
      const seen = await lastSeen(deps)
      return c.html(systemsPage(desk, systemsOf(desk), seen, c.req.valid('query').page ?? 1))
    })
    .get('/new', async (c) => {
      const desk = await proposer(deps, c)
      const [agency = ''] = administered(desk)
      const values = { agency, actsFor: agency, perSecond: '20', burst: '40' }
      return c.html(systemForm(desk, { values, faults: {} }, joining(desk)))
    })
    .post('/new', async (c) => {
      const desk = await proposer(deps, c)
      const says = SYSTEMS[desk.view.lang]
      const { file = '', step = '', chosen = '', ...values } = await valuesOf(c)
      const read = readSystem(values, desk.registry, says)
      const offered = await readKeys(deps, { ...values, file }, says)
      const faults = { ...read.faults, ...offered.faults }
      const again = (wrong: Record<string, string>, status: 200 | 400) =>
        send(c, systemForm(desk, { values, faults: wrong }, joining(desk)), status)
      if (step === 'back') return again({}, 200)
      const { system } = read
      if (!system || Object.keys(faults).length > 0) return again(faults, 400)
      const { keys } = offered
      const shown = { values, keys, action: joining(desk).action, most: KEYS_MAX }
      if (step !== 'send') return c.html(confirmPage(desk, shown))
      const picked = chosenOf(keys, chosen, KEYS_MAX)
      if (!picked)
        return send(c, confirmPage(desk, { ...shown, fault: says.faults.choose(KEYS_MAX) }), 400)
      const doc = { system, keys: picked.map(({ jwk }) => jwk) }
      const sent = await propose(desk, 'system', doc)
      return sent ? c.redirect(sent, 303) : again({ key: says.faults.known }, 400)
    })
    .get('/:id', param, async (c) => {
      const desk = await enter(deps, c)
      return c.html(await one(desk, c.req.valid('param').id, noteOf(desk, c.req.query('done'))))
    })
    .get('/:id/keys/new', param, async (c) => {
      const desk = await proposer(deps, c)
      const { id } = mine(desk, c.req.valid('param').id)
      return c.html(keyForm(desk, { values: {}, faults: {} }, adding(desk, id)))
    })
    .post('/:id/keys/new', param, async (c) => {
      const desk = await proposer(deps, c)
      const { id } = mine(desk, c.req.valid('param').id)
      const says = SYSTEMS[desk.view.lang]
      const { file = '', step = '', chosen = '', ...values } = await valuesOf(c)
      const { keys, faults } = await readKeys(deps, { ...values, file }, says)
      const again = (wrong: Record<string, string>, status: 200 | 400) =>
        send(c, keyForm(desk, { values, faults: wrong }, adding(desk, id)), status)
      if (step === 'back') return again({}, 200)
      if (keys.length === 0) return again(faults, 400)
      const shown = { values, keys, action: adding(desk, id).action, most: 1 }
      if (step !== 'send') return c.html(confirmPage(desk, shown))
      const [picked] = chosenOf(keys, chosen, 1) ?? []
      if (!picked)
        return send(c, confirmPage(desk, { ...shown, fault: says.faults.choose(1) }), 400)
      const sent = await propose(desk, 'key', { system: id, jwk: picked.jwk })
      return sent ? c.redirect(sent, 303) : again({ key: says.faults.known }, 400)
    })
    .post('/:id/key-end', param, zValidator('form', endForm, invalidParameters), async (c) => {
      const desk = await enter(deps, c)
      const { id } = c.req.valid('param')
      const { kid, verb, reason } = c.req.valid('form')
      await open(own, desk.actor, { kind: 'key-end', verb, doc: { system: id, kid }, reason })
      return c.redirect(`/console/systems/${id}?done=ended`, 303)
    })

  function joining({ view }: Desk) {
    return { title: SYSTEMS[view.lang].newTitle, action: '/console/systems/new' }
  }

  function adding({ view }: Desk, id: string) {
    const action = `/console/systems/${id}/keys/new`
    return { title: `${SYSTEMS[view.lang].newKeyTitle} · ${id}`, action }
  }

  /**
   * Opens the change and hands it to the second person. What review asks for first is said on its own page,
   * where the draft waits.
   *
   * @returns where to go on; undefined where a key is registered already.
   */
  async function propose({ actor }: Desk, kind: string, doc: object): Promise<string | undefined> {
    const opened = await open(own, actor, { kind, verb: 'open', doc }).catch((error) => {
      if (error instanceof Refusal && error.code === 'parameters') return undefined
      throw error
    })
    if (!opened) return undefined
    const { id, target, revision } = opened.proposal
    try {
      await move(own, actor, { id, verb: 'submit', revision })
      return `/console/systems/${target}?done=sent`
    } catch (error) {
      if (error instanceof Refusal && error.code === 'blocked') return `/console/proposals/${id}`
      throw error
    }
  }

  async function one(desk: Desk, id: string, top: Content) {
    const { registry, actor } = desk
    const system = registry.systems.get(id)
    const all = await listProposals(deps.store.db, { target: id, limit: 50 })
    const ours = all.filter(
      (each) => KINDS.includes(each.kind) && maySee(actor, each, registry.agencies),
    )
    const mayRead =
      system && maySee(actor, { agency: system.agency, party: null }, registry.agencies)
    if (!mayRead && (system || ours.length === 0)) throw new Refusal('not-found')
    const calls = system
      ? (await searchLog(deps, { caller: id }, { page: CALLS, most: ONE_LOOKED })).rows
      : []
    const under = ours.filter(({ state }) => !OVER.includes(state))
    const prints = await printsOf(desk, id)
    return systemPage(desk, { id, system, calls, open: under, prints, top })
  }
}

/** @throws Refusal `forbidden` unless somebody administers an agency. */
async function proposer(deps: Deps, c: Context): Promise<Desk> {
  const desk = await enter(deps, c)
  mustAdminister(desk)
  return desk
}

/** @throws Refusal `not-found` unless it is a system of an agency that this person administers. */
function mine(desk: Desk, id: string) {
  const system = desk.registry.systems.get(id)
  if (!system || !administered(desk).includes(system.agency)) throw new Refusal('not-found')
  return system
}

function noteOf({ view: { lang } }: Desk, done: string | undefined): Content {
  const says = SYSTEMS[lang]
  if (done === 'sent') return notice('good', html`<h2>${says.sent}</h2><p>${says.sentNext}</p>`)
  return done === 'ended' ? notice('good', html`<p>${says.ended}</p>`) : ''
}

async function printsOf({ registry }: Desk, id: string): Promise<ReadonlyMap<string, string>> {
  const prints = keysOf(registry, id).map(
    async ({ kid, jwk }) => [kid, await calculateJwkThumbprint(jwk as JWK)] as const,
  )
  return new Map(await Promise.all(prints))
}

async function lastSeen(deps: Deps): Promise<Seen> {
  const bounds = { page: LIST_LOOKED, most: LIST_LOOKED }
  const { rows, from, to } = await searchLog(deps, {}, bounds)
  const at = new Map<string, string>()
  for (const { leaf } of rows)
    if (leaf.caller !== undefined && !at.has(leaf.caller)) at.set(leaf.caller, leaf.time)
  return { at, looked: to - from }
}
