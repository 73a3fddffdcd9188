import { cpSync, rmSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { getRequestListener } from '@hono/node-server'
import { afterAll, afterEach, describe, expect } from 'vitest'
import { providerApp } from '../../examples/provider/app.ts'
import { createApp } from '../../src/app.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { evidenceBundle } from '../../src/evidence/bundle.ts'
import { checkLog } from '../../src/log/check.ts'
import { openCheckpoint } from '../../src/log/checkpoint.ts'
import { edgeRoot, emptyEdge, extendEdge } from '../../src/log/edge.ts'
import { parseLeaf } from '../../src/log/entry.ts'
import { parseReceipt } from '../../src/log/receipt.ts'
import type { Trust } from '../../src/log/trust.ts'
import { verifyEvidence } from '../../src/log/verify.ts'
import { nodeSha256 } from '../../src/platform/crypto.ts'
import { type Gateway, openGateway } from '../../src/platform/gateway.ts'
import { inspectGateway } from '../../src/platform/inspect.ts'
import { seedDemo } from '../../src/platform/seed.ts'
import {
  type Caller,
  demoCaller,
  HOUSING,
  headerOf,
  type Members,
  REQUEST_TYPE,
  requestEnvelope,
} from '../caller.ts'
import { amend, claimsOf } from '../city.ts'
import { ISSUER, temporaryFolder } from '../harness.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { databaseUrl, run } from '../postgres-city.ts'
import { serve } from '../provider.ts'
import { trustOf } from '../reply.ts'
import { type Running, startGateway } from './processes.ts'

const SEEDED = 'seeded'
const ROLE = 'gateway'
const PASSWORD = 'of-the-test'
const SUPERUSER = ['postgres', PASSWORD] as const
const HUGE = 1_000_000_000
const SHOWN_EVERY_MILLIS = 50

/** One real server and a city on the real clock, seeded once for the file. */
export type Cluster = {
  readonly postgres: TestPostgres
  /** A copy of the seeded city: a database of its own and a folder with its keys. */
  city(): Promise<City>
  remove(): Promise<void>
}

export type City = {
  readonly url: string
  readonly dir: string
  /** The same database as the superuser. */
  readonly admin: string
  readonly housing: Caller
}

/** @returns why, where no PostgreSQL can run here; that was said aloud. */
async function startCluster(): Promise<Cluster | string> {
  const postgres = await startPostgres()
  if (typeof postgres === 'string') return postgres
  const admin = postgres.url(...SUPERUSER)
  await run(admin, `CREATE ROLE ${ROLE} LOGIN PASSWORD '${PASSWORD}'`)
  await run(admin, `CREATE DATABASE ${SEEDED} OWNER ${ROLE}`)
  const dir = temporaryFolder()
  const own = postgres.url(ROLE, PASSWORD)
  await seed(configOf({ dir, url: databaseUrl(own, SEEDED) }))
  return {
    postgres,
    city: async () => {
      const name = `city_${crypto.randomUUID().replaceAll('-', '')}`
      await run(admin, `CREATE DATABASE ${name} TEMPLATE ${SEEDED} OWNER ${ROLE}`)
      const folder = copyOf(dir)
      const housing = demoCaller(folder, HOUSING)
      const url = databaseUrl(own, name)
      return { url, dir: folder, admin: databaseUrl(admin, name), housing }
    },
    remove: async () => {
      await postgres.remove()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** What the tests of one file share. */
export type Fixture = {
  readonly cluster: Cluster
  /** Whatever a test puts here is stopped when the test ends. */
  readonly nodes: Node[]
  /** Tests that need the cluster: skipped where there is none, and that was said aloud. */
  readonly describeNodes: ReturnType<typeof describe.skipIf>
}

/** One cluster for a test file, removed behind its last test. Call it once, at the top level. */
export async function clusterForFile(): Promise<Fixture> {
  const started = await startCluster()
  const nodes: Node[] = []
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map(stopNode))
  })
  afterAll(async () => {
    if (typeof started !== 'string') await started.remove()
  })
  const describeNodes = describe.skipIf(typeof started === 'string')
  return { cluster: started as Cluster, nodes, describeNodes }
}

async function seed(config: Config): Promise<void> {
  const gateway = await openGateway(config, { report: () => {} })
  await seedDemo(gateway.deps, config.dataDir)
  const rate = { perSecond: HUGE, burst: HUGE }
  await amend(gateway.deps, 'system', { id: HOUSING, members: { rate } })
  for (const id of ['housing-mar', 'housing-veh-01'])
    await amend(gateway.deps, 'agreement', { id, members: { dailyQuota: HUGE } })
  await gateway.close()
}

export function configOf({ dir, url }: Pick<City, 'dir' | 'url'>): Config {
  return readConfig({ DATA_DIR: dir, DATABASE_URL: url, ISSUER, HOST: '127.0.0.1', PORT: '0' })
}

/** A folder with the same keys and an anchor of its own. */
export function copyOf(dir: string): string {
  const copy = temporaryFolder()
  cpSync(dir, copy, { recursive: true })
  return copy
}

export type Node = Running & { readonly dir: string }

/** A node as an operator runs it, with its own copy of the folder. `url`: by way of a proxy; `dir`: once more. */
export async function startNode(
  city: City,
  { url = city.url, dir = copyOf(city.dir) }: { readonly url?: string; readonly dir?: string } = {},
): Promise<Node> {
  return { ...(await startGateway(dir, { DATABASE_URL: url })), dir }
}

export function startNodes(city: City, count: number): Promise<Node[]> {
  return Promise.all(Array.from({ length: count }, () => startNode(city)))
}

/** Whatever became of it before. */
export async function stopNode({ child, ended }: Node): Promise<void> {
  child.kill('SIGKILL')
  await ended
}

export type Sent = {
  readonly request: string
  readonly status: number
  readonly text: string
  readonly index: number
  readonly code: string | undefined
  readonly retryAfter: string | null
  readonly millis: number
}

export function requestOf(
  { housing }: Pick<City, 'housing'>,
  example = 'family-4-marriage',
  more: Members = {},
): string {
  const envelope = requestEnvelope(housing, { issuer: ISSUER, nowMillis: Date.now() })
  return housing.sign(headerOf(housing, REQUEST_TYPE), {
    ...envelope,
    ...claimsOf(example),
    ...more,
  })
}

/** Status 0: the node was gone before it had answered. */
export async function send(
  { url }: Pick<Node, 'url'>,
  request: string,
  accept = 'application/jwt',
): Promise<Sent> {
  const began = performance.now()
  const headers = { 'content-type': 'application/jwt', accept }
  try {
    const post = { method: 'POST', body: request, headers }
    const response = await fetch(`${url}/v1/requests`, post)
    const text = await response.text()
    const { status } = response
    const code = status === 200 ? undefined : (JSON.parse(text).code as string)
    const index = Number(response.headers.get('log-index') ?? -1)
    const retryAfter = response.headers.get('retry-after')
    return { request, status, text, index, code, retryAfter, millis: performance.now() - began }
  } catch {
    const millis = performance.now() - began
    return { request, status: 0, text: '', index: -1, code: undefined, retryAfter: null, millis }
  }
}

/** Sends it again, as a caller would, until it is answered. */
export async function sendUntilAnswered(
  node: Pick<Node, 'url'>,
  request: string,
  withinMillis = 15_000,
): Promise<Sent> {
  for (const end = Date.now() + withinMillis; ; await pause(50)) {
    const sent = await send(node, request)
    if (sent.status === 200 || Date.now() > end) {
      expect(sent, sent.text).toMatchObject({ status: 200 })
      return sent
    }
  }
}

/** What nodes under load gave back; and every checkpoint that they ever showed. */
export type Load = {
  readonly answered: Sent[]
  readonly refused: Sent[]
  readonly unanswered: Sent[]
  readonly shown: Set<string>
}

export type Loading = {
  /** As far as it has come. */
  readonly load: Load
  end(): Promise<Load>
}

/** Several connections to each node send without pause, each also looks at what the node shows. */
export function startLoad(
  city: Pick<City, 'housing'>,
  nodes: readonly Pick<Node, 'url'>[],
  { connections = 4, example = 'family-4-marriage', pauseMillis = 5 } = {},
): Loading {
  const load: Load = { answered: [], refused: [], unanswered: [], shown: new Set() }
  let isOn = true
  const connection = async (node: Pick<Node, 'url'>): Promise<void> => {
    while (isOn) {
      const sent = await send(node, requestOf(city, example))
      if (sent.status === 200) load.answered.push(sent)
      else if (sent.status === 0) load.unanswered.push(sent)
      else load.refused.push(sent)
      await pause(sent.status === 200 ? pauseMillis : 20 * pauseMillis)
    }
  }
  const looking = async ({ url }: Pick<Node, 'url'>): Promise<void> => {
    while (isOn) {
      const checkpoint = await fetch(`${url}/log/checkpoint`).catch(() => undefined)
      if (checkpoint?.status === 200) load.shown.add(await checkpoint.text().catch(() => ''))
      await pause(SHOWN_EVERY_MILLIS)
    }
  }
  const running = nodes.flatMap((node) => [
    ...Array.from({ length: connections }, () => connection(node)),
    looking(node),
  ])
  return {
    load,
    end: async () => {
      isOn = false
      await Promise.all(running)
      load.shown.delete('')
      return load
    },
  }
}

/** Waits until it holds. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  millis = 15_000,
) {
  const began = performance.now()
  while (!(await holds())) {
    if (performance.now() - began > millis) throw new Error(`${what}: not within ${millis} ms`)
    await pause(20)
  }
  return performance.now() - began
}

/** Every refusal is one that a caller may repeat, and says when. */
export function expectRetryable(refused: readonly Sent[]): void {
  for (const { status, text, retryAfter } of refused) {
    expect(status, text).toBe(503)
    expect(JSON.parse(text)).toMatchObject({ code: 'log-unavailable', retryable: true })
    expect(Number(retryAfter)).toBeGreaterThan(0)
  }
}

/**
 * Nothing answered is missing, nothing was answered twice, and the log never forked: whole-log check,
 * each answer's evidence judged as a stranger would, each checkpoint ever shown a prefix of the log.
 */
export async function expectSound(
  city: City,
  answered: readonly Sent[],
  shown: ReadonlySet<string> = new Set(),
): Promise<void> {
  const gateway = await openGateway(configOf(city), { report: () => {} })
  try {
    const rows = await readLeaves(gateway)
    const report = await checkWhole(city)
    expect(report).toMatchObject({ ok: true, faults: [] })
    const checkpoints = new Set([...shown, ...(await expectEvidence(gateway, answered))])
    await expectOneTree(gateway, rows, checkpoints)
    expectOnce(rows, answered)
  } finally {
    await gateway.close()
  }
}

type Row = { readonly idx: number; readonly leaf: string; readonly hash: Uint8Array }

async function readLeaves({ deps }: Gateway): Promise<readonly Row[]> {
  return deps.store.db.selectFrom('entry').selectAll().orderBy('idx').execute()
}

async function checkWhole(city: City) {
  const stored = await inspectGateway(configOf(city))
  if (!stored) throw new Error('there is no gateway')
  try {
    const { anchor, ...rest } = stored
    return await checkLog(anchor === undefined ? rest : { ...rest, anchor })
  } finally {
    await stored.close()
  }
}

/** @returns the checkpoints that the receipts bring. */
async function expectEvidence({ deps, own }: Gateway, answered: readonly Sent[]) {
  const trust: Trust = await trustOf(createApp(deps, own))
  const checkpoints: string[] = []
  for (const { request, text, index } of answered) {
    const bundle = await evidenceBundle(deps, index, { request, answer: text })
    const verdict = await verifyEvidence(bundle as never, trust, nodeSha256)
    expect(verdict, JSON.stringify(verdict)).toMatchObject({ ok: true })
    checkpoints.push(parseReceipt(bundle.receipt).checkpoint)
  }
  return checkpoints
}

/** The root at each size, from the entries alone. */
async function expectOneTree(
  { own }: Gateway,
  rows: readonly Row[],
  checkpoints: ReadonlySet<string>,
): Promise<void> {
  const trees = await Promise.all(
    [...checkpoints].map((note) => openCheckpoint(note, own.logIdentity)),
  )
  let edge = emptyEdge
  for (const tree of trees.sort((a, b) => Number(a?.size) - Number(b?.size))) {
    if (!tree) throw new Error('a checkpoint was shown that the log did not sign')
    const more = rows.slice(edge.size, tree.size)
    edge = extendEdge(
      nodeSha256,
      edge,
      more.map(({ hash }) => hash),
    ).edge
    expect(edge.size).toBe(tree.size)
    expect(Buffer.from(edgeRoot(nodeSha256, edge))).toEqual(Buffer.from(tree.root))
  }
}

function expectOnce(rows: readonly Row[], answered: readonly Sent[]): void {
  const leaves = rows.map(({ leaf }) => parseLeaf(leaf))
  const times = leaves.map(({ time }) => time)
  expect(times).toEqual([...times].sort())
  const exchanges = Map.groupBy(
    leaves.filter(({ kind }) => kind === 'exchange'),
    ({ requestHash }) => requestHash,
  )
  for (const same of exchanges.values()) expect(same).toHaveLength(1)
  const seen = new Map<string, string>()
  for (const { request, text, index } of answered) {
    expect(seen.get(request) ?? text).toBe(text)
    seen.set(request, text)
    const leaf = leaves[index]
    expect(leaf).toMatchObject({ requestHash: hashOf(request), answerHash: hashOf(text) })
    expect(exchanges.get(hashOf(request))).toHaveLength(1)
  }
}

function hashOf(text: string): string {
  return Buffer.from(nodeSha256(Buffer.from(text))).toString('base64url')
}

/** The kinds of the entries about a request, in order. */
export async function kindsOf(city: City, request: string): Promise<string[]> {
  return withGateway(city, async (gateway) => {
    const leaves = (await readLeaves(gateway)).map(({ leaf }) => parseLeaf(leaf))
    return leaves.filter((leaf) => leaf.requestHash === hashOf(request)).map(({ kind }) => kind)
  })
}

/** What an operator does from elsewhere, beside the nodes that serve. */
export async function withGateway<T>(
  city: Pick<City, 'url' | 'dir'>,
  work: (gateway: Gateway) => Promise<T>,
): Promise<T> {
  const gateway = await openGateway(configOf(city), { report: () => {} })
  try {
    return await work(gateway)
  } finally {
    await gateway.close()
  }
}

/** How often the provider was asked, and the requests (by hash) that it made a statement about. */
export type Vehicles = { readonly calls: { count: number }; readonly stated: string[] }

/** The example provider behind VEH-01, for all nodes. */
export async function startVehicles(city: City, thinkMillis = 0): Promise<Vehicles> {
  return withGateway(city, async ({ deps, own }) => {
    const trust = await trustOf(createApp(deps, own))
    const calls = { count: 0 }
    const stated: string[] = []
    const app = providerApp({
      trust: () => trust as never,
      keyOf: (system) => demoCaller(city.dir, system).jwk,
      log: ({ requestHash }) => void stated.push(requestHash),
    })
    const listener = getRequestListener(async (request) => {
      calls.count += 1
      await pause(thinkMillis)
      return app.fetch(request)
    })
    const { origin } = new URL(await serve(listener))
    const endpoint = `${origin}/traffic-police`
    await amend(deps, 'system', { id: 'traffic-police', members: { endpoint } })
    return { calls, stated }
  })
}
