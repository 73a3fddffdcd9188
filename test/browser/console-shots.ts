import type { Hono } from 'hono'
import type { Browser, Page } from 'playwright-core'
import { dayInShanghai } from '../../src/calendar/day.ts'
import type { Deps } from '../../src/deps.ts'
import { proposingBy } from '../../src/http/admin-proposals.ts'
import { findBySubject } from '../../src/people/people.ts'
import { beginSession } from '../../src/people/session.ts'
import { type Acted, move, open } from '../../src/proposal/act.ts'
import type { Actor } from '../../src/proposal/actor.ts'
import { showProposal } from '../../src/proposal/show.ts'
import { demoCaller, HOUSING, headerOf, REQUEST_TYPE, requestEnvelope } from '../caller.ts'
import { claimsOf } from '../city.ts'

type Shot = {
  readonly name: string
  /** Who looks at it. */
  readonly subject: string
  readonly path: string
  readonly height?: number
  /** What he does there first. */
  readonly first?: (page: Page) => Promise<void>
}

/** The app, and the folder of the seeded city. */
type Place = { readonly app: Hono; readonly dir: string }

/** The console's main pages; what they show has happened a moment before. */
export async function consoleShots(deps: Deps, place: Place): Promise<readonly Shot[]> {
  const review = await reviewed(deps)
  const agreement = await appliedFor(deps)
  const record = await asked(deps, place)
  return [
    { name: 'console-items', subject: 'ding', path: '/console/items' },
    {
      ...{ name: 'console-review', subject: 'bo', path: `/console/proposals/${review}` },
      height: 1000,
      first: (page) => upTo(page, '.diff'),
    },
    {
      ...{ name: 'console-agreement', subject: 'er', path: `/console/proposals/${agreement}` },
      height: 1240,
      first: (page) =>
        page
          .locator('summary', { hasText: /怎么算的|How it/ })
          .first()
          .click(),
    },
    { name: 'console-systems', subject: 'ji', path: `/console/systems/${HOUSING}` },
    {
      ...{ name: 'console-log', subject: 'ning', path: `/console/log/${record}`, height: 900 },
      first: async (page) => {
        await page.locator('#proof button').click()
        await page.locator('[data-verdict="unchecked"]').waitFor({ state: 'hidden' })
        await upTo(page, '#proof')
      },
    },
  ]
}

/** What matters there stands at the top of the picture, under its heading. */
async function upTo(page: Page, selector: string): Promise<void> {
  await page.locator(selector).evaluate((one) => {
    scrollBy({ top: one.getBoundingClientRect().top - 80, behavior: 'instant' })
  })
}

/** A browser's page in which somebody is signed in. */
export async function pageFor(
  { deps, browser, url }: { deps: Deps; browser: Browser; url: string },
  subject: string,
  options: Parameters<Browser['newContext']>[0],
): Promise<Page> {
  const { id: person } = await actorFor(deps, subject)
  const now = deps.clock()
  const how = { kind: 'browser', how: 'provider', steppedUpAt: now, agent: 'pictures' } as const
  const { store, crypto } = deps
  const { secret } = await beginSession({ db: store.db, crypto }, { person, ...how }, { now })
  const context = await browser.newContext(options)
  const { hostname: domain } = new URL(url)
  const common = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } as const
  await context.addCookies([{ name: '__Host-sid', value: secret, domain, ...common }])
  return context.newPage()
}

async function actorFor(deps: Deps, subject: string): Promise<Actor> {
  const found = await findBySubject(deps.store.db, 'demo', subject)
  if (!found) throw new Error(`nobody is called ${subject}`)
  return { id: found.id, roles: found.roles, steppedUpAt: deps.clock() }
}

async function go(deps: Deps, { proposal }: Acted, [subject, verb]: readonly [string, string]) {
  const own = proposingBy(deps)
  const actor = await actorFor(deps, subject)
  const { id, revision } = proposal
  const { findings } = await showProposal(own, actor, id)
  const words = (level: string) =>
    Object.fromEntries(
      findings
        .filter((one) => one.level === level)
        .map((one) => [one.id, '已核对登记办法与现行做法。']),
    )
  const said = { reasons: words('reason'), answers: words('question') }
  return move(own, actor, { id, verb, revision, ...(verb === 'submit' ? { said } : {}) })
}

/** A new version of an item that waits for the authority. @returns the change's id. */
async function reviewed(deps: Deps): Promise<string> {
  const item = (await deps.registry.view()).items.get('MAR-01')?.[0]
  const doc = {
    ...item,
    fee: { zh: '不收费，也不代收任何费用。', en: 'None; nothing is collected for others, either.' },
    responsibility: {
      zh: '登记信息有误的，由登记机关更正并对答复负责；用于约定以外用途的，由请求机关负责。',
      en: 'The registrar corrects wrong entries and answers for its reply; the requester answers for any other use.',
    },
  }
  const actor = await actorFor(deps, 'ding')
  let acted = await open(proposingBy(deps), actor, { kind: 'item', verb: 'open', doc })
  for (const step of [
    ['ding', 'submit'],
    ['er', 'approve'],
  ] as const)
    acted = await go(deps, acted, step)
  return acted.proposal.id
}

/** An application that waits for its answer. @returns the change's id. */
async function appliedFor(deps: Deps): Promise<string> {
  const all = [...(await deps.registry.view()).agreements.values()].flat()
  const like = all.find(({ id }) => id === 'housing-mar')
  if (!like) throw new Error('there is no housing-mar')
  const { state: _, ...rest } = like
  const validTo = `${Number(dayInShanghai(deps.clock()).slice(0, 4)) + 1}-12-31`
  const agreement = { ...rest, id: 'housing-marriage', validTo }
  const application = {
    basis: '公共租赁住房管理办法第七条',
    scenario: '公租房申请资格审核',
    scope: '住房保障科工作人员，逐案核验',
  }
  const actor = await actorFor(deps, 'ji')
  const doc = { agreement, application }
  let acted = await open(proposingBy(deps), actor, { kind: 'agreement', verb: 'open', doc })
  for (const step of [
    ['ji', 'submit'],
    ['kang', 'approve'],
  ] as const)
    acted = await go(deps, acted, step)
  return acted.proposal.id
}

/** One question, answered. @returns its record's number. */
async function asked({ issuer, clock }: Deps, { app, dir }: Place): Promise<number> {
  const caller = demoCaller(dir, HOUSING)
  const envelope = requestEnvelope(caller, { issuer, nowMillis: clock() })
  const body = caller.sign(headerOf(caller, REQUEST_TYPE), {
    ...envelope,
    ...claimsOf('family-4-marriage'),
  })
  const headers = { 'content-type': 'application/jwt' }
  const reply = await app.request('/v1/requests', { method: 'POST', body, headers })
  const index = reply.headers.get('log-index')
  if (!reply.ok || index === null) throw new Error(await reply.text())
  return Number(index)
}
