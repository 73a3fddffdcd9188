import { z } from 'zod'
import { type Compact, readCompact } from '../jws/compact.ts'
import { isStrictJson } from '../jws/strict-json.ts'
import type { Jws } from '../keys/jws.ts'
import type { HttpBinding } from '../registry/documents.ts'
import { usableKey } from '../registry/key.ts'
import { type Found, ProviderFailure, type Question, UNDETERMINED } from './connector.ts'

const STATEMENT_TYPE = 'assistance-statement+jwt'
const SKEW_SECONDS = 60

const claim = z.union([
  z.strictObject({ value: z.unknown() }),
  z.strictObject({ result: z.enum(['NO_RECORD', 'UNDETERMINED']) }),
])

/** What a provider signs about one request (docs/protocol, “assistance-statement+jwt”). */
const statementSchema = z.strictObject({
  iss: z.string(),
  aud: z.string(),
  iat: z.int(),
  jti: z.string().min(16).max(64),
  request: z.strictObject({ hash: z.string() }),
  item: z.strictObject({ code: z.string(), version: z.int() }),
  outcome: z.enum(['ANSWERED', 'NO_RECORD', 'UNDETERMINED']),
  claims: z.record(z.string().max(64), claim),
  asOf: z.iso.datetime(),
  source: z.strictObject({ register: z.string().max(128), version: z.string().max(128) }),
})

type Statement = z.infer<typeof statementSchema>

type Expected = {
  readonly issuer: string
  /** base64url SHA-256 of the caller's exact request string. */
  readonly requestHash: string
  readonly verify: Jws['verify']
}

/**
 * Reads what a provider answered: its own signature, about this very request and item, of now. What it
 * says beyond the claims that were asked is dropped here and stays in the sealed evidence only.
 *
 * @throws ProviderFailure `invalid`; nothing of such a statement is passed on.
 */
export async function readStatement(
  text: string,
  question: Question<HttpBinding>,
  { issuer, requestHash, verify }: Expected,
): Promise<Found> {
  const compact = read(text)
  await checkSignature(compact, question, verify)
  const statement = parse(compact)
  const { code, version } = question.item
  const fits = {
    iss: statement.iss === question.item.connector.system,
    aud: statement.aud === issuer,
    request: statement.request.hash === requestHash,
    item: statement.item.code === code && statement.item.version === version,
    iat: isTimely(statement.iat, question),
    asOf: Date.parse(statement.asOf) <= question.now + SKEW_SECONDS * 1000,
  }
  const wrong = Object.entries(fits).find(([, holds]) => !holds)
  if (wrong) throw invalid(`the statement's ${wrong[0]} does not fit`)
  return foundOf(statement, text, question)
}

function read(text: string): Compact {
  try {
    return readCompact(text)
  } catch {
    throw invalid('the answer is not a compact JWS')
  }
}

/** @throws ProviderFailure unless a key of the provider's own, usable now, made the signature. */
async function checkSignature(
  { text, header }: Compact,
  { registry, item, now }: Question<HttpBinding>,
  verify: Jws['verify'],
): Promise<void> {
  if (header.typ !== STATEMENT_TYPE) throw invalid('the statement has another typ')
  const { system } = item.connector
  const key = usableKey(registry, { system, kid: header.kid, alg: header.alg }, now)
  if (typeof key === 'string') throw invalid(`the statement's key: ${key}`)
  if (!(await verify(text, key))) throw invalid("the statement's signature does not verify")
}

function parse({ payload, payloadText }: Compact): Statement {
  const read = statementSchema.safeParse(payload)
  if (read.success && isStrictJson(payloadText, payload)) return read.data
  throw invalid(`the statement does not fit at /${read.error?.issues[0]?.path.join('/') ?? ''}`)
}

/** A provider repeats its statement for a repeated request, so it may be as old as the request. */
function isTimely(iat: number, { now, requestedAt }: Question<HttpBinding>): boolean {
  return iat <= now / 1000 + SKEW_SECONDS && iat >= requestedAt - SKEW_SECONDS
}

function foundOf(
  { outcome, claims, asOf, source }: Statement,
  statement: string,
  { ask }: Question<HttpBinding>,
): Found {
  const from = { asOf, source, statement }
  if (outcome !== 'ANSWERED') {
    if (Object.keys(claims).length > 0) throw invalid(`${outcome} with claims`)
    return { ...from, outcome }
  }
  const values = new Map<string, unknown>()
  for (const { claim: name } of ask) {
    const said = Object.hasOwn(claims, name) ? claims[name] : undefined
    if (!said) throw invalid(`the claim ${name} was asked and is not answered`)
    if ('value' in said) values.set(name, said.value)
    else if (said.result === 'UNDETERMINED') values.set(name, UNDETERMINED)
  }
  return { ...from, outcome, values }
}

function invalid(message: string): ProviderFailure {
  return new ProviderFailure('invalid', message)
}
