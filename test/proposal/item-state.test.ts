import { afterEach, expect, test } from 'vitest'
import { type Acted, move, open } from '../../src/proposal/act.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { admin, authority, CIVIL, head, itemOf, person, proposing } from '../proposing.ts'

afterEach(checkWholeLog)

const marriage = claimsOf('family-4-marriage')

async function go(
  gateway: TestGateway,
  { proposal }: Acted,
  steps: readonly [string, typeof admin][],
) {
  let at = proposal
  for (const [verb, by] of steps) {
    const { id, revision } = at
    const done = await move(proposing(gateway), by, { id, verb, revision, reason: '已修复' })
    at = done.proposal
  }
}

/** MAR-01 in two versions, both published. */
async function twice(gateway: TestGateway) {
  const item = await itemOf(gateway, 'MAR-01')
  const opened = await open(proposing(gateway), admin, { kind: 'item', verb: 'open', doc: item })
  await go(gateway, opened, [
    ['submit', admin],
    ['approve', head],
    ['publish', authority],
  ])
  return { code: 'MAR-01', version: 2, reason: '数据异常' }
}

const codeOf = async (gateway: TestGateway, item: string) =>
  (await gateway.ask(HOUSING, { ...marriage, item })).problem?.code

test('a suspension stops older versions too; lifted, the named one alone runs again', async () => {
  const gateway = await openTestGateway()
  const doc = await twice(gateway)
  const stopped = await open(proposing(gateway), head, { kind: 'suspension', verb: 'suspend', doc })
  for (const asked of ['MAR-01', 'MAR-01@1', 'MAR-01@2'])
    expect(await codeOf(gateway, asked)).toBe('item-suspended')
  await go(gateway, stopped, [['lift', person('p-second', ['approver', CIVIL])]])
  expect(await codeOf(gateway, 'MAR-01')).toBeUndefined()
  expect(await codeOf(gateway, 'MAR-01@1')).toBe('item-suspended')
})

test('an item that is retired is not answered by an older version', async () => {
  const gateway = await openTestGateway()
  const doc = await twice(gateway)
  const opened = await open(proposing(gateway), admin, { kind: 'retirement', verb: 'open', doc })
  await go(gateway, opened, [
    ['submit', admin],
    ['approve', head],
    ['publish', authority],
  ])
  for (const asked of ['MAR-01', 'MAR-01@1'])
    expect(await codeOf(gateway, asked)).toBe('unknown-item')
})
