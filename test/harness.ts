import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hono } from 'hono'
import { expect, inject } from 'vitest'
import { providerApp } from '../examples/provider/app.ts'
import { createApp, type Watch } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import type { Connector, Connectors, Question } from '../src/connector/connector.ts'
import type { Outbound } from '../src/connector/http.ts'
import type { Deps } from '../src/deps.ts'
import { checkLog } from '../src/log/check.ts'
import type { Verdict } from '../src/log/verify.ts'
import type { OidcSettings } from '../src/people/oidc.ts'
import { type Gateway, openGateway } from '../src/platform/gateway.ts'
import type { Measures } from '../src/platform/measures.ts'
import { seedDemo } from '../src/platform/seed.ts'
import type { PolicyEngine } from '../src/policy/policy.ts'
import type { ProviderLine } from '../src/provider/index.ts'
import { bumpVersion } from '../src/registry/registry.ts'
import type { Tables } from '../src/storage/tables.ts'
import {
  type Caller,
  demoCaller,
  headerOf,
  type Members,
  PROOF_TYPE,
  proofClaims,
  REQUEST_TYPE,
  requestEnvelope,
} from './caller.ts'
import { amend, type DocumentTable } from './city.ts'
import { OPERATOR_PUBLIC } from './operator.ts'
import { copyCity, dropCity, type PostgresCity, run, TEST_SHARED } from './postgres-city.ts'
import { bundleOf, type Reply, readFrom, replyOf, sendTo, trustOf, verifyReply } from './reply.ts'

export const ISSUER = 'https://gateway.yunting.example'
/** A Monday, ten in the morning in Shanghai. */
export const NOW = Date.parse('2026-11-23T02:00:00.000Z')

export type TestGateway = Awaited<ReturnType<typeof openTestGateway>>

export type Options = {
  readonly policy?: PolicyEngine
  /** Stands in for the connectors. */
  readonly provider?: Connector
  /** `real`: over the network, not to the demo city's providers in this process. */
  readonly outbound?: 'real'
  /** Bends what the path may touch. */
  readonly bend?: (deps: Deps) => Deps
  readonly measures?: Measures
  /** Who signs people in; nobody where nothing is said. */
  readonly oidc?: OidcSettings
  /** Where the operator's own lines go, as in a gateway that is served. */
  readonly watch?: (report: Deps['report']) => Watch
  /** An earlier test gateway's folder instead of a fresh one. */
  readonly dir?: string
  /** Where `dir` holds the keys alone: its database, with a table `test_clock` (test/postgres-city.ts). */
  readonly databaseUrl?: string
  readonly nowMillis?: number
}

const opened = new Set<TestGateway>()
const folders = new Set<string>()
/** Of each folder whose gateway lives in a PostgreSQL: the address of its database. */
const databases = new Map<string, string>()
let prepared: Promise<string> | undefined

/** Whether this file's gateways share a PostgreSQL: the project of vitest.config.ts decides. */
export const isShared = process.env.TEST_ENGINE === 'postgres'
const city = isShared ? inject('postgresCity') : undefined

/** A data folder of the seeded demo city that may be written to; gone after the test. */
async function seededFolder(): Promise<string> {
  const dir = temporaryFolder()
  if (city) databases.set(dir, await copyCity(city, dir))
  else {
    prepared ??= prepare()
    cpSync(await prepared, dir, { recursive: true })
  }
  return dir
}

export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'mianzheng-'))
  folders.add(dir)
  return dir
}

/**
 * Seeding once a run and copying is far cheaper than seeding for each test or file. Two files that begin
 * together both seed; the one that is done first is taken by all.
 */
async function prepare(): Promise<string> {
  const shared = join(inject('runFolder'), 'seeded')
  if (existsSync(shared)) return shared
  const own = mkdtempSync(`${shared}-`)
  const gateway = await openGateway(configOf(own), { clock: () => NOW, report: () => {} })
  await seedDemo(gateway.deps, own)
  await gateway.close()
  try {
    renameSync(own, shared)
  } catch (error) {
    if (!existsSync(shared)) throw error
  }
  return shared
}

export function configOf(dir: string) {
  const DATABASE_URL = databases.get(dir)
  const OPERATOR_KEY = JSON.stringify(OPERATOR_PUBLIC)
  const own = { DATA_DIR: dir, DATABASE_URL, ISSUER, OPERATOR_KEY }
  return readConfig({ ...own, HOST: '127.0.0.1', PORT: '0' })
}

/** A gateway on a real database, seeded, its clock standing still until a test moves it. */
export async function openTestGateway(options: Options = {}) {
  const dir = options.dir ?? (await seededFolder())
  if (options.databaseUrl !== undefined) databases.set(dir, options.databaseUrl)
  const clock = { now: options.nowMillis ?? NOW }
  const reports: { event: string; fields: unknown }[] = []
  const gateway = await openGateway(configOf(dir), {
    clock: () => clock.now,
    ...(databases.has(dir) ? { shared: TEST_SHARED } : {}),
    ...(options.outbound === 'real'
      ? {}
      : { outbound: (...post: Parameters<Outbound>) => provided(...post) }),
    report: (event, fields) => reports.push({ event, fields }),
    measures: options.measures,
    oidc: options.oidc,
    ...(options.policy ? { policy: options.policy } : {}),
  })
  const calls = { provider: 0 }
  const providerLines: ProviderLine[] = []
  let providers: Hono | undefined
  const provided: Outbound = async (url, body, _, trace) => {
    const keyOf = (id: string) => demoCaller(dir, id).jwk
    const trust = () => self.trust() as Promise<never>
    const log = (line: ProviderLine) => providerLines.push(line)
    providers ??= providerApp({ keyOf, trust, clock: () => clock.now, log })
    const headers = { ...trace, 'content-type': 'application/jwt' }
    const reply = await providers.request(url, { method: 'POST', body, headers })
    const contentType = reply.headers.get('content-type') ?? ''
    return { status: reply.status, contentType, body: await reply.text() }
  }
  const connectors = counted(gateway.deps.connectors, options.provider, calls)
  const bend = options.bend ?? ((same) => same)
  const deps = bend({ ...gateway.deps, connectors })
  const watch = options.watch?.(deps.report)
  const app = createApp(deps, gateway.own, { ...watch, operator: gateway.operator })
  const url = databases.get(dir)
  if (url !== undefined) keepTime(app, () => run(url, `UPDATE test_clock SET now = ${clock.now}`))
  const callers = new Map<string, Caller>()
  const when = () => ({ issuer: ISSUER, nowMillis: clock.now })

  const self = {
    dir,
    clock,
    reports,
    gateway,
    deps,
    app,
    calls,
    providerLines,
    caller: (id: string): Caller => {
      const caller = callers.get(id) ?? demoCaller(dir, id)
      callers.set(id, caller)
      return caller
    },
    /** Seconds forward. */
    wait: (seconds: number) => {
      clock.now += seconds * 1000
    },
    size: () => deps.log.head().size,
    /** An honest request, `claims` over its envelope; null takes a member away. */
    request: (id: string, claims: Members, header: Members = {}): string => {
      const caller = self.caller(id)
      const payload = { ...requestEnvelope(caller, when()), ...claims }
      const kept = Object.entries(payload).filter(([, value]) => value !== null)
      return caller.sign({ ...headerOf(caller, REQUEST_TYPE), ...header }, Object.fromEntries(kept))
    },
    proof: (id: string, path: string, claims: Members = {}): string => {
      const caller = self.caller(id)
      const payload = { ...proofClaims(caller, { path }, when()), ...claims }
      return caller.sign(headerOf(caller, PROOF_TYPE), payload)
    },
    proofBy: (caller: Caller, path: string): string =>
      caller.sign(headerOf(caller, PROOF_TYPE), proofClaims(caller, { path }, when())),
    send: (request: string, headers: Record<string, string> = {}): Promise<Reply> =>
      sendTo(app, request, headers),
    ask: (id: string, claims: Members): Promise<Reply> => sendTo(app, self.request(id, claims)),
    get: async (path: string, headers: Record<string, string> = {}): Promise<Reply> =>
      replyOf('', await app.request(path, { headers })),
    /** A read with a fresh proof. */
    read: (id: string, path: string, claims: Members = {}): Promise<Reply> =>
      readFrom(app, path, self.proof(id, path, claims)),
    trust: () => trustOf(app),
    bundle: (reply: Reply) => bundleOf(deps, reply),
    /** Builds the evidence of a recorded reply and judges it as a stranger would, offline. */
    verify: (reply: Reply): Promise<Verdict> => verifyReply(deps, app, reply),
    /** Changes one registry document; seen by the next request. */
    amend: async (table: DocumentTable, id: string, members: Members) => {
      await amend(deps, table, { id, members })
      self.wait(1)
    },
    amendKey: async (system: string, columns: Partial<Tables['system_key']>) => {
      await deps.store.db
        .updateTable('system_key')
        .set(columns)
        .where('system', '=', system)
        .execute()
      await bumpVersion(deps.store.db)
      self.wait(1)
    },
    checkWholeLog: () => checkStored(gateway),
    close: async () => {
      if (opened.delete(self)) await gateway.close()
    },
  }
  opened.add(self)
  return self
}

/** For `afterEach`: whatever a test did, the log of every gateway it opened must still hold, whole. */
export async function checkWholeLog(): Promise<void> {
  const results = []
  for (const one of [...opened]) {
    await one.gateway.deps.log.drain()
    results.push(await one.checkWholeLog())
    await one.close()
  }
  for (const url of city ? databases.values() : []) await dropCity(city as PostgresCity, url)
  databases.clear()
  for (const dir of folders) rmSync(dir, { recursive: true, force: true })
  folders.clear()
  for (const { faults } of results) expect(faults).toEqual([])
}

/** The shared database's clock moves with the test's, before whatever is asked next. */
function keepTime(app: Hono, tell: () => Promise<void>): void {
  const request = app.request
  app.request = (async (...asked: Parameters<typeof request>) => {
    await tell()
    return request(...asked)
  }) as typeof request
}

export async function checkStored({ deps, own }: Gateway, anchor?: string) {
  const { store, crypto } = deps
  const identity = own.logIdentity
  return checkLog({ store, crypto, identity, ...(anchor === undefined ? {} : { anchor }) })
}

/** Counts every way to ask a provider; `instead` stands in for all of them. */
function counted(
  connectors: Connectors,
  instead: Connector | undefined,
  calls: { provider: number },
): Connectors {
  const entries = Object.entries(connectors).map(([kind, connector]) => [
    kind,
    async (question: Question) => {
      calls.provider += 1
      return (instead ?? (connector as Connector))(question)
    },
  ])
  return Object.fromEntries(entries)
}
