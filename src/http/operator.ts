import { zValidator } from '@hono/zod-validator'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { handOver, type RowSource } from '../connector/handover.ts'
import { ImportError, type SourceRow } from '../connector/import.ts'
import { ContractError } from '../contract/contract-error.ts'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { recordChange } from '../log/change.ts'
import { LogUnavailable } from '../log/unavailable.ts'
import {
  applyDocuments,
  type RegistryDocuments,
  RegistryError,
  readDocuments,
} from '../registry/apply.ts'
import { type NewSystemKey, readSystemJwk, SystemKeyError } from '../registry/system-keys.ts'
import { invalidParameters } from './input.ts'
import { countedBytes } from './limits.ts'
import { type Operator, requireOperator } from './operator-proof.ts'

const REGISTRY_BYTES_MAX = 8 * 1024 * 1024
const REGISTER_BYTES_MAX = 64 * 1024 * 1024
const KEYS_MAX = 1000
const FAULTS_SHOWN = 20
const WAIT_SECONDS = 5

export const registerParam = z.object({ id: z.string().min(1).max(64) })

/** What the registry's upload holds beside its documents: public keys to be registered for systems. */
const keysSchema = z
  .array(z.strictObject({ system: z.string(), jwk: z.unknown() }))
  .max(KEYS_MAX)
  .default([])

/**
 * How the operator brings the registry and providers' registers to a gateway whose files he cannot
 * reach. One upload at a time; each is recorded in the log before it takes effect, and nothing of one
 * with a fault is used.
 */
export function operatorRoutes(deps: Deps, operator: Operator): Hono {
  const alone = oneAtATime()
  return new Hono()
    .put('/registry', async (c) => {
      requireMedia(c, 'application/json')
      const { bodyHash } = await requireOperator(deps, operator, c)
      return alone(async () => c.json(await takeRegistry(deps, c, bodyHash)))
    })
    .put('/registers/:id', zValidator('param', registerParam, invalidParameters), async (c) => {
      requireMedia(c, 'text/csv')
      const proof = await requireOperator(deps, operator, c)
      const held = (await deps.registry.view()).registers.get(c.req.valid('param').id)
      if (!held) throw new Refusal('not-found')
      const asOf = proof.asOf === undefined ? deps.clock() : Date.parse(proof.asOf)
      return alone(async () => {
        const read = operator.readCsv(countedBytes(c.req.raw.body, REGISTER_BYTES_MAX))
        const source = onlyIf(proof.bodyHash, read)
        const taken = await handOver(deps, held.register, { source, asOf }).catch(asRefusal)
        await deps.registry.refresh()
        return c.json({ register: held.register.id, ...taken })
      })
    })
}

function requireMedia(c: Context, media: string): void {
  const type = c.req.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== media) throw new Refusal('media-type')
}

/** Two uploads at once could each remove what the other has staged. */
function oneAtATime() {
  let isBusy = false
  return async (work: () => Promise<Response>): Promise<Response> => {
    if (isBusy) throw new Refusal('rate', { retryAfterSeconds: WAIT_SECONDS })
    isBusy = true
    try {
      return await work()
    } finally {
      isBusy = false
    }
  }
}

/** The rows of exactly the body that was signed for. They throw Refusal `proof` at the end of another. */
function onlyIf(bodyHash: string, source: RowSource): RowSource {
  async function* rows(): AsyncGenerator<SourceRow> {
    yield* source.rows
    if (source.digest() !== bodyHash) throw new Refusal('proof')
  }
  return { rows: rows(), digest: source.digest }
}

/** Documents over what is there; the recorded hash is the body's. */
async function takeRegistry(deps: Deps, c: Context, bodyHash: string) {
  const text = await readSigned(deps, c, bodyHash)
  try {
    const { documents, keys } = await readUpload(text, deps.clock())
    const change = { what: 'registry', id: 'upload', hash: bodyHash }
    const entry = await recordChange(deps.log, change)
    await applyDocuments(deps.store.db, documents, keys)
    await deps.registry.refresh()
    const counts = Object.entries(documents).map(([name, list]) => [name, list.length])
    return { ...Object.fromEntries(counts), keys: keys.length, entry }
  } catch (error) {
    return asRefusal(error)
  }
}

async function readSigned({ crypto }: Deps, c: Context, bodyHash: string): Promise<string> {
  const decoder = new TextDecoder('utf-8')
  let text = ''
  for await (const chunk of countedBytes(c.req.raw.body, REGISTRY_BYTES_MAX))
    text += decoder.decode(chunk, { stream: true })
  text += decoder.decode()
  // The text's own hash: bytes that are not UTF-8 do not give the one that was signed.
  if (crypto.digest(text) !== bodyHash) throw new Refusal('proof')
  return text
}

/** @throws RegistryError, ContractError, SystemKeyError, SyntaxError. */
async function readUpload(
  text: string,
  validFrom: number,
): Promise<{ documents: RegistryDocuments; keys: NewSystemKey[] }> {
  const { keys: given, ...rest } = z.looseObject({ keys: keysSchema }).parse(JSON.parse(text))
  const documents = readDocuments(rest)
  const keys: NewSystemKey[] = []
  for (const { system, jwk } of given)
    keys.push({ system, jwk: await readSystemJwk(jwk), validFrom })
  return { documents, keys }
}

/** Places, never values: a register's rows are personal data. @throws Refusal, always. */
function asRefusal(error: unknown): never {
  if (error instanceof LogUnavailable)
    throw new Refusal('log-unavailable', { retryAfterSeconds: 1, internal: String(error) })
  const pointers = placesOf(error)
  if (!pointers) throw error
  throw new Refusal('parameters', { pointers: pointers.slice(0, FAULTS_SHOWN) })
}

/** Undefined for what is no fault of the upload. */
function placesOf(error: unknown): string[] | undefined {
  if (error instanceof ImportError)
    return error.count === 0
      ? ['/lines']
      : error.faults.flatMap(({ line, columns }) => columns.map((one) => `/lines/${line}${one}`))
  if (error instanceof ContractError) return ['/contracts']
  if (error instanceof SystemKeyError) return ['/keys']
  if (error instanceof SyntaxError) return ['']
  if (error instanceof z.ZodError)
    return error.issues.map(({ path }) => path.map((one) => `/${String(one)}`).join(''))
  if (error instanceof RegistryError) return error.message.split('\n').map(placeOf)
  const { code, lines } = error as { code?: unknown; lines?: unknown }
  if (typeof code !== 'string' || !code.startsWith('CSV')) return undefined
  return [`/lines/${Number(lines) || ''}`]
}

/** `items/3/code: …` → `/items/3/code`. */
function placeOf(message: string): string {
  return `/${/^[\w/-]+(?=: )/.exec(message)?.[0] ?? ''}`
}
