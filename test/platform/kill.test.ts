import { randomInt } from 'node:crypto'
import { getRequestListener } from '@hono/node-server'
import { afterAll, expect, test } from 'vitest'
import { providerApp } from '../../examples/provider/app.ts'
import { checkLog } from '../../src/log/check.ts'
import { parseLeaf } from '../../src/log/entry.ts'
import type { Trust } from '../../src/log/trust.ts'
import { verifyEvidence } from '../../src/log/verify.ts'
import { nodeSha256 } from '../../src/platform/crypto.ts'
import { openGateway } from '../../src/platform/gateway.ts'
import { type Inspected, inspectGateway } from '../../src/platform/inspect.ts'
import {
  type Caller,
  demoCaller,
  HOUSING,
  headerOf,
  PROOF_TYPE,
  payloadOf,
  proofClaims,
  REQUEST_TYPE,
  requestEnvelope,
} from '../caller.ts'
import { amend, claimsOf } from '../city.ts'
import { checkWholeLog, configOf, ISSUER } from '../harness.ts'
import { serve } from '../provider.ts'
import { askForTrust } from '../reply.ts'
import { type Running, seededNow, startGateway } from './processes.ts'

/** `KILLS=1000 vitest run test/platform/kill` is the long run. */
const KILLS = Number(process.env.KILLS ?? 50)
const CONNECTIONS = 8
const CHECK_EVERY = 10
const LOAD_MILLIS = [60, 400] as const
const THINKING_MILLIS = [1, 40] as const

type Asking = Caller & { readonly example: string }
type Answered = { readonly request: string; readonly answer: string; readonly index: number }
/** What is asked, and what is done between seeding and the first start. */
type Way = {
  readonly kills: number
  readonly example: string
  prepare(dir: string, trust: () => Trust | undefined): Promise<void>
}
type Load = { readonly answered: Answered[]; readonly unanswered: string[] }

afterAll(checkWholeLog)

const stated: string[] = []

const WAYS: readonly (Way & { readonly name: string })[] = [
  {
    name: 'from its own store',
    kills: KILLS,
    example: 'family-4-marriage',
    prepare: async () => {},
  },
  {
    name: 'while a provider is asked',
    kills: Math.ceil(KILLS / 5),
    example: 'vehicle-one',
    prepare: startVehicles,
  },
]

test.each(WAYS)(
  '$kills times killed under load, answering $name: what was answered is on record, what was not can be asked again',
  async ({ kills, example, prepare }) => {
    const dir = await seededNow({ perSecond: 1e6, burst: 1e6 })
    let trust: Trust | undefined
    await prepare(dir, () => trust)
    const housing = { ...demoCaller(dir, HOUSING), example }
    const all: Answered[] = []
    let last: Load = { answered: [], unanswered: [] }
    for (let round = 0; round <= kills; round++) {
      const running = await startGateway(dir)
      trust ??= await askForTrust(running.url)
      all.push(...(await askAgain(running, last)))
      await expectRecorded(dir, last.answered)
      await expectProof(running, { housing, trust, answered: last.answered[0] })
      if (round % CHECK_EVERY === 0 || round === kills) await expectWhole(dir)
      if (round < kills) last = await loadAndKill(running, housing, trust)
      else running.child.kill('SIGKILL')
      all.push(...last.answered)
      await running.ended
    }
    await expectRecorded(dir, all)
    await expectEachOnce(dir, all)
    expect(all.length).toBeGreaterThan(kills)
    // However often it was asked about one request, the provider stated once.
    expect(new Set(stated).size).toBe(stated.length)
  },
  120_000 + KILLS * 8_000,
)

/** The example provider behind VEH-01, slow enough to be killed in the middle of. */
async function startVehicles(dir: string, trust: () => Trust | undefined): Promise<void> {
  const app = providerApp({
    trust: () => trust() as never,
    keyOf: (system) => demoCaller(dir, system).jwk,
    log: ({ requestHash }) => void stated.push(requestHash),
  })
  const listener = getRequestListener(async (request) => {
    await new Promise((resolve) => setTimeout(resolve, randomInt(...THINKING_MILLIS)))
    return app.fetch(request)
  })
  const { origin } = new URL(await serve(listener))
  const gateway = await openGateway(configOf(dir), { report: () => {} })
  const endpoint = `${origin}/traffic-police`
  await amend(gateway.deps, 'system', { id: 'traffic-police', members: { endpoint } })
  const members = { dailyQuota: 1_000_000_000 }
  await amend(gateway.deps, 'agreement', { id: 'housing-veh-01', members })
  await gateway.close()
}

/** Several connections send without pause until the process is killed at a moment nobody chose. */
async function loadAndKill(running: Running, housing: Asking, trust: Trust): Promise<Load> {
  const load: Load = { answered: [], unanswered: [] }
  let isAlive = true
  const connection = async (wantsBundle: boolean): Promise<void> => {
    while (isAlive) {
      const request = signRequest(housing)
      const answered = await sendOnce(running, request, wantsBundle ? trust : undefined)
      if (answered) load.answered.push(answered)
      else load.unanswered.push(request)
      if (!answered) return
    }
  }
  const connections = Array.from({ length: CONNECTIONS }, (_, i) => connection(i % 4 === 0))
  await new Promise((resolve) => setTimeout(resolve, randomInt(...LOAD_MILLIS)))
  running.child.kill('SIGKILL')
  isAlive = false
  await Promise.all(connections)
  return load
}

/** Undefined unless the whole answer came. A bundle is judged as it arrives. */
async function sendOnce(
  { url }: Running,
  request: string,
  trust: Trust | undefined,
): Promise<Answered | undefined> {
  const accept = trust ? 'application/json' : 'application/jwt'
  const headers = { 'content-type': 'application/jwt', accept }
  let response: Response
  let text: string
  try {
    response = await fetch(`${url}/v1/requests`, { method: 'POST', body: request, headers })
    text = await response.text()
  } catch {
    return undefined
  }
  expect(response.status, text).toBe(200)
  const index = Number(response.headers.get('log-index'))
  if (!trust) return { request, answer: text, index }
  const bundle = JSON.parse(text)
  expect((await verifyEvidence(bundle, trust, nodeSha256)).checks).toMatchObject({
    signature: { ok: true },
    binding: { ok: true },
    inclusion: { ok: true },
    checkpoint: { ok: true },
  })
  return { request, answer: bundle.answer, index }
}

/** The unanswered get a result now; of the answered the last ones get the very bytes they had. */
async function askAgain(running: Running, { answered, unanswered }: Load): Promise<Answered[]> {
  for (const { request, answer, index } of answered.slice(-CONNECTIONS))
    expect(await sendOnce(running, request, undefined)).toEqual({ request, answer, index })
  const results = await Promise.all(
    unanswered.map((request) => sendOnce(running, request, undefined)),
  )
  for (const result of results) expect(result).toBeDefined()
  return results as Answered[]
}

async function withStored<T>(dir: string, look: (stored: Inspected) => Promise<T>): Promise<T> {
  const stored = await inspectGateway(configOf(dir))
  if (!stored) throw new Error('there is no gateway')
  try {
    return await look(stored)
  } finally {
    await stored.close()
  }
}

async function expectRecorded(dir: string, answered: readonly Answered[]): Promise<void> {
  await withStored(dir, async ({ store }) => {
    for (const { request, answer, index } of answered) {
      const leaf = parseLeaf(String(await store.readLeaf(index)))
      expect(leaf).toMatchObject({ requestHash: hashOf(request), answerHash: hashOf(answer) })
    }
  })
}

async function expectWhole(dir: string): Promise<void> {
  await withStored(dir, async ({ anchor, ...stored }) => {
    const report = await checkLog({ ...stored, ...(anchor === undefined ? {} : { anchor }) })
    expect(report).toMatchObject({ ok: true, faults: [] })
    await expectEnded(stored)
  })
}

/** Every intent is ended, by exactly one entry. */
async function expectEnded({ store }: Pick<Inspected, 'store'>): Promise<void> {
  const rows = await store.db.selectFrom('entry').select(['idx', 'leaf']).execute()
  const leaves = rows.map(({ idx, leaf }) => ({ idx, ...parseLeaf(leaf) }))
  const intents = leaves.filter(({ kind }) => kind === 'intent').map(({ idx }) => idx)
  const ended = leaves.flatMap(({ intent }) => intent ?? [])
  expect(ended.sort((a, b) => a - b)).toEqual(intents.sort((a, b) => a - b))
  expect(await store.openIntents(Number.MAX_SAFE_INTEGER)).toEqual([])
}

/** A request that was sent again was not answered again: its hash stands in one exchange. */
async function expectEachOnce(dir: string, answered: readonly Answered[]): Promise<void> {
  await withStored(dir, async ({ store }) => {
    const rows = await store.db.selectFrom('entry').select('leaf').execute()
    const leaves = rows.map(({ leaf }) => parseLeaf(leaf))
    const times = Map.groupBy(
      leaves.filter(({ kind }) => kind !== 'intent' && kind !== 'interrupted'),
      ({ requestHash }) => requestHash,
    )
    for (const { request } of answered) expect(times.get(hashOf(request))).toHaveLength(1)
  })
}

/** What was answered before the kill is proven after it, by a proof under the new head. */
async function expectProof(
  { url }: Running,
  of: { housing: Asking; trust: Trust; answered: Answered | undefined },
): Promise<void> {
  if (!of.answered) return
  const path = `/v1/requests/${payloadOf(of.answered.request).jti}/evidence`
  const claims = proofClaims(of.housing, { path }, { issuer: ISSUER, nowMillis: Date.now() })
  const proof = of.housing.sign(headerOf(of.housing, PROOF_TYPE), claims)
  const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${proof}` } })
  const bundle = await response.json()
  expect(await verifyEvidence(bundle, of.trust, nodeSha256)).toMatchObject({ ok: true })
  expect(bundle).toMatchObject({ request: of.answered.request, answer: of.answered.answer })
}

function signRequest(housing: Asking): string {
  const envelope = requestEnvelope(housing, { issuer: ISSUER, nowMillis: Date.now() })
  const claims = { ...envelope, ...claimsOf(housing.example) }
  return housing.sign(headerOf(housing, REQUEST_TYPE), claims)
}

function hashOf(text: string): string {
  return Buffer.from(nodeSha256(Buffer.from(text))).toString('base64url')
}
