import { afterEach, describe, expect, test } from 'vitest'
import { type Acted, open } from '../../src/proposal/act.ts'
import { showProposal } from '../../src/proposal/show.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { lastLeaf, proposing } from '../proposing.ts'
import { actorAt, type Hand, turn } from './applying.ts'

afterEach(checkWholeLog)

const reason = '婚姻状况与窗口所见证件不符'
const FOUND = 'status'

/** A marriage was answered for the housing bureau; @returns the answer's number in the log. */
async function answered(gateway: TestGateway): Promise<number> {
  const reply = await gateway.ask(HOUSING, claimsOf('family-4-marriage'))
  expect(reply.status).toBe(200)
  return Number(reply.headers.get('log-index'))
}

const report = (gateway: TestGateway, by: Hand, doc: object): Promise<Acted> =>
  open(proposing(gateway), actorAt(gateway, by), {
    ...{ kind: 'correction', verb: 'report', doc, reason },
  })

async function claimOf(gateway: TestGateway): Promise<string> {
  const { contracts } = await gateway.deps.registry.view()
  const claims = [...(contracts.get('MAR-01')?.claims.keys() ?? [])]
  return claims.includes(FOUND) ? FOUND : (claims[0] as string)
}

describe('data that was found wrong', () => {
  test.each([
    ['mend', 'corrected'],
    ['confirm', 'confirmed'],
  ])(
    'is reported by whoever was answered, and the provider’s reply “%s” ends the clock',
    async (verb, state) => {
      const gateway = await openTestGateway()
      const doc = { entry: await answered(gateway), claims: [await claimOf(gateway)] }
      const one = await report(gateway, 'admin', doc)
      expect(one.proposal).toMatchObject({ state: 'reported', agency: '11990100MB9901075L' })
      const shown = () =>
        showProposal(proposing(gateway), actorAt(gateway, 'officer'), one.proposal.id)
      expect((await shown()).clocks).toMatchObject([
        {
          name: 'data-correction',
          article: '政务数据共享条例第二十六条',
          due: { on: '2026-12-07' },
        },
      ])
      expect(JSON.stringify(await lastLeaf(gateway))).not.toContain(reason)
      const done = await turn(gateway, one, [verb, 'officer', { reason: '已核对原始档案' }])
      expect(done.proposal.state).toBe(state)
      expect((await shown()).clocks).toMatchObject([{ state: 'done', isLate: false }])
    },
  )
})

describe('refused', () => {
  test('what is no answer, and claims that the item does not have', async () => {
    const gateway = await openTestGateway()
    const entry = await answered(gateway)
    const claims = [await claimOf(gateway)]
    for (const doc of [
      { entry: 0, claims },
      { entry: 1_000_000, claims },
      { entry: -1, claims },
      { entry, claims: [] },
      { entry, claims: ['__proto__'] },
      { entry, claims: ['<script>'] },
      { entry: String(entry), claims },
    ])
      await expect(report(gateway, 'admin', doc)).rejects.toMatchObject({ code: 'parameters' })
  })

  test('security: only who was answered reports, only the provider replies, once', async () => {
    const gateway = await openTestGateway()
    const doc = { entry: await answered(gateway), claims: [await claimOf(gateway)] }
    for (const hand of ['officer', 'provider', 'market', 'authority'] as const)
      await expect(report(gateway, hand, doc)).rejects.toMatchObject({ code: 'forbidden' })
    // Whom the exchange was for is the log's to say, not the reporter's.
    const claimed = { ...doc, requester: '11990100MB99010402', item: 'ENT-01' }
    await expect(report(gateway, 'marketHead', claimed)).rejects.toMatchObject({
      code: 'forbidden',
    })
    const one = await report(gateway, 'admin', doc)
    await expect(turn(gateway, one, ['mend', 'head', { reason }])).rejects.toMatchObject({
      code: 'forbidden',
    })
    const done = await turn(gateway, one, ['confirm', 'officer', { reason }])
    await expect(turn(gateway, done, ['mend', 'officer', { reason }])).rejects.toMatchObject({
      code: 'wrong-state',
    })
  })
})
