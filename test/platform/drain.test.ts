import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { checkLog } from '../../src/log/check.ts'
import { inspectGateway } from '../../src/platform/inspect.ts'
import {
  type Caller,
  demoCaller,
  HOUSING,
  headerOf,
  REQUEST_TYPE,
  requestEnvelope,
} from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, configOf, ISSUER } from '../harness.ts'
import { seededNow, startGateway } from './processes.ts'

afterEach(checkWholeLog)

test('SIGTERM: requests in flight are answered and recorded, the anchor is written, exit code 0', async () => {
  // One token: what comes after it is held for a second and counted, so it is surely in flight.
  const dir = await seededNow({ perSecond: 0.001, burst: 1 })
  const running = await startGateway(dir)
  const housing = demoCaller(dir, HOUSING)
  const send = () => fetch(`${running.url}/v1/requests`, requestOf(housing))
  expect((await send()).status).toBe(200)
  const inFlight = Array.from({ length: 20 }, send)
  await new Promise((resolve) => setTimeout(resolve, 400))
  running.child.kill('SIGTERM')
  const replies = await Promise.all(inFlight)
  const problems = (await Promise.all(replies.map((reply) => reply.json()))) as {
    entry: number
    signed: string
  }[]
  expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 429))
  expect(problems.every(({ signed }) => signed.length > 0)).toBe(true)
  expect(await running.ended).toBe(0)
  await expect(send()).rejects.toThrow()

  expect(existsSync(join(dir, 'gateway.sqlite-wal'))).toBe(false)
  const stored = await inspectGateway(configOf(dir))
  const head = await stored?.store.readHead()
  expect(head?.size).toBe(Math.max(...problems.map(({ entry }) => entry)) + 1)
  expect(readFileSync(join(dir, 'anchor', 'checkpoint'), 'utf8')).toBe(head?.checkpoint)
  if (!stored) throw new Error('there is no gateway')
  const { store, identity, crypto } = stored
  expect(await checkLog({ store, identity, crypto })).toMatchObject({ ok: true })
  await stored.close()
})

test('SIGTERM under load: whoever keeps its connections busy does not hold the process up', async () => {
  const dir = await seededNow({ perSecond: 1e6, burst: 1e6 })
  const running = await startGateway(dir)
  const housing = demoCaller(dir, HOUSING)
  const broken: unknown[] = []
  let answered = 0
  let isOver = false
  const connection = async (): Promise<void> => {
    while (!isOver) {
      const response = await fetch(`${running.url}/v1/requests`, requestOf(housing)).catch(
        () => undefined,
      )
      if (!response) return
      const text = await response.text().catch((error: unknown) => broken.push(error))
      expect(response.status, String(text)).toBe(200)
      answered += 1
    }
  }
  const connections = Array.from({ length: 8 }, connection)
  await new Promise((resolve) => setTimeout(resolve, 400))
  const since = Date.now()
  running.child.kill('SIGTERM')
  expect(await running.ended).toBe(0)
  expect(Date.now() - since).toBeLessThan(5000)
  isOver = true
  await Promise.all(connections)
  expect(broken).toEqual([])
  expect(answered).toBeGreaterThan(0)
})

test('SIGTERM with nothing to do ends at once, SIGINT as well', async () => {
  const dir = await seededNow({ perSecond: 10, burst: 10 })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const running = await startGateway(dir)
    const since = Date.now()
    running.child.kill(signal)
    expect(await running.ended).toBe(0)
    expect(Date.now() - since).toBeLessThan(5000)
  }
})

function requestOf(housing: Caller): RequestInit {
  const envelope = requestEnvelope(housing, { issuer: ISSUER, nowMillis: Date.now() })
  const claims = { ...envelope, ...claimsOf('family-4-marriage') }
  const body = housing.sign(headerOf(housing, REQUEST_TYPE), claims)
  return { method: 'POST', body, headers: { 'content-type': 'application/jwt' } }
}
