import { randomInt } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { checkLog } from '../../src/log/check.ts'
import { parseLeaf } from '../../src/log/entry.ts'
import type { Trust } from '../../src/log/trust.ts'
import { verifyEvidence } from '../../src/log/verify.ts'
import { nodeSha256 } from '../../src/platform/crypto.ts'
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
import { claimsOf } from '../city.ts'
import { checkWholeLog, configOf, ISSUER } from '../harness.ts'
import { askForTrust } from '../reply.ts'
import { type Running, seededNow, startGateway } from './processes.ts'

/** `KILLS=1000 vitest run test/platform/kill` is the long run. */
const KILLS = Number(process.env.KILLS ?? 50)
const CONNECTIONS = 8
const CHECK_EVERY = 10
const LOAD_MILLIS = [60, 400] as const

type Answered = { readonly request: string; readonly answer: string; readonly index: number }
type Load = { readonly answered: Answered[]; readonly unanswered: string[] }

afterAll(checkWholeLog)

test(
  `${KILLS} times killed under load: what was answered is on record, what was not can be asked again`,
  async () => {
    const dir = await seededNow({ perSecond: 1e6, burst: 1e6 })
    const housing = demoCaller(dir, HOUSING)
    const all: Answered[] = []
    let trust: Trust | undefined
    let last: Load = { answered: [], unanswered: [] }
    for (let round = 0; round <= KILLS; round++) {
      const running = await startGateway(dir)
      trust ??= await askForTrust(running.url)
      all.push(...(await askAgain(running, last)))
      await expectRecorded(dir, last.answered)
      await expectProof(running, { housing, trust, answered: last.answered[0] })
      if (round % CHECK_EVERY === 0 || round === KILLS) await expectWhole(dir)
      if (round < KILLS) last = await loadAndKill(running, housing, trust)
      else running.child.kill('SIGKILL')
      all.push(...last.answered)
      await running.ended
    }
    await expectRecorded(dir, all)
    await expectEachOnce(dir, all)
    expect(all.length).toBeGreaterThan(KILLS)
  },
  120_000 + KILLS * 5_000,
)

/** Several connections send without pause until the process is killed at a moment nobody chose. */
async function loadAndKill(running: Running, housing: Caller, trust: Trust): Promise<Load> {
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
  })
}

/** A request that was sent again was not executed again: its hash stands in one entry. */
async function expectEachOnce(dir: string, answered: readonly Answered[]): Promise<void> {
  await withStored(dir, async ({ store }) => {
    const rows = await store.db.selectFrom('entry').select('leaf').execute()
    const times = Map.groupBy(rows, ({ leaf }) => parseLeaf(leaf).requestHash)
    for (const { request } of answered) expect(times.get(hashOf(request))).toHaveLength(1)
  })
}

/** What was answered before the kill is proven after it, by a proof under the new head. */
async function expectProof(
  { url }: Running,
  of: { housing: Caller; trust: Trust; answered: Answered | undefined },
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

function signRequest(housing: Caller): string {
  const envelope = requestEnvelope(housing, { issuer: ISSUER, nowMillis: Date.now() })
  const claims = { ...envelope, ...claimsOf('family-4-marriage') }
  return housing.sign(headerOf(housing, REQUEST_TYPE), claims)
}

function hashOf(text: string): string {
  return Buffer.from(nodeSha256(Buffer.from(text))).toString('base64url')
}
