import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { Refusal } from '../../src/errors.ts'
import type { Acted } from '../../src/proposal/act.ts'
import { agreementClocks, TIMED } from '../../src/proposal/kinds/agreement-clocks.ts'
import { AGREEING } from '../../src/proposal/kinds/agreement-moves.ts'
import { readHistory, readProposal, thingOf } from '../../src/proposal/proposal.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { agreementOf, applied, BY, clocksOf, type Hand, type Turn, turn } from './applying.ts'

afterEach(checkWholeLog)

const HANDS = Object.keys(BY) as Hand[]
const SAID: Readonly<Record<string, Record<string, string>>> = {
  refuse: { code: 'R04', law: '政务数据共享条例第二十一条' },
  'ask-extension': { days: '10' },
}

/** Which of the moves from here, by whom, after how many days. */
const steps = fc.array(
  fc.record({
    pick: fc.nat(),
    hand: fc.constantFrom(...HANDS),
    days: fc.nat(2),
  }),
  { minLength: 10, maxLength: 25 },
)

async function attempt(gateway: TestGateway, acted: Acted, made: Turn): Promise<Acted> {
  try {
    return await turn(gateway, acted, made)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    expect(await readProposal(gateway.deps.store.db, acted.proposal.id)).toEqual(acted.proposal)
    return acted
  }
}

/** What stands in the registry is what the proposal says, and whose suspensions it remembers. */
async function mustAgree(gateway: TestGateway, acted: Acted): Promise<void> {
  const { state, marks } = acted.proposal
  const expected: Readonly<Record<string, string>> = {
    ...{ active: 'active', suspended: 'suspended', ended: 'ended', terminated: 'ended' },
  }
  expect((await agreementOf(gateway, acted))?.state).toBe(expected[state])
  if (state === 'active') expect(marks.suspended ?? []).toEqual([])
  if (state === 'suspended') expect(marks.suspended).not.toEqual([])
}

async function mustBeLawful(gateway: TestGateway, acted: Acted): Promise<void> {
  const { store, registry, clock } = gateway.deps
  const history = await readHistory(store.db, thingOf(acted.proposal.id), TIMED)
  const times = (verb: string) => history.filter(({ what }) => what === `agreement.${verb}`)
  for (const verb of ['correct', 'ask-extension', 'extend', 'consent', 'deliver'])
    expect(times(verb).length).toBeLessThanOrEqual(1)
  if (times('extend').length > 0) expect(times('ask-extension')).toHaveLength(1)
  const { calendar } = await registry.view()
  const again = agreementClocks(history, { calendar, now: clock() })
  expect(await clocksOf(gateway, acted)).toEqual(
    Object.fromEntries(again.map((one) => [one.name, one])),
  )
  const answer = again.find(({ name }) => name === 'answer')
  expect(answer?.trace?.extension?.n ?? 0).toBeLessThanOrEqual(10)
}

test('property: whatever anybody tries, one notice, one extension, and the registry follows', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (walked) => {
      const gateway = await openTestGateway()
      let acted = await applied(gateway)
      for (const { pick, hand, days } of walked) {
        gateway.wait(days * 86_400)
        const rows = AGREEING.filter(({ from }) => from.includes(acted.proposal.state))
        if (rows.length === 0) break
        const { verb } = rows[pick % rows.length] as (typeof rows)[number]
        const more = { reason: '随机一步', doc: acted.proposal.doc, details: SAID[verb] ?? {} }
        const entitled = AGREEING.find((one) => one.verb === verb)?.by[0]
        const by = pick % 3 === 0 ? hand : (handOf(entitled) ?? hand)
        acted = await attempt(gateway, acted, [verb, by, more])
        await mustAgree(gateway, acted)
      }
      await mustBeLawful(gateway, acted)
    }),
    { numRuns: 8 },
  )
}, 120_000)

/** Most steps are by whoever may, or walks would not come far. */
function handOf(row: (typeof AGREEING)[number]['by'][number] | undefined): Hand | undefined {
  if (row?.of === 'authority') return 'authority'
  if (row?.of === 'party') return row.role === 'approver' ? 'provider' : 'officer'
  return row?.role === 'approver' ? 'head' : 'admin'
}
