import { afterEach, describe, expect, test } from 'vitest'
import { closeOrphans } from '../../src/exchange/intend.ts'
import { parseLeaf } from '../../src/log/entry.ts'
import { LogUnavailable } from '../../src/log/unavailable.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { startProvider } from '../provider.ts'

afterEach(checkWholeLog)

const marriage = claimsOf('family-4-marriage')
const ALL = Number.MAX_SAFE_INTEGER

const kinds = async ({ deps }: TestGateway, from: number) => {
  const leaves = []
  for (let i = from; i < deps.log.head().size; i++) {
    const { kind, intent } = parseLeaf((await deps.store.readLeaf(i)) ?? '')
    leaves.push([kind, intent])
  }
  return leaves
}

/** As a kill leaves it: the intent is durable, its answer is not. @returns the request and the intent. */
async function cutOff() {
  const dying = await openTestGateway({
    outbound: 'real',
    bend: (deps) => {
      let appends = 0
      const append: typeof deps.log.append = (draft) => {
        if (draft.ends === undefined) return deps.log.append(draft)
        appends += 1
        return Promise.reject(new LogUnavailable(`killed before ending ${draft.ends}, ${appends}`))
      }
      return { ...deps, log: { ...deps.log, append } }
    },
  })
  const time = { of: dying }
  const kit = await startProvider(dying, { clock: () => time.of.clock.now })
  const intent = dying.size()
  const request = dying.request(HOUSING, marriage)
  const reply = await dying.send(request)
  expect(reply.problem?.code).toBe('log-unavailable')
  await dying.close()
  const restart = async () => {
    time.of = await openTestGateway({ dir: dying.dir, outbound: 'real' })
    return time.of
  }
  return { restart, kit, request, intent }
}

describe('a request that was cut off while its provider was asked', () => {
  test('is in progress for its lease, then interrupted and asked again', async () => {
    const { restart, kit, request, intent } = await cutOff()
    const gateway = await restart()
    const early = await gateway.send(request)
    expect(early.problem?.code).toBe('in-progress')
    expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(50)
    gateway.wait(62)
    const from = gateway.size()
    const reply = await gateway.send(request)
    expect(reply.status).toBe(200)
    // It was asked twice, and stated once.
    expect(kit.calls.count).toBe(2)
    expect(kit.lines).toHaveLength(1)
    expect(await kinds(gateway, from)).toEqual([
      ['interrupted', intent],
      ['intent', undefined],
      ['exchange', from + 1],
    ])
  })

  test('is interrupted at the start of a gateway that alone holds the folder', async () => {
    const { restart, kit, request, intent } = await cutOff()
    const gateway = await restart()
    const from = gateway.size()
    expect(await closeOrphans(gateway.deps, ALL)).toBe(1)
    expect(await closeOrphans(gateway.deps, ALL)).toBe(0)
    expect(await kinds(gateway, from)).toEqual([['interrupted', intent]])
    expect((await gateway.send(request)).status).toBe(200)
    expect(kit.lines).toHaveLength(1)
  })

  test('is nobody else’s: another request under its jti is refused', async () => {
    const { restart, request } = await cutOff()
    const gateway = await restart()
    const { jti } = JSON.parse(Buffer.from(request.split('.')[1] ?? '', 'base64url').toString())
    const other = await gateway.ask(HOUSING, { ...marriage, jti, case: 'ZB-2026-0312' })
    expect(other.problem?.code).toBe('jti-reuse')
    const own = await gateway.read(HOUSING, `/v1/requests/${jti}`)
    expect(own.problem?.code).toBe('in-progress')
  })

  test('two that close one orphan at once write one entry', async () => {
    const { restart } = await cutOff()
    const gateway = await restart()
    const from = gateway.size()
    await Promise.all([closeOrphans(gateway.deps, ALL), closeOrphans(gateway.deps, ALL)])
    expect(await kinds(gateway, from)).toHaveLength(1)
  })
})

test('an answer that comes after its intent was closed is not recorded: the request is asked again', async () => {
  const gateway = await openTestGateway({ outbound: 'real' })
  let slow = true
  const kit = await startProvider(gateway, {
    source: {
      register: 'marriage-live',
      version: () => '7',
      answer: async () => {
        // Another node finds the lease over while the provider is still thinking.
        if (slow) await closeOrphans(gateway.deps, ALL)
        slow = false
        return {
          outcome: 'ANSWERED',
          values: { status: 'REGISTERED', spouseIdNo: '99010419780629002X' },
        }
      },
    },
  })
  const from = gateway.size()
  expect((await gateway.ask(HOUSING, marriage)).status).toBe(200)
  expect(await kinds(gateway, from)).toEqual([
    ['intent', undefined],
    ['interrupted', from],
    ['intent', undefined],
    ['exchange', from + 2],
  ])
  // The provider was asked twice and stated once.
  expect(kit.calls.count).toBe(2)
  expect(kit.lines).toHaveLength(1)
})

test('a refusal that may be retried gives the request back', async () => {
  const gateway = await openTestGateway({ outbound: 'real' })
  let isUp = false
  await startProvider(gateway, {
    before: (response) => {
      if (!isUp) response.writeHead(503).end()
      return !isUp
    },
  })
  const request = gateway.request(HOUSING, marriage)
  expect((await gateway.send(request)).problem?.code).toBe('provider-down')
  isUp = true
  expect((await gateway.send(request)).status).toBe(200)
})

test('a refusal that is counted as one of a flood still ends its intent', async () => {
  const gateway = await openTestGateway({ outbound: 'real' })
  await gateway.amend('system', HOUSING, { rate: { perSecond: 0.001, burst: 2 } })
  let isUp = false
  await startProvider(gateway, {
    before: (response) => {
      if (!isUp) response.writeHead(404).end()
      return !isUp
    },
  })
  for (let i = 0; i < 2; i++) await gateway.ask(HOUSING, { ...marriage, item: 'NONE-01' })
  const request = gateway.request(HOUSING, marriage)
  const from = gateway.size()
  expect((await gateway.send(request)).problem?.code).toBe('provider-invalid')
  expect(await kinds(gateway, from)).toEqual([
    ['intent', undefined],
    ['refusal', from],
  ])
  expect(await gateway.deps.store.openIntents(ALL)).toEqual([])
  isUp = true
  // It was final: what is on record is what every retry gets.
  expect((await gateway.send(request)).problem?.code).toBe('provider-invalid')
})

test('nobody’s commit waits for a request whose provider is still thinking', async () => {
  let announced = 0
  const gateway = await openTestGateway({
    outbound: 'real',
    bend: (deps) => ({
      ...deps,
      log: {
        ...deps.log,
        expect: () => {
          const arrived = deps.log.expect()
          announced += 1
          let isOpen = true
          return () => {
            if (isOpen) announced -= 1
            isOpen = false
            arrived()
          }
        },
      },
    }),
  })
  const whileAsked: number[] = []
  await startProvider(gateway, {
    before: () => {
      whileAsked.push(announced)
      return false
    },
  })
  expect((await gateway.ask(HOUSING, marriage)).status).toBe(200)
  expect(whileAsked).toEqual([0])
  expect(announced).toBe(0)
})
