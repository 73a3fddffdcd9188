import { z } from 'zod'
import type { Bilingual } from '../errors.ts'
import { isProposed, type Opening } from '../proposal/from-folder.ts'
import type { Admin, Said } from './admin.ts'
import { Failure } from './failure.ts'
import { readAs } from './remote.ts'

/** What became of one document. */
export type Outcome = {
  readonly outcome: 'proposed' | 'already' | 'draft' | 'returned' | 'taken' | 'refused'
  /** The proposal's id. */
  readonly proposal?: string
  /** What to do, where it is not done. */
  readonly said?: Bilingual
}

const PATH = '/v1/admin/proposals'
/** What these led to is in force, or never will be. */
const OVER: readonly string[] = ['published', 'withdrawn']
const RETURNED: readonly string[] = ['return', 'send-back']

const listed = z.object({ proposals: z.array(z.object({ id: z.string(), state: z.string() })) })
const moved = z.object({ id: z.string(), revision: z.number() })
const shown = z.object({
  proposal: z.object({
    id: z.string(),
    state: z.string(),
    proposer: z.string(),
    revision: z.number(),
    doc: z.unknown(),
  }),
  history: z.array(z.object({ what: z.string() })),
})

type Standing = z.infer<typeof shown>

/**
 * Opens and submits a proposal, unless that has been done. Each step is one commit of the gateway: cut off
 * in between, a draft is left, and the next run goes on with it.
 *
 * @throws Failure where the gateway is away, or the token is over.
 */
export async function propose(admin: Admin, opening: Opening): Promise<Outcome> {
  const standing = await standingFor(admin, opening)
  const same = standing.find(({ proposal }) => isProposed(proposal.doc, opening))
  if (same) return goOn(admin, same)
  const [other] = standing
  if (other) return instead(admin, other, opening)
  const { kind, doc } = opening
  const opened = await admin.post(PATH, { kind, doc })
  return opened.ok ? submit(admin, readAs(moved, opened.body)) : refused(opened)
}

/** What is under way for the same thing, newest change first. */
async function standingFor(admin: Admin, { kind, target }: Opening): Promise<Standing[]> {
  const query = new URLSearchParams({ kind, target, limit: '100' })
  const { proposals } = readAs(listed, await admin.get(`${PATH}?${query}`))
  const open = proposals.filter(({ state }) => !OVER.includes(state))
  const read = open.map(async ({ id }) => readAs(shown, await admin.get(`${PATH}/${id}`)))
  return Promise.all(read)
}

/** It says what the file says: a draft of one's own that was cut off is submitted now. */
async function goOn(admin: Admin, { proposal, history }: Standing): Promise<Outcome> {
  const { id, state, proposer, revision } = proposal
  if (state !== 'draft') return { outcome: 'already', proposal: id }
  const last = history.findLast(({ what }) => isReturn(what))
  if (last)
    return {
      ...{ outcome: 'returned', proposal: id },
      said: {
        zh: '退回后文件没有改动；请按退回理由修改文件再执行',
        en: 'The file is as it was returned: mend it as the reason says, then apply again',
      },
    }
  if (proposer === admin.id) return submit(admin, { id, revision })
  return {
    ...{ outcome: 'draft', proposal: id },
    said: { zh: '他人的草稿，尚未提交', en: 'Somebody else’s draft, not submitted yet' },
  }
}

/** Something else is under way for the same thing: only one's own draft is written anew. */
async function instead(admin: Admin, { proposal }: Standing, { doc }: Opening): Promise<Outcome> {
  const { id, state, proposer, revision } = proposal
  if (state !== 'draft' || proposer !== admin.id)
    return {
      ...{ outcome: 'taken', proposal: id },
      said: {
        zh: '同一对象另有变更在办；请先办结或撤回',
        en: 'Another change of the same thing is under way: let it end, or withdraw it',
      },
    }
  const edited = await admin.post(`${PATH}/${id}/edit`, { doc }, { 'If-Match': `"${revision}"` })
  return edited.ok ? submit(admin, readAs(moved, edited.body)) : refused(edited, id)
}

async function submit(admin: Admin, { id, revision }: z.infer<typeof moved>): Promise<Outcome> {
  const said = await admin.post(`${PATH}/${id}/submit`, {}, { 'If-Match': `"${revision}"` })
  if (said.ok) return { outcome: 'proposed', proposal: id }
  if (said.problem.code !== 'blocked') return refused(said, id)
  const where = `${admin.gateway}/console/proposals/${id}`
  const at = (said.problem.pointers ?? []).join(', ')
  return {
    ...{ outcome: 'draft', proposal: id },
    said: {
      zh: `检查未通过或待说明：${at}。请修改文件再执行，或到 ${where} 补充`,
      en: `Checks stand in the way or ask for words: ${at}. Mend the file and apply again, or complete it at ${where}`,
    },
  }
}

function refused(said: Said, proposal?: string): Outcome {
  if (said.ok) throw new Failure(1, '网关的答复不合格式。', 'The gateway answered out of form.')
  const { code, title, hint, en, pointers = [] } = said.problem
  const at = [code, ...pointers].join(' ')
  return {
    outcome: 'refused',
    ...(proposal === undefined ? {} : { proposal }),
    said: { zh: `${title}（${at}）。${hint}`, en: `${en.title} (${at}). ${en.hint}` },
  }
}

function isReturn(what: string): boolean {
  return RETURNED.some((verb) => what.endsWith(`.${verb}`))
}
