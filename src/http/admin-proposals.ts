import { zValidator } from '@hono/zod-validator'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { dayInShanghai } from '../calendar/day.ts'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import type { Visitor } from '../people/session.ts'
import { type Acted, move, open, type Proposing } from '../proposal/act.ts'
import type { Actor } from '../proposal/actor.ts'
import { KINDS } from '../proposal/kinds.ts'
import { listProposals, saidSchema } from '../proposal/proposal.ts'
import { clocksIn, maySee, mustSee, type Shown, showProposal } from '../proposal/show.ts'
import { noStore } from '../web/handle.ts'
import { invalidParameters } from './input.ts'
import { limitBody } from './limits.ts'
import { ownForms, requireVisitor } from './visitor.ts'

const BODY_BYTES_MAX = 256 * 1024
const PAGE_MAX = 100

const word = z.string().regex(/^[a-z][a-z-]{0,31}$/)

/** What comes with an act; the revision comes as If-Match. */
export const stepSchema = z.strictObject({
  doc: z.unknown().optional(),
  said: saidSchema.optional(),
  reason: z.string().trim().min(1).max(2000).optional(),
  details: z.record(word, z.string().trim().min(1).max(2000)).optional(),
})
export const openingSchema = z.strictObject({
  ...stepSchema.shape,
  kind: word,
  /** `open`, or whatever else a proposal of this kind may begin with. */
  verb: word.default('open'),
})
export const proposalParam = z.object({ id: z.uuid() })
export const actParam = z.object({ id: z.uuid(), verb: word })
export const proposalQuery = z.object({
  kind: word.optional(),
  state: word.optional(),
  // No engine finds a zero byte, and one of them refuses to look.
  target: z
    .string()
    .min(1)
    .max(64)
    .refine((text) => !text.includes('\0'))
    .optional(),
  agency: z.string().length(18).optional(),
  cursor: z
    .string()
    .regex(/^\d{1,16}~[0-9a-f-]{36}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(50),
})

/** The registry's changes: `/v1/admin/proposals`. The console's pages call the same functions. */
export function proposalRoutes(deps: Deps): Hono {
  const own = proposingBy(deps)
  return new Hono()
    .use(ownForms(deps))
    .use(noStore)
    .get('/', zValidator('query', proposalQuery, invalidParameters), async (c) => {
      const actor = actorOf(await requireVisitor(deps, c))
      return c.json(await proposalsPage(own, actor, c.req.valid('query')))
    })
    .post('/', limited(), zValidator('json', openingSchema, invalidParameters), async (c) => {
      const actor = actorOf(await requireVisitor(deps, c))
      const acted = await open(own, actor, c.req.valid('json'))
      c.header('Location', `/v1/admin/proposals/${acted.proposal.id}`)
      return sent(c, acted, 201)
    })
    .get('/:id', zValidator('param', proposalParam, invalidParameters), async (c) => {
      const actor = actorOf(await requireVisitor(deps, c))
      const shown = await showProposal(own, actor, c.req.valid('param').id)
      c.header('ETag', etag(shown.proposal.revision))
      return c.json(written(shown))
    })
    .post(
      '/:id/:verb',
      limited(),
      zValidator('param', actParam, invalidParameters),
      zValidator('json', stepSchema, invalidParameters),
      async (c) => {
        const actor = actorOf(await requireVisitor(deps, c))
        const { id, verb } = c.req.valid('param')
        const revision = revisionOf(c)
        // Who may not see it learns nothing of its state.
        await mustSee(own, actor, id)
        return sent(c, await move(own, actor, { ...c.req.valid('json'), id, verb, revision }), 200)
      },
    )
}

export function proposingBy(deps: Deps): Proposing {
  return { ...deps, kinds: KINDS, today: dayInShanghai }
}

export function actorOf({ person, session }: Visitor): Actor {
  return { id: person.id, roles: person.roles, steppedUpAt: session.steppedUpAt }
}

export const limited = () => limitBody(BODY_BYTES_MAX)

function etag(revision: number): string {
  return `"${revision}"`
}

/** @throws Refusal `no-precondition`; `parameters` for a tag that is none of ours. */
function revisionOf(c: Context): number {
  const tag = c.req.header('if-match')
  if (tag === undefined) throw new Refusal('no-precondition')
  const revision = /^"(\d{1,9})"$/.exec(tag)?.[1]
  if (revision === undefined) throw new Refusal('parameters', { pointers: ['/if-match'] })
  return Number(revision)
}

function sent(c: Context, { proposal, entry }: Acted, status: 200 | 201): Response {
  c.header('ETag', etag(proposal.revision))
  c.header('Log-Index', String(entry))
  const { id, kind, target, state, revision } = proposal
  return c.json({ id, kind, target, state, revision, entry }, status)
}

/** Newest change first. An authority's page is shorter where it is not competent for what stands between. */
export async function proposalsPage(
  own: Proposing,
  actor: Actor,
  query: z.infer<typeof proposalQuery>,
) {
  const { cursor, limit, kind, state, target, agency } = query
  const [changedAt = '', id = ''] = cursor?.split('~') ?? []
  const before = cursor === undefined ? undefined : { changedAt: Number(changedAt), id }
  const seesAll = actor.roles.some(({ role }) => role === 'authority' || role === 'auditor')
  const among = seesAll ? undefined : actor.roles.map((role) => role.agency)
  const wanted = { kind, state, target, agency, among, before, limit }
  const { agencies } = await own.registry.view()
  const rows = await listProposals(own.store.db, wanted)
  const last = rows.length === limit ? rows.at(-1) : undefined
  const seen = rows.filter((row) => maySee(actor, row, agencies))
  const clocks = await clocksIn(own, seen)
  return {
    proposals: seen.map((row) => ({ ...row, clocks: clocks.get(row.id) ?? [] })),
    ...(last ? { next: `${last.changedAt}~${last.id}` } : {}),
  }
}

function written({ choices, ...shown }: Shown) {
  return {
    ...shown,
    choices: choices.map(({ move: { verb, needsReason = false, details }, whyNot }) => ({
      ...{ verb, needsReason, may: whyNot === undefined },
      ...(whyNot ? { whyNot } : {}),
      // What has to be said beside the reason, as JSON Schema.
      ...(details ? { details: z.toJSONSchema(details) } : {}),
    })),
  }
}
