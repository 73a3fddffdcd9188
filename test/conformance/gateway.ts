import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { type Connector, ProviderFailure } from '../../src/connector/connector.ts'
import type { Outbound } from '../../src/connector/http.ts'
import { stageSnapshot, switchSnapshot } from '../../src/connector/import.ts'
import type { Deps } from '../../src/deps.ts'
import { eraseRecord } from '../../src/evidence/erase.ts'
import { publicJwk } from '../../src/keys/signer.ts'
import { type Gateway, openGateway } from '../../src/platform/gateway.ts'
import type { SignerFor } from '../../src/platform/keyring.ts'
import { applyDocuments, readDocuments } from '../../src/registry/apply.ts'
import { bumpVersion } from '../../src/registry/registry.ts'
import type { NewSystemKey } from '../../src/registry/system-keys.ts'
import { payloadOf } from '../caller.ts'
import { amend } from '../city.ts'
import { type Earlier, readVectors, type State } from './vectors.ts'

export const ISSUER = 'https://conformance.mianzheng.example'
export const NOW = Date.parse('2026-11-23T02:00:00.000Z')
/** When the registry was filed and the registers were handed over. */
const BEGAN = NOW - 8 * 3_600_000

/** A gateway in a named state: what a third party builds to run the vectors against its own. */
export async function openConformanceGateway(state: State, outbound?: Outbound) {
  prepared ??= prepare()
  const dir = temporary()
  cpSync(await prepared, dir, { recursive: true })
  const clock = { now: BEGAN }
  const policies = state.policy ? ['city-forbids'] : []
  const gateway = await openGateway(configOf(dir), {
    clock: () => clock.now,
    report: () => {},
    policy: {
      decide: () => (state.policy ? { permit: false, policies } : { permit: true }),
    },
    ...(outbound ? { outbound } : {}),
    ...(state.signer ? { signerFor: brokenSigner } : {}),
  })
  await change(gateway.deps, state)
  const connectors = state.provider ? failing(state.provider) : gateway.deps.connectors
  const fate = { isCutOff: false }
  const log = mortalLog(gateway.deps.log, fate)
  const app = createApp({ ...gateway.deps, connectors, log }, gateway.own)
  clock.now = NOW

  const post = async (body: string, now: string, headers: Record<string, string> = {}) => {
    clock.now = Date.parse(now)
    const type = { 'content-type': 'application/jwt' }
    return app.request('/v1/requests', { method: 'POST', body, headers: { ...type, ...headers } })
  }
  return {
    deps: gateway.deps,
    app,
    clock,
    post,
    /** Sends what came before, in order. @returns the bodies of the replies. */
    before: async (earlier: readonly Earlier[]) => {
      const bodies: string[] = []
      fate.isCutOff = state.cutOff === true
      for (const { body, now } of earlier) bodies.push(await (await post(body, now)).text())
      fate.isCutOff = false
      await spoil(gateway, state, earlier)
      return bodies
    },
    get: async (path: string, headers: Record<string, string>, now: string) => {
      clock.now = Date.parse(now)
      return app.request(path, { headers })
    },
    close: async () => {
      await gateway.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

let prepared: Promise<string> | undefined

/** The folder of a gateway as registered: made once and copied, which is far cheaper. */
async function prepare(): Promise<string> {
  const dir = temporary()
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }))
  const gateway = await openGateway(configOf(dir), { clock: () => BEGAN, report: () => {} })
  await file(gateway.deps)
  await gateway.close()
  return dir
}

function temporary(): string {
  return mkdtempSync(join(tmpdir(), 'mianzheng-conformance-'))
}

function configOf(dir: string) {
  return readConfig({ DATA_DIR: dir, ISSUER })
}

/** Files `registry.json`: documents, the systems' public keys and the registers' rows. */
async function file({ store, registry }: Deps): Promise<void> {
  const { rows, ...documents } = readVectors('registry.json')
  const read = readDocuments(documents)
  const keys: NewSystemKey[] = []
  for (const [system, jwk] of Object.entries(readVectors('keys.json').systems))
    keys.push({ system, jwk: (await publicJwk(jwk)) as NewSystemKey['jwk'], validFrom: BEGAN })
  await applyDocuments(store.db, read, keys)
  for (const register of read.registers) {
    const found = (rows[register.id] ?? []).map((row, i) => ({ line: i + 2, row }))
    const version = new Date(BEGAN).toISOString()
    const staged = await stageSnapshot(store.db, found, { register, asOf: BEGAN, version })
    await switchSnapshot(store.db, register.id, staged)
  }
  await registry.refresh()
}

async function change(deps: Deps, { changes = [] }: State): Promise<void> {
  for (const one of changes) {
    if (one.document !== 'key') {
      await amend(deps, one.document, { id: one.id, members: one.merge })
      continue
    }
    const { validFrom, validTo, revokedAt } = one.merge
    const columns = {
      ...(validFrom ? { valid_from: Date.parse(validFrom) } : {}),
      ...(validTo ? { valid_to: Date.parse(validTo) } : {}),
      ...(revokedAt ? { revoked_at: Date.parse(revokedAt) } : {}),
    }
    const keys = deps.store.db.updateTable('system_key').set(columns)
    await keys.where('system', '=', one.id).execute()
    await bumpVersion(deps.store.db)
  }
  await deps.registry.refresh()
}

/** The log's entries of a request that was cut off while its provider was asked, and was sent again. */
export async function cutOffEntries(state: State, request: string): Promise<string[]> {
  const gateway = await openConformanceGateway(state)
  try {
    const { log, store } = gateway.deps
    const before = log.head().size
    await gateway.before([{ now: new Date(NOW).toISOString(), body: request }])
    await gateway.post(request, new Date(NOW + 61_000).toISOString())
    const indices = Array.from({ length: log.head().size - before }, (_, i) => before + i)
    return await Promise.all(indices.map(async (index) => (await store.readLeaf(index)) ?? ''))
  } finally {
    await gateway.close()
  }
}

async function spoil(gateway: Gateway, state: State, earlier: readonly Earlier[]): Promise<void> {
  if (state.erased)
    for (const { body } of earlier)
      await eraseRecord(gateway.deps, { jti: String(payloadOf(body).jti) })
  if (state.log) gateway.raw.pragma('query_only = 1')
}

function failing(how: NonNullable<State['provider']>): Deps['connectors'] {
  const fail: Connector = async ({ ask }) => {
    if (how !== 'invalid') throw new ProviderFailure(how, 'as the vector says')
    return {
      outcome: 'ANSWERED',
      asOf: new Date(BEGAN).toISOString(),
      source: { register: 'enterprise', version: '1' },
      values: new Map(ask.map(({ claim }) => [claim, { not: 'what the contract says' }])),
    }
  }
  return { snapshot: fail, http: fail }
}

/** While it is cut off, an intent is written and nothing that would end it: as a kill leaves it. */
function mortalLog(log: Deps['log'], fate: { readonly isCutOff: boolean }): Deps['log'] {
  const append: Deps['log']['append'] = (draft) =>
    fate.isCutOff && draft.ends !== undefined
      ? Promise.reject(new Error('cut off, as the vector says'))
      : log.append(draft)
  return { ...log, append }
}

const brokenSigner: SignerFor = async ({ jwk }) => ({
  algorithm: 'ES256',
  kid: String(jwk.kid),
  sign: () => Promise.reject(new Error('no device, as the vector says')),
})
