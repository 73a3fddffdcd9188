import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { ProviderFailure } from '../../src/connector/connector.ts'
import { openGateway } from '../../src/platform/gateway.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { serveGateway } from '../../src/platform/serve.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { wrapAppend } from '../engine.ts'
import { checkWholeLog, configOf, openTestGateway, temporaryFolder } from '../harness.ts'
import { openWatched, samplesIn, TOKEN } from '../metrics.ts'
import { moveMarriages, serve } from '../provider.ts'

afterEach(checkWholeLog)

const marriage = claimsOf('family-4-marriage')
const REQUESTS = 'mianzheng_requests_total'
const ASKED = 'method="POST",route="/v1/requests"'

test('requests are counted by route, status and code, those of nobody also apart', async () => {
  const { gateway, samples } = await openWatched()
  await gateway.ask(HOUSING, marriage)
  await gateway.ask(HOUSING, { ...marriage, item: 'NIL-99' })
  await gateway.send('no JWS')
  await gateway.get('/v1/catalog/items/MAR-01')
  await gateway.get('/nowhere/990104197812170016')
  const seen = await samples()
  expect(seen.get(`${REQUESTS}{${ASKED},status="200",code=""}`)).toBe(1)
  expect(seen.get(`${REQUESTS}{${ASKED},status="404",code="unknown-item"}`)).toBe(1)
  expect(seen.get(`${REQUESTS}{${ASKED},status="400",code="malformed"}`)).toBe(1)
  const item = 'method="GET",route="/v1/catalog/items/:code"'
  expect(seen.get(`${REQUESTS}{${item},status="200",code=""}`)).toBe(1)
  const none = 'method="GET",route="none",status="404",code="not-found"'
  expect(seen.get(`${REQUESTS}{${none}}`)).toBe(1)
  const unattributed = 'mianzheng_refusals_unattributed_total'
  expect(seen.get(`${unattributed}{code="malformed"}`)).toBe(1)
  expect(seen.has(`${unattributed}{code="unknown-item"}`)).toBe(false)
  const durations = 'mianzheng_request_duration_seconds_count{route="/v1/requests"'
  expect(seen.get(`${durations},outcome="answered"}`)).toBe(1)
  expect(seen.get(`${durations},outcome="refused"}`)).toBe(2)
})

test('the log, its commits, the registry and the build are told as they stand', async () => {
  const { gateway, samples } = await openWatched()
  const { deps } = gateway
  await Promise.all(Array.from({ length: 5 }, () => gateway.ask(HOUSING, marriage)))
  const seen = await samples()
  expect(seen.get('mianzheng_log_size')).toBe(gateway.size())
  expect(seen.get('mianzheng_log_entry_time_seconds')).toBe(deps.log.head().timeAt / 1000)
  expect(seen.get('mianzheng_ready{check="log"}')).toBe(1)
  expect(seen.get('mianzheng_log_queue_length')).toBe(0)
  expect(seen.get('mianzheng_log_batch_entries_sum')).toBe(5)
  const commits = seen.get('mianzheng_log_commit_duration_seconds_count')
  expect(commits).toBe(seen.get('mianzheng_log_batch_entries_count'))
  const covered = Date.parse('2027-01-01T00:00:00+08:00') - deps.clock()
  expect(seen.get('mianzheng_calendar_covered_seconds')).toBe(covered / 1000)
  expect(seen.get('mianzheng_registry_version')).toBe(deps.registry.version())
  expect(seen.get('mianzheng_build_info{version="0.0.0",engine="sqlite"}')).toBe(1)
  expect(seen.get('process_resident_memory_bytes')).toBeGreaterThan(1e6)
})

test('who waits for a commit is seen while he waits', async () => {
  const { gateway, samples } = await openWatched()
  const held = Promise.withResolvers<void>()
  const restore = wrapAppend(gateway, (append) => async (...given) => {
    await held.promise
    return append(...given)
  })
  const asking = gateway.ask(HOUSING, marriage)
  await expect.poll(async () => (await samples()).get('mianzheng_log_queue_length')).toBe(1)
  restore()
  held.resolve()
  expect((await asking).status).toBe(200)
  expect((await samples()).get('mianzheng_log_queue_length')).toBe(0)
})

test('the anchor: how far it covers, and how old it is', async () => {
  const { gateway, samples } = await openWatched()
  await gateway.ask(HOUSING, marriage)
  await gateway.deps.log.drain()
  const size = gateway.size()
  const written = gateway.clock.now / 1000 - 90
  utimesSync(join(gateway.dir, 'anchor', 'checkpoint'), written, written)
  const seen = await samples()
  expect(seen.get('mianzheng_anchor_size')).toBe(size)
  expect(seen.get('mianzheng_anchor_age_seconds')).toBe(90)
})

describe('providers', () => {
  test('calls are counted by kind of connector and what came of them', async () => {
    const { gateway, samples } = await openWatched()
    await gateway.ask(HOUSING, marriage)
    await gateway.ask(HOUSING, claimsOf('family-10-no-vehicle-registered'))
    await gateway.ask(HOUSING, claimsOf('id-not-in-register'))
    const seen = await samples()
    const calls = 'mianzheng_provider_call_duration_seconds_count'
    expect(seen.get(`${calls}{kind="snapshot",outcome="ANSWERED"}`)).toBe(1)
    expect(seen.get(`${calls}{kind="snapshot",outcome="NO_RECORD"}`)).toBe(1)
    expect(seen.get(`${calls}{kind="http",outcome="NO_RECORD"}`)).toBe(1)
  })

  test('one that fails: by how, and the callers who are kept from it until it answers', async () => {
    const { gateway, samples } = await openWatched({ outbound: 'real' })
    const endpoint = await serve((_, response) => void response.writeHead(500).end())
    await moveMarriages(gateway, endpoint)
    for (let i = 0; i < 2; i++) await gateway.ask(HOUSING, marriage)
    const open = 'mianzheng_provider_circuits_open{provider="civil-affairs"}'
    expect((await samples()).has(open)).toBe(false)
    for (let i = 0; i < 3; i++) await gateway.ask(HOUSING, marriage)
    const seen = await samples()
    expect(seen.get(open)).toBe(1)
    const calls = 'mianzheng_provider_call_duration_seconds_count'
    expect(seen.get(`${calls}{kind="http",outcome="down"}`)).toBe(5)
    gateway.wait(3600)
    expect((await samples()).has(open)).toBe(false)
  }, 30_000)

  test('an open intent, and one whose lease is over', async () => {
    const held = Promise.withResolvers<never>()
    const { gateway, samples } = await openWatched({ provider: () => held.promise })
    const asking = gateway.ask(HOUSING, claimsOf('family-10-no-vehicle-registered'))
    await expect.poll(async () => (await samples()).get('mianzheng_intents_open')).toBe(1)
    expect((await samples()).get('mianzheng_intents_overdue')).toBe(0)
    gateway.wait(61)
    expect((await samples()).get('mianzheng_intents_overdue')).toBe(1)
    held.reject(new ProviderFailure('timeout', 'no answer'))
    await asking
    expect((await samples()).get('mianzheng_intents_open')).toBe(0)
  })
})

describe('during an outage', () => {
  test('failed commits are counted, and the lines about them', async () => {
    const { gateway, samples } = await openWatched()
    gateway.gateway.raw.pragma('query_only = 1')
    expect((await gateway.ask(HOUSING, marriage)).status).toBe(503)
    gateway.gateway.raw.pragma('query_only = 0')
    const seen = await samples()
    expect(seen.get('mianzheng_log_append_failures_total')).toBe(1)
    expect(seen.get('mianzheng_reports_total{event="log-append-failed"}')).toBe(1)
    expect(seen.get('mianzheng_refusals_unattributed_total{code="log-unavailable"}')).toBe(1)
  })

  test('what cannot be read has no sample, and everything else is there', async () => {
    const { gateway, samples } = await openWatched()
    const { raw } = gateway.gateway
    await gateway.ask(HOUSING, marriage)
    raw.exec('ALTER TABLE intent RENAME TO intent_gone; ALTER TABLE entry RENAME TO entry_gone')
    expect((await gateway.ask(HOUSING, marriage)).status).toBe(503)
    const seen = await samples()
    expect(seen.has('mianzheng_intents_open')).toBe(false)
    expect(seen.get('mianzheng_ready{check="log"}')).toBe(0)
    expect(seen.get(`${REQUESTS}{${ASKED},status="200",code=""}`)).toBe(1)
    raw.exec('ALTER TABLE intent_gone RENAME TO intent; ALTER TABLE entry_gone RENAME TO entry')
    const again = await samples()
    expect(again.get('mianzheng_intents_open')).toBe(0)
    expect(again.get('mianzheng_ready{check="log"}')).toBe(1)
  })
})

describe('who reads them', () => {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

  test('on the gateway’s port: the operator’s token, and for all others there is nothing', async () => {
    const { gateway } = await openWatched()
    const read = await gateway.get('/metrics', bearer(TOKEN))
    expect(read.status).toBe(200)
    expect(read.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    expect(samplesIn(read.text).get('mianzheng_log_size')).toBe(gateway.size())
    const others = [{}, bearer(''), bearer(`${TOKEN}x`), bearer(TOKEN.slice(1)), bearer('x')]
    for (const headers of [...others, { authorization: `Basic ${TOKEN}` }]) {
      const reply = await gateway.get('/metrics', headers)
      expect(reply).toMatchObject({ status: 404, problem: { code: 'not-found' } })
    }
  })

  test('where nothing was configured there is nothing, with any token', async () => {
    const gateway = await openTestGateway()
    for (const token of ['', TOKEN, 'undefined'])
      expect((await gateway.get('/metrics', bearer(token))).status).toBe(404)
  })

  test.each([
    ['a port of their own, open to whoever reaches it', undefined, 200],
    ['a port of their own, with a token as well', TOKEN, 404],
  ])('%s', async (_, token, without) => {
    const gateway = await openGateway(configOf(temporaryFolder()), { report: () => {} })
    const metrics = createMetrics()
    const settings = { host: '127.0.0.1', port: 0, metrics: { port: 0, token } }
    const serving = await serveGateway(gateway, settings, metrics)
    try {
      const url = String(serving.metricsUrl)
      expect(new URL(url).port).not.toBe(new URL(serving.url).port)
      await fetch(`${serving.url}/readyz`)
      expect((await fetch(url)).status).toBe(without)
      const read = await fetch(url, { headers: bearer(TOKEN) })
      expect(await read.text()).toContain('route="/readyz",status="200",code=""} 1')
      expect((await fetch(`${serving.url}/metrics`, { headers: bearer(TOKEN) })).status).toBe(404)
      const elsewhere = await fetch(new URL('/v1/catalog/items', url))
      expect(elsewhere.status).toBe(404)
    } finally {
      await serving.stop()
    }
    await expect(fetch(String(serving.metricsUrl))).rejects.toThrow()
  })
})
