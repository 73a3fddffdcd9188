import { expect } from 'vitest'
import { type Acted, move, open } from '../../src/proposal/act.ts'
import type { Actor } from '../../src/proposal/actor.ts'
import type { Application } from '../../src/proposal/kinds/agreement-document.ts'
import { showProposal } from '../../src/proposal/show.ts'
import type { Agreement } from '../../src/registry/documents.ts'
import type { TestGateway } from '../harness.ts'
import { authority, CIVIL, MARKET, person, proposing } from '../proposing.ts'

const HOUSING = '11990100MB9901075L'

/** Those who act; each signs in anew at the time of the test's clock. */
export const BY = {
  admin: person('p-asks', ['admin', HOUSING]),
  head: person('p-asks-head', ['approver', HOUSING]),
  officer: person('p-gives', ['officer', CIVIL]),
  provider: person('p-gives-head', ['approver', CIVIL]),
  market: person('p-market', ['officer', MARKET]),
  marketHead: person('p-market-head', ['approver', MARKET]),
  authority,
} as const

export type Hand = keyof typeof BY

/** A seeded agreement applied for anew, under another id. */
export async function applicationOf(
  { deps }: TestGateway,
  like: string,
  id = `${like}-anew`,
): Promise<Application> {
  const all = [...(await deps.registry.view()).agreements.values()].flat()
  const found = all.find((one) => one.id === like)
  expect(found).toBeDefined()
  const { state: _, ...agreement } = found as Agreement
  return {
    agreement: { ...agreement, id, validTo: '2028-12-31' },
    application: {
      basis: '公共租赁住房管理办法',
      scenario: '公租房申请资格审核',
      scope: '审核科工作人员，逐案核验',
    },
  }
}

type More = {
  readonly reason?: string
  readonly details?: Readonly<Record<string, string>>
  readonly doc?: unknown
}
export type Turn = readonly [verb: string, by: Hand, more?: More | undefined]

export function actorAt({ clock }: TestGateway, hand: Hand): Actor {
  return { ...BY[hand], steppedUpAt: clock.now }
}

/** The findings that ask are answered, so that none stands in the way. */
async function saidOf(gateway: TestGateway, acted: Acted) {
  const shown = await showProposal(proposing(gateway), actorAt(gateway, 'admin'), acted.proposal.id)
  const words = (level: string) =>
    Object.fromEntries(
      shown.findings.filter((one) => one.level === level).map(({ id }) => [id, '已核实']),
    )
  return { reasons: words('reason'), answers: words('question') }
}

export async function drafted(gateway: TestGateway, doc: Application): Promise<Acted> {
  const opened = { kind: 'agreement', verb: 'open', doc }
  return open(proposing(gateway), actorAt(gateway, 'admin'), opened)
}

export async function turn(
  gateway: TestGateway,
  { proposal: { id, revision } }: Acted,
  [verb, by, more]: Turn,
): Promise<Acted> {
  return move(proposing(gateway), actorAt(gateway, by), { id, revision, verb, ...more })
}

export async function walk(
  gateway: TestGateway,
  acted: Acted,
  turns: readonly Turn[],
): Promise<Acted> {
  let now = acted
  for (const one of turns) now = await turn(gateway, now, one)
  return now
}

/** Drafted and submitted with every question answered. */
export async function submitted(gateway: TestGateway, doc: Application): Promise<Acted> {
  const acted = await drafted(gateway, doc)
  const { id, revision } = acted.proposal
  const said = await saidOf(gateway, acted)
  return move(proposing(gateway), actorAt(gateway, 'admin'), {
    ...{ id, revision, verb: 'submit', said },
  })
}

/** For marriages: shared conditionally. */
export async function applied(gateway: TestGateway): Promise<Acted> {
  const doc = await applicationOf(gateway, 'housing-mar')
  return turn(gateway, await submitted(gateway, doc), ['approve', 'head'])
}

/** What stands in the registry under an application's id. */
export async function agreementOf(
  { deps }: TestGateway,
  { proposal }: Acted,
): Promise<Agreement | undefined> {
  await deps.registry.refresh()
  const { agreements } = await deps.registry.view()
  return [...agreements.values()].flat().find(({ id }) => id === proposal.target)
}

export async function clocksOf(gateway: TestGateway, { proposal }: Acted) {
  const shown = await showProposal(proposing(gateway), actorAt(gateway, 'head'), proposal.id)
  return Object.fromEntries(shown.clocks.map((one) => [one.name, one]))
}
