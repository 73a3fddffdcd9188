import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { STEP_UP_MILLIS } from '../../src/people/session.ts'
import { KINDS } from '../../src/proposal/kinds.ts'
import { judgeMove, type Move, NEW, type Standing } from '../../src/proposal/move.ts'
import { after } from '../../src/proposal/next.ts'
import { blank } from '../../src/proposal/proposal.ts'

const NOW = Date.parse('2026-11-23T02:00:00Z')
const PEOPLE = ['ann', 'ben', 'cyd', 'dee'] as const

const kinds = [...KINDS.values()].map((kind) => [kind.name, kind.moves] as const)

describe.each(kinds)('the moves of a %s', (name, moves) => {
  test('each state can be reached, each verb is one row, and there is a way to open', () => {
    const reached = new Set([NEW, ...moves.flatMap(({ to }) => to ?? [])])
    for (const { from } of moves) for (const state of from) expect(reached).toContain(state)
    expect(new Set(moves.map(({ verb }) => verb)).size).toBe(moves.length)
    expect(moves.some(({ from }) => from.includes(NEW))).toBe(true)
  })

  test('property: whatever people with every role try, nobody signs what he wrote, and nothing takes effect on one word', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom(...moves), fc.constantFrom(...PEOPLE)), {
      maxLength: 60,
    })
    fc.assert(
      fc.property(steps, (tries) => {
        let held = { ...blank('1', name, 'ann'), authors: [] as readonly string[] }
        for (const [move, person] of tries) {
          const acting = { id: person, steppedUpAt: NOW, holds: () => true }
          if (judgeMove(move, held, { acting, now: NOW })) continue
          held = after(held, move, { person, timeAt: NOW })
          expect(held.authors).not.toContain(held.approver)
          expect(held.authors).not.toContain(held.publisher)
          if (move.takesEffect) expect(move.stepUp || held.approver !== null).toBe(true)
        }
      }),
    )
  })

  test('security: no move is anybody’s: each names its role, and an auditor’s is none of them', () => {
    for (const { by } of moves) {
      expect(by.length).toBeGreaterThan(0)
      for (const { role } of by) expect(role).not.toBe('auditor')
    }
  })
})

describe('a move', () => {
  const move: Move = {
    verb: 'approve',
    from: ['submitted'],
    by: [{ role: 'approver', of: 'agency' }],
    signs: 'approver',
  }
  const standing: Standing = { state: 'submitted', authors: ['ann'], agency: 'x', party: null }
  const ben = { id: 'ben', steppedUpAt: NOW, holds: () => true }
  const judge = (more: Partial<typeof ben>, at: Partial<Standing> = {}) =>
    judgeMove(move, { ...standing, ...at }, { acting: { ...ben, ...more }, now: NOW })

  test('says the first reason why not', () => {
    expect(judge({})).toBeUndefined()
    expect(judge({}, { state: 'draft' })).toBe('wrong-state')
    expect(judge({ holds: () => false, id: 'ann' })).toBe('forbidden')
    expect(judge({ id: 'ann', steppedUpAt: 0 })).toBe('own-proposal')
    expect(judge({ steppedUpAt: NOW - STEP_UP_MILLIS })).toBe('step-up')
  })
})
