import { zValidator } from '@hono/zod-validator'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import { Refusal } from '../../errors.ts'
import { limited } from '../../http/admin-proposals.ts'
import { filter, invalidParameters } from '../../http/input.ts'
import { ownForms } from '../../http/visitor.ts'
import { type Answer, answerAt, CLAIMS_MAX, mayReport } from '../../proposal/kinds/correction.ts'
import { listProposals } from '../../proposal/proposal.ts'
import { noStore, send } from '../handle.ts'
import { claimsIn, faultsOf, findPage, reportPage, reports } from './correction.ts'
import { drafting } from './drafting.ts'
import { type Desk, enter } from './enter.ts'
import { type Values, valuesIn } from './form-values.ts'
import { onConsoleError } from './trouble.ts'

/** As people type it: what is no number of an answer is said beside the field. */
export const correctionQuery = z.object({ entry: filter(z.string().trim().max(64)) })

const NUMBER = /^\d{1,15}$/

/** `/console/corrections/new`: an answer that was found wrong is reported to whoever provides the data. */
export function correctionPages(deps: Deps): Hono {
  const { opened } = drafting(deps)
  const { db } = deps.store
  return new Hono()
    .onError(onConsoleError)
    .use(ownForms(deps))
    .use(noStore)
    .get('/new', zValidator('query', correctionQuery, invalidParameters), async (c) => {
      const desk = await reporter(c)
      const { entry } = c.req.valid('query')
      if (entry === undefined) return c.html(findPage(desk))
      const answer = await ownAnswer(desk, entry)
      if (!answer) return send(c, findPage(desk, entry), 400)
      return c.html(reportPage(desk, { answer, reported: await underWay(answer) }))
    })
    .post('/new', limited(), async (c) => {
      const desk = await reporter(c)
      const values = await valuesIn(c)
      const { entry = '' } = values
      const answer = await ownAnswer(desk, entry)
      return answer ? reported(c, desk, { answer, values }) : send(c, findPage(desk, entry), 400)
    })

  async function reported(
    c: Context,
    desk: Desk,
    { answer, values }: { readonly answer: Answer; readonly values: Values },
  ) {
    const faults = faultsOf(desk, values, CLAIMS_MAX)
    if (Object.keys(faults).length > 0)
      return send(c, reportPage(desk, { answer, values, faults }), 400)
    const doc = { entry: answer.entry, claims: claimsIn(values) }
    return opened(c, desk, {
      ...{ kind: 'correction', verb: 'report', doc, reason: values.reason?.trim() },
      again: (top) => reportPage(desk, { answer, values, top }),
    })
  }

  /** @throws Refusal `forbidden` for whoever may report for no agency. */
  async function reporter(c: Context): Promise<Desk> {
    const desk = await enter(deps, c)
    if (!reports(desk)) throw new Refusal('forbidden')
    return desk
  }

  /** Another agency's answer is told from none by nothing. */
  async function ownAnswer({ actor, registry }: Desk, entry: string) {
    if (!NUMBER.test(entry)) return undefined
    const answer = await answerAt(db, registry, Number(entry))
    return answer && mayReport(actor, answer.requester, registry) ? answer : undefined
  }

  async function underWay({ entry, requester }: Answer): Promise<string | undefined> {
    const same = { kind: 'correction', target: String(entry), state: 'reported' } as const
    const [one] = await listProposals(db, { ...same, agency: requester, limit: 1 })
    return one?.id
  }
}
