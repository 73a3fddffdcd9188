import { type Acted, move, open } from '../../src/proposal/act.ts'
import type { Actor } from '../../src/proposal/actor.ts'
import { showProposal } from '../../src/proposal/show.ts'
import type { TestGateway } from '../harness.ts'
import { applicationOf } from '../proposal/applying.ts'
import { BUREAU, CIVIL, itemOf, person, proposing } from '../proposing.ts'

const HOUSING = '11990100MB9901075L'
const POLICE = '11990100MB9901024C'
const ARCHIVES = '11990100MB99011633'
const EDUCATION = '11990100MB9901120M'

/** Applications that the owner (`CIVIL`) writes or answers; both again for what is shared unconditionally. */
const CASES = {
  asks: { like: 'senior-hk-01', agency: CIVIL, party: POLICE },
  gives: { like: 'housing-mar', agency: HOUSING, party: CIVIL },
  files: { like: 'allowance-doc-01', agency: CIVIL, party: ARCHIVES },
  receives: { like: 'admission-ado-01', agency: EDUCATION, party: CIVIL },
} as const

export type Case = keyof typeof CASES

const SAID = { reason: '测试' } as const
const GRANTED = { ...SAID, details: { code: 'R04', law: '政务数据共享条例第二十一条' } }
const FIVE = { ...SAID, details: { days: '5' } }

type Hand = 'admin' | 'head' | 'officer' | 'provider' | 'authority'
type Step = readonly [verb: string, by: Hand, more?: object]

const APPROVED: readonly Step[] = [['approve', 'head']]
const REFUSED: readonly Step[] = [...APPROVED, ['refuse', 'provider', GRANTED]]
const NEGOTIATING: readonly Step[] = [...REFUSED, ['dispute', 'head', SAID]]
const ACTIVE: readonly Step[] = [...APPROVED, ['consent', 'provider']]

/** What is done to an application once it is submitted, by how it stands then. */
const STAGES = {
  submitted: [],
  applied: APPROVED,
  corrected: [...APPROVED, ['correct', 'officer', SAID]],
  extending: [...APPROVED, ['ask-extension', 'officer', FIVE]],
  refused: REFUSED,
  negotiating: NEGOTIATING,
  coordinating: [...NEGOTIATING, ['coordinate', 'provider', SAID]],
  active: ACTIVE,
  filed: [['file', 'head']],
  'suspended-requester': [...ACTIVE, ['suspend-requester', 'head', SAID]],
  'suspended-provider': [...ACTIVE, ['suspend-provider', 'provider', SAID]],
  'suspended-authority': [...ACTIVE, ['suspend-authority', 'authority', SAID]],
} as const satisfies Readonly<Record<string, readonly Step[]>>

export type Stage = 'draft' | keyof typeof STAGES

/**
 * Every move of an agreement but its opening: on whose application, how that stands, and what is said with it.
 * The owner is the requester in `asks` and `files`, the provider in `gives` and `receives`. What follows a
 * verb tells two rows of it apart.
 */
export const AGREEMENT_MOVES: readonly (readonly [
  verb: string,
  of: Case,
  stage: Stage,
  more?: object,
])[] = [
  ['edit', 'asks', 'draft'],
  ['submit', 'asks', 'draft'],
  ['return', 'asks', 'submitted'],
  ['approve', 'asks', 'submitted'],
  ['file', 'files', 'submitted'],
  ['withdraw', 'asks', 'applied'],
  ['correct', 'gives', 'applied'],
  ['amend', 'asks', 'corrected'],
  ['resubmit', 'asks', 'corrected'],
  ['ask-extension', 'gives', 'applied', FIVE],
  ['extend', 'gives', 'extending'],
  ['decline', 'gives', 'extending'],
  ['consent', 'gives', 'applied'],
  ['refuse', 'gives', 'applied', GRANTED],
  ['answer', 'receives', 'filed'],
  ['answer by its requester', 'files', 'filed'],
  ['deliver', 'gives', 'active'],
  ['dispute', 'asks', 'refused'],
  ['coordinate', 'gives', 'negotiating'],
  ['uphold', 'gives', 'coordinating'],
  ['order', 'gives', 'coordinating'],
  ['suspend-requester', 'asks', 'active'],
  ['resume-requester', 'asks', 'suspended-requester'],
  ['suspend-provider', 'gives', 'active'],
  ['resume-provider', 'gives', 'suspended-provider'],
  ['suspend-authority', 'gives', 'active'],
  ['resume-authority', 'gives', 'suspended-authority'],
  ['end', 'asks', 'active'],
  ['terminate', 'gives', 'active'],
]

let count = 0

/** An application of its own, by people of its own, as far as it shall be. */
export async function applicationAt(
  gateway: TestGateway,
  of: Case,
  stage: Stage,
): Promise<Acted['proposal']> {
  const own = proposing(gateway)
  const by = handsOf(of)
  const doc = await applicationDoc(gateway, of)
  let { proposal } = await open(own, by.admin, { kind: 'agreement', verb: 'open', doc })
  if (stage === 'draft') {
    const said = await saidOf(gateway, by.admin, proposal.id)
    ;({ proposal } = await edited(gateway, by.admin, { proposal, doc, said }))
    return proposal
  }
  const said = await saidOf(gateway, by.admin, proposal.id)
  const steps: readonly Step[] = [['submit', 'admin', { said }], ...STAGES[stage]]
  for (const [verb, hand, more] of steps) {
    const { id, revision } = proposal
    ;({ proposal } = await move(own, by[hand], { id, verb, revision, ...more }))
  }
  return proposal
}

/** Under an id of its own. Nothing of the owner's is shared unconditionally, unless it is received so here. */
export async function applicationDoc(gateway: TestGateway, of: Case) {
  count++
  const doc = await applicationOf(gateway, CASES[of].like, `m-${count}`)
  if (of === 'receives') {
    const { sharing } = await itemOf(gateway, doc.agreement.item)
    const open = { ...sharing, class: 'UNCONDITIONAL' }
    await gateway.amend('item', doc.agreement.item, { sharing: open })
  }
  return doc
}

function handsOf(of: Case): Readonly<Record<Hand, Actor>> {
  const { agency, party } = CASES[of]
  return {
    admin: person('a-admin', ['admin', agency]),
    head: person('a-head', ['approver', agency]),
    officer: person('a-officer', ['officer', party]),
    provider: person('a-provider', ['approver', party]),
    authority: person('a-authority', ['authority', BUREAU]),
  }
}

type Edited = {
  readonly proposal: Acted['proposal']
  readonly doc: unknown
  readonly said: Awaited<ReturnType<typeof saidOf>>
}

function edited(gateway: TestGateway, admin: Actor, { proposal, doc, said }: Edited) {
  const { id, revision } = proposal
  return move(proposing(gateway), admin, { id, verb: 'edit', revision, doc, said })
}

/** Words for whatever asks for some. */
async function saidOf(gateway: TestGateway, admin: Actor, id: string) {
  const { findings } = await showProposal(proposing(gateway), admin, id)
  const words = (level: string) =>
    Object.fromEntries(
      findings.filter((one) => one.level === level).map((one) => [one.id, '已核实']),
    )
  return { reasons: words('reason'), answers: words('question') }
}
