import { zValidator } from '@hono/zod-validator'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import { ERRORS, Refusal } from '../../errors.ts'
import {
  limited,
  proposalsPage as listed,
  proposalParam,
  proposalQuery,
  proposingBy,
} from '../../http/admin-proposals.ts'
import { filter, invalidParameters } from '../../http/input.ts'
import { ownForms } from '../../http/visitor.ts'
import { namesOf } from '../../people/people.ts'
import { move } from '../../proposal/act.ts'
import { readInbox } from '../../proposal/inbox.ts'
import type { Listed } from '../../proposal/proposal.ts'
import { asksForWords } from '../../proposal/review.ts'
import { clocksIn, type Shown, showProposal } from '../../proposal/show.ts'
import { type Offered, withPrints } from '../../registry/offered-keys.ts'
import type { SystemJwk } from '../../registry/system-keys.ts'
import { noStore, send } from '../handle.ts'
import { PROPOSALS } from '../texts/proposals.ts'
import { type Content, pick } from '../words.ts'
import { type Desk, enter } from './enter.ts'
import { inboxPage } from './inbox.ts'
import { historyOf, proposalPage, topNotice } from './proposal.ts'
import { RETURN_REASONS, type Trying, wordsName } from './proposal-acts.ts'
import { detailName, detailNames } from './proposal-details.ts'
import { doneWord } from './proposal-words.ts'
import { proposalsPage } from './proposals.ts'
import { onConsoleError } from './trouble.ts'

const word = proposalQuery.shape.kind
export const listQuery = z.object({
  kind: filter(word.unwrap()),
  state: filter(proposalQuery.shape.state.unwrap()),
  target: filter(proposalQuery.shape.target.unwrap()),
  cursor: proposalQuery.shape.cursor,
})
const ROWS = 50

/** What an act's form sends: the verb, the revision that was read, and words by field. */
const actForm = z.object({
  verb: z.string().regex(/^[a-z][a-z-]{0,31}$/),
  revision: z.coerce.number().int().min(0),
  why: z.enum(RETURN_REASONS).optional(),
  reason: z.string().trim().max(2000).optional(),
})

/** `/console` and `/console/proposals`: pages that call what `/v1/admin/proposals` calls. */
export function proposalPages(deps: Deps): Hono {
  const own = proposingBy(deps)
  return new Hono()
    .onError(onConsoleError)
    .use(ownForms(deps))
    .use(noStore)
    .get('/', async (c) => {
      const desk = await enter(deps, c)
      const { waiting, own: mine } = await readInbox(own, desk.actor)
      const clocks = await clocksIn(own, [...waiting, ...mine])
      const timed = (rows: readonly Listed[]) =>
        rows.map((row) => ({ ...row, clocks: clocks.get(row.id) ?? [] }))
      const people = await namedIn([...waiting, ...mine])
      return c.html(inboxPage(desk, { waiting: timed(waiting), own: timed(mine), people }))
    })
    .get('/proposals', zValidator('query', listQuery, invalidParameters), async (c) => {
      const desk = await enter(deps, c)
      const filters = c.req.valid('query')
      const found = await listed(own, desk.actor, { ...filters, limit: ROWS })
      const people = await namedIn(found.proposals)
      return c.html(proposalsPage(desk, filters, { ...found, people }))
    })
    .get('/proposals/:id', zValidator('param', proposalParam, invalidParameters), async (c) => {
      const desk = await enter(deps, c)
      const shown = await showProposal(own, desk.actor, c.req.valid('param').id)
      return c.html(
        await pageOf(desk, shown, { top: doneNotice(desk, shown, c.req.query('done')) }),
      )
    })
    .post(
      '/proposals/:id',
      limited(),
      zValidator('param', proposalParam, invalidParameters),
      zValidator('form', actForm, invalidParameters),
      async (c) => {
        const desk = await enter(deps, c)
        const { id } = c.req.valid('param')
        const before = await showProposal(own, desk.actor, id)
        const form = c.req.valid('form')
        const typed = await textsOf(c)
        const said = saidIn(before, typed)
        const details = detailsIn(before, form, typed)
        const reason = form.reason ? { reason: form.reason } : {}
        const { verb, revision } = form
        try {
          await move(own, desk.actor, { id, verb, revision, ...said, ...details, ...reason })
          return c.redirect(`/console/proposals/${id}?done=${verb}`, 303)
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          const now = await showProposal(own, desk.actor, id)
          const again = { ...(await enter(deps, c)), view: desk.view }
          const names = await personsOf(now)
          const trying = tryingOf(again, now, { typed, error })
          const top = refusedNotice(again, now, { error, revision, names })
          const keys = await keysIn(now)
          const page = proposalPage(again, { shown: now, names, keys, top, trying })
          return send(c, page, ERRORS[error.code].status as 400)
        }
      },
    )

  /** The persons whom changes of a list are about. */
  function namedIn(rows: readonly Listed[]) {
    const persons = rows.filter(({ kind }) => kind === 'person')
    return namesOf(
      deps.store.db,
      persons.map(({ target }) => target),
    )
  }

  async function pageOf(desk: Desk, shown: Shown, more: { top: Content }) {
    const [names, keys] = await Promise.all([personsOf(shown), keysIn(shown)])
    return proposalPage(desk, { shown, names, keys, ...more })
  }

  async function personsOf({ proposal, history }: Shown) {
    const acted = history.map(({ person }) => person)
    return namesOf(deps.store.db, [proposal.proposer, ...acted])
  }
}

/** The keys in a change of a system or of its keys: public and whole since it was saved. */
function keysIn({ proposal: { kind, doc } }: Shown): Promise<readonly Offered[]> {
  if (kind === 'key') return withPrints([(doc as { readonly jwk: SystemJwk }).jwk])
  return withPrints(kind === 'system' ? (doc as { readonly keys: readonly SystemJwk[] }).keys : [])
}

/** The texts of a form as they were sent; files are passed over. */
async function textsOf(c: Context): Promise<Record<string, string>> {
  const all = Object.entries(await c.req.parseBody())
  return Object.fromEntries(
    all.filter((one): one is [string, string] => typeof one[1] === 'string'),
  )
}

/** What the move says beside its reason; fields that were left empty say nothing. */
function detailsIn(
  { choices }: Shown,
  { verb, why }: Pick<z.infer<typeof actForm>, 'verb' | 'why'>,
  typed: Readonly<Record<string, string>>,
) {
  if (why) return { details: { why } }
  const made = choices.find(({ move: { verb: one } }) => one === verb)
  const given = made ? detailNames(made.move) : []
  const said = given.flatMap((name): [string, string][] => {
    const words = typed[detailName(name)]?.trim()
    return words ? [[name, words]] : []
  })
  return said.length > 0 ? { details: Object.fromEntries(said) } : {}
}

/** Words for the findings that ask for some; those said before stay where none came. */
function saidIn({ proposal, findings }: Shown, typed: Readonly<Record<string, string>>) {
  const asked = findings.filter(asksForWords)
  const given = asked.filter((one) => typed[wordsName(one)] !== undefined)
  if (given.length === 0) return {}
  const said = { reasons: { ...proposal.said.reasons }, answers: { ...proposal.said.answers } }
  for (const one of given) {
    const words = (typed[wordsName(one)] ?? '').trim().slice(0, 2000)
    const list = one.level === 'reason' ? said.reasons : said.answers
    const key = `${one.id}${one.pointer}`
    if (words === '') delete list[key]
    else list[key] = words
  }
  return { said }
}

type Tried = { readonly typed: Readonly<Record<string, string>>; readonly error: Refusal }

/** What was written stands in the form again, with what is missing beside its field. */
function tryingOf({ view }: Desk, { findings }: Shown, { typed, error }: Tried): Trying {
  const says = PROPOSALS[view.lang]
  const { code, more } = error
  const open = findings.filter(asksForWords).filter((one) => !typed[wordsName(one)]?.trim())
  const words = code === 'blocked' ? open.map((one) => [wordsName(one), says.unanswered]) : []
  const needed = typed.why === undefined ? says.unanswered : says.needReason
  const reason = code === 'parameters' && !typed.reason?.trim() ? [['reason', needed]] : []
  const details = (more.pointers ?? []).flatMap((pointer) => {
    const [, of, name = ''] = pointer.split('/')
    if (of !== 'details') return []
    const fault = name === 'days' ? says.daysFault : says.unanswered
    return [[`details:${name}`, fault]]
  })
  return {
    typed,
    faults: Object.fromEntries([...words, ...reason, ...details]),
    mustConfirm: code === 'step-up',
  }
}

/** Only of what this person did last: an address that somebody made up says nothing. */
function doneNotice({ view, person }: Desk, { history }: Shown, done: string | undefined): Content {
  const last = history.at(-1)
  if (!last || done === undefined || last.person !== person.id || last.what.split('.')[1] !== done)
    return ''
  return topNotice('good', doneWord(view.lang, done))
}

type Failed = {
  readonly error: Refusal
  readonly revision: number
  readonly names: ReadonlyMap<string, string>
}

/** Each act is one revision, so what happened since is what follows the one that he had read. */
function refusedNotice(desk: Desk, shown: Shown, { error, revision, names }: Failed): Content {
  const { lang } = desk.view
  const says = PROPOSALS[lang]
  const { title, hint } = ERRORS[error.code]
  if (error.code !== 'stale')
    return topNotice(
      'bad',
      `${pick(lang, title)}${lang === 'en' ? '. ' : '。'}${says.refused}`,
      html`<p>${error.code === 'blocked' ? says.blocked : pick(lang, hint)}</p>`,
    )
  const since = shown.history.slice(revision)
  if (since.length === 0) return topNotice('bad', says.staleTarget)
  return topNotice(
    'warn',
    says.staleTitle,
    html`<p>${says.staleSince}</p>${historyOf(desk, since, names)}<p>${says.staleNow}</p>`,
  )
}
