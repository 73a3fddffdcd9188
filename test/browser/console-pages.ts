import { type Acted, move, open } from '../../src/proposal/act.ts'
import type { Actor } from '../../src/proposal/actor.ts'
import { showProposal } from '../../src/proposal/show.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { NOW, type TestGateway } from '../harness.ts'
import { personOf } from '../people.ts'
import { applicationOf } from '../proposal/applying.ts'
import { itemOf, proposing } from '../proposing.ts'

export type ConsolePage = {
  /** Who reads it. */
  readonly subject: string
  /** `:draft` and the like stand for the change that was prepared in that state. */
  readonly path: string
  /** Signed in a while ago, so that approvals lead to confirming it first. */
  readonly steppedUp?: false
}

/** Every page of the console, with the states that it can be in. */
export const CONSOLE_PAGES: readonly ConsolePage[] = [
  { subject: 'ding', path: '/console' },
  { subject: 'bo', path: '/console' },
  { subject: 'ning', path: '/console' },
  { subject: 'ding', path: '/console/proposals' },
  { subject: 'ding', path: '/console/proposals?state=lifted&kind=item' },
  { subject: 'ding', path: '/console/proposals/:draft' },
  { subject: 'er', path: '/console/proposals/:submitted' },
  { subject: 'er', path: '/console/proposals/:submitted', steppedUp: false },
  { subject: 'bo', path: '/console/proposals/:approved' },
  { subject: 'ding', path: '/console/proposals/:returned' },
  { subject: 'ding', path: '/console/proposals/:fresh' },
  { subject: 'ding', path: '/console/proposals/:retiring' },
  { subject: 'bo', path: '/console/proposals/:suspended' },
  { subject: 'ding', path: '/console/proposals/:draft/edit' },
  { subject: 'ding', path: '/console/import' },
  { subject: 'ding', path: '/console/items' },
  { subject: 'bo', path: '/console/items?q=没有这样的' },
  { subject: 'ding', path: '/console/items/new' },
  { subject: 'ding', path: '/console/items/MAR-01/edit' },
  { subject: 'er', path: '/console/items/MAR-01/suspend' },
  { subject: 'er', path: '/console/items/MAR-01/suspend', steppedUp: false },
  { subject: 'ding', path: '/console/items/MAR-01/retire' },
  { subject: 'er', path: '/console/items/new' },
  { subject: 'ann', path: '/console/services' },
  { subject: 'ding', path: '/console/services?q=没有这样的' },
  { subject: 'ding', path: '/console/services/new' },
  { subject: 'ding', path: '/console/services/S03/edit' },
  { subject: 'ann', path: '/console/agencies/11990100MB9901016H/pledge' },
  { subject: 'ji', path: '/console/agreements' },
  { subject: 'ji', path: '/console/agreements?q=没有这样的' },
  { subject: 'ji', path: '/console/agreements/new' },
  { subject: 'ji', path: '/console/agreements/new?item=MAR-01' },
  { subject: 'er', path: '/console/agreements/housing-mar' },
  { subject: 'er', path: '/console/agreements/housing-mar', steppedUp: false },
  { subject: 'er', path: '/console/proposals/:applied' },
  { subject: 'ji', path: '/console/proposals/:correcting' },
  { subject: 'ji', path: '/console/proposals/:correcting/edit' },
  { subject: 'bo', path: '/console/proposals/:agreed' },
  { subject: 'ji', path: '/console/corrections/new' },
  { subject: 'ji', path: '/console/corrections/new?entry=0' },
  { subject: 'ji', path: '/console/corrections/new?entry=:wrong' },
  { subject: 'fan', path: '/console/proposals/:reported' },
  { subject: 'ji', path: '/console/systems' },
  { subject: 'ji', path: '/console/systems/housing-bureau' },
  { subject: 'ji', path: '/console/systems/housing-bureau/keys/new' },
  { subject: 'ji', path: '/console/systems/new' },
  { subject: 'bo', path: '/console/people' },
  { subject: 'ji', path: '/console/people/new' },
  { subject: 'fan', path: '/console/session' },
  { subject: 'fan', path: '/console/session/passkeys' },
  { subject: 'ning', path: '/console/log' },
  { subject: 'ning', path: '/console/log/0' },
]

function actorFor(subject: string): Actor {
  const { id, roles } = personOf(subject)
  return { id, roles, steppedUpAt: NOW }
}

/** Changes at every step, on a gateway of their own. @returns the real path for one of the list's. */
export async function prepareConsole(gateway: TestGateway): Promise<(path: string) => string> {
  const own = proposing(gateway)
  const [admin, head, authority] = ['ding', 'er', 'bo'].map(actorFor) as [Actor, Actor, Actor]
  const item = await itemOf(gateway, 'MAR-01')
  const propose = (members: object) =>
    open(own, admin, { kind: 'item', verb: 'open', doc: { ...item, ...members } })
  const go = async ({ proposal }: Acted, by: Actor, verb: string, more: object = {}) => {
    const { id, revision } = proposal
    return move(own, by, { id, verb, revision, ...more })
  }
  const sent = async (members: object) => go(await propose(members), admin, 'submit')
  const why = { reason: '请写明不能推断什么。', details: { why: 'incomplete' } }
  const applied = async (id: string) => apply(gateway, id)
  const provider = actorFor('fan')
  const { code, version } = item
  const reply = await gateway.ask(HOUSING, claimsOf('family-4-marriage'))
  const entry = Number(reply.headers.get('log-index'))
  const acted: Readonly<Record<string, Acted>> = {
    reported: await open(own, actorFor('ji'), {
      ...{ kind: 'correction', verb: 'report', reason: '与窗口所见证件不符' },
      doc: { entry, claims: ['status'] },
    }),
    draft: await propose({ fee: { zh: '按件收费', en: 'A fee for each' } }),
    submitted: await sent({ mode: { zh: '接口', en: 'Interface' } }),
    approved: await go(await sent({ content: { zh: '登记状态', en: 'State' } }), head, 'approve'),
    returned: await go(await sent({ content: { zh: '状态', en: 'Status' } }), head, 'return', why),
    fresh: await propose({ code: 'MAR-77', contract: null, connector: null, replaces: [] }),
    retiring: await open(own, admin, {
      ...{ kind: 'retirement', verb: 'open' },
      doc: { code, version, reason: '登记库并入省级平台。' },
    }),
    applied: await applied('housing-applied'),
    correcting: await go(await applied('housing-correcting'), provider, 'correct', why),
    agreed: await go(await applied('housing-agreed'), head, 'consent'),
    suspended: await open(own, authority, {
      ...{ kind: 'suspension', verb: 'suspend' },
      doc: { code: 'ID-01', version: 1, reason: '登记库迁移。' },
    }),
  }
  return (path) =>
    path
      .replace(':wrong', String(entry))
      .replace(/:(\w+)/, (_, name: string) => acted[name]?.proposal.id ?? name)
}

/** 住房's application for marriages, approved by its own head. */
async function apply(gateway: TestGateway, id: string): Promise<Acted> {
  const own = proposing(gateway)
  const [admin, head] = [actorFor('ji'), actorFor('kang')]
  const doc = await applicationOf(gateway, 'housing-mar', id)
  const opened = await open(own, admin, { kind: 'agreement', verb: 'open', doc })
  const { findings } = await showProposal(own, admin, opened.proposal.id)
  const words = (level: string) =>
    Object.fromEntries(
      findings.filter((one) => one.level === level).map((one) => [one.id, '已核实']),
    )
  const said = { reasons: words('reason'), answers: words('question') }
  const { revision } = opened.proposal
  const submitted = await move(own, admin, {
    id: opened.proposal.id,
    verb: 'submit',
    revision,
    said,
  })
  return move(own, head, {
    id: opened.proposal.id,
    verb: 'approve',
    revision: submitted.proposal.revision,
  })
}
