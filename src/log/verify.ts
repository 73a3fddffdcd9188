import { compactVerify, decodeProtectedHeader, importJWK } from 'jose'
import { type Compact, isCanonical } from '../jws/compact.ts'
import { isStrictJson } from '../jws/strict-json.ts'
import { encodeBase64Url } from './base64.ts'
import { type EvidenceLeaf, parseEvidenceLeaf } from './leaf.ts'
import type { Digest } from './merkle.ts'
import { memberOf, readMessage } from './message.ts'
import { Rejected } from './rejected.ts'
import { ARRIVAL_MILLIS, keyAt, type Trust, type TrustedKey } from './trust.ts'
import { type Check, check, checkInclusion, openTrusted, signedBy } from './verify-entry.ts'

export type Verdict = {
  ok: boolean
  checks: { signature: Check; binding: Check; inclusion: Check; checkpoint: Check }
  /** The leaf as far as it could be read; it says nothing unless `ok`. */
  entry?: EvidenceLeaf
  /** Size of the tree, once the log's signature on the checkpoint has verified. */
  size?: number
}

type Bundle = { request: string; answer: string; entry: string; receipt: string }

const BUNDLE_MEMBERS = ['answer', 'entry', 'receipt', 'request']
const MAX_MEMBER_LENGTH = 1024 * 1024
const REQUEST_TYPE = 'assistance-request+jwt'
const ANSWER_TYPES = { exchange: 'assistance-answer+jwt', refusal: 'assistance-refusal+jwt' }

/**
 * Judges an evidence bundle offline: that the caller asked this, that the gateway answered that,
 * and that the log holds both. Each check stands alone; the bundle is evidence when all four hold.
 * Witness cosignatures on the checkpoint are not judged here.
 *
 * @param bundle what `JSON.parse` gave for the bundle's text: `{request, answer, entry, receipt}`,
 *   all strings. Another member, a key above all, makes it refused.
 * @returns a verdict for every input; it does not throw
 */
export async function verifyEvidence(
  bundle: unknown,
  trust: Trust,
  sha256: Digest,
): Promise<Verdict> {
  const read = readBundle(bundle)
  if (read === undefined) {
    const refused = { ok: false, detail: `a bundle has exactly ${BUNDLE_MEMBERS.join(', ')}` }
    const checks = { signature: refused, binding: refused, inclusion: refused, checkpoint: refused }
    return { ok: false, checks }
  }
  let entry: EvidenceLeaf | undefined
  let size: number | undefined
  const leaf = () => {
    entry = parseEvidenceLeaf(read.entry)
    return entry
  }
  const checks = {
    signature: await check(() => checkSignatures(read, leaf(), trust)),
    binding: await check(() => checkBinding(read, leaf(), trust, sha256)),
    inclusion: await check(async () => (await checkInclusion(read, sha256)).detail),
    checkpoint: await check(async () => {
      const opened = await openTrusted(read.receipt, trust)
      size = opened.size
      return signedBy(opened)
    }),
  }
  return {
    ok: Object.values(checks).every(({ ok }) => ok),
    checks,
    ...(entry !== undefined && { entry }),
    ...(size !== undefined && { size }),
  }
}

/**
 * Whether a compact JWS is canonical and signed by this key. The algorithm is the key's, never the
 * message's choice (RFC 8725 §3.1).
 *
 * @throws {Rejected} when it is not
 */
export async function verifyCompact(
  jws: string,
  key: Pick<TrustedKey, 'alg' | 'jwk'>,
): Promise<void> {
  if (!isCanonical(jws)) throw new Rejected('not a canonical compact JWS')
  if (algOf(jws) !== key.alg) throw new Rejected("the header's alg is not the key's")
  const { kty, crv, x, y, use = 'sig', key_ops = ['verify'], alg = key.alg } = key.jwk
  const kind = key.alg === 'ES256' ? 'EC P-256' : 'OKP Ed25519'
  const verifies = use === 'sig' && key_ops.includes('verify') && alg === key.alg
  if (`${kty} ${crv}` !== kind || !verifies) {
    throw new Rejected(`the trusted key is not a signature key for ${key.alg}`)
  }
  try {
    const jwk = key.alg === 'ES256' ? { kty, crv, x, y } : { kty, crv, x }
    const imported = await importJWK(JSON.parse(JSON.stringify(jwk)), key.alg)
    await compactVerify(jws, imported, { algorithms: [key.alg] })
  } catch {
    throw new Rejected('the signature does not verify')
  }
}

function algOf(jws: string): unknown {
  try {
    return decodeProtectedHeader(jws).alg
  } catch {
    throw new Rejected('the header is not JSON')
  }
}

/** Undefined for whatever is not a plain bundle, even for objects that throw when looked at. */
function readBundle(bundle: unknown): Bundle | undefined {
  try {
    if (typeof bundle !== 'object' || bundle === null) return undefined
    const members = { ...bundle } as Record<string, unknown>
    if (Reflect.ownKeys(members).sort().join() !== BUNDLE_MEMBERS.join()) return undefined
    const fits = (value: unknown) => typeof value === 'string' && value.length <= MAX_MEMBER_LENGTH
    return Object.values(members).every(fits) ? (members as Bundle) : undefined
  } catch {
    return undefined
  }
}

function isStrict({ payloadText, payload }: Compact): boolean {
  return isStrictJson(payloadText, payload)
}

async function checkSignatures(bundle: Bundle, leaf: EvidenceLeaf, trust: Trust): Promise<string> {
  const request = await naming('request', () => readMessage(bundle.request))
  const answer = await naming('answer', () => readMessage(bundle.answer))
  assertEqual(request.header.typ, REQUEST_TYPE, "the request's typ")
  assertEqual(answer.header.typ, ANSWER_TYPES[leaf.kind], "the answer's typ")
  const caller = request.payload.iss
  if (typeof caller !== 'string' || !Object.hasOwn(trust.callers, caller)) {
    throw new Rejected('the trust file does not name the caller')
  }
  const signed = [
    { who: 'request', message: request, keys: trust.callers[caller] ?? [], before: ARRIVAL_MILLIS },
    { who: 'answer', message: answer, keys: trust.gateway, before: 0 },
  ]
  for (const { who, message, keys, before } of signed) {
    const { text, header } = message
    await naming(who, () => verifyCompact(text, keyAt(keys, header.kid, leaf.time, before)))
  }
  return `request by ${caller}, answer by ${trust.issuer}; both keys valid at ${leaf.time}`
}

async function checkBinding(
  bundle: Bundle,
  leaf: EvidenceLeaf,
  trust: Trust,
  sha256: Digest,
): Promise<string> {
  const hash = async (text: string) => encodeBase64Url(await sha256(new TextEncoder().encode(text)))
  const request = await naming('request', () => readMessage(bundle.request))
  const answer = await naming('answer', () => readMessage(bundle.answer))
  const refused = leaf.kind === 'refusal'
  // A request that names a member twice is refused for it; the refusal is evidence all the same.
  if (!isStrict(answer) || (!isStrict(request) && !refused)) {
    throw new Rejected('a message names a member twice')
  }
  const { payload: claims } = answer
  const about = memberOf(claims, 'request')
  assertEqual(leaf.requestHash, await hash(bundle.request), "the entry's requestHash")
  assertEqual(leaf.answerHash, await hash(bundle.answer), "the entry's answerHash")
  assertEqual(about.hash, leaf.requestHash, "the answer's request.hash")
  // Only a refusal may lack a jti, where that is what the request was refused for.
  const jti = refused && typeof request.payload.jti !== 'string' ? undefined : request.payload.jti
  if (!refused && typeof jti !== 'string') throw new Rejected('the request has no jti')
  assertEqual(about.jti, jti, "the answer's request.jti")
  assertEqual(leaf.caller, request.payload.iss, "the entry's caller")
  assertEqual(claims.aud, leaf.caller, "the answer's aud")
  assertEqual(claims.iss, trust.issuer, "the answer's iss")
  assertEqual(request.payload.aud, trust.issuer, "the request's aud")
  if (refused) {
    assertEqual(claims.code, leaf.check, "the refusal's code")
    return `refused: ${leaf.check}`
  }
  assertEqual(claims.outcome, leaf.outcome, "the answer's outcome")
  const { code, version } = memberOf(claims, 'item')
  if (leaf.item !== undefined) assertEqual(`${code}@${version}`, leaf.item, "the answer's item")
  return `answered: ${leaf.outcome}`
}

/** Lets a refusal say which of the two messages it is about. */
async function naming<T>(who: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    throw error instanceof Rejected ? new Rejected(`${who}: ${error.message}`) : error
  }
}

function assertEqual(value: unknown, wanted: unknown, what: string): void {
  if (value !== wanted) throw new Rejected(`${what} does not fit`)
}
