import { isStrictJson } from '../jws/strict-json.ts'
import { encodeBase64Url } from './base64.ts'
import { parseEvidenceLeaf } from './leaf.ts'
import type { Digest } from './merkle.ts'
import { memberOf, readMessage } from './message.ts'
import { Rejected } from './rejected.ts'
import { ARRIVAL_MILLIS, keyAt, type Trust } from './trust.ts'
import { verifyCompact } from './verify.ts'

const STATEMENT_TYPE = 'assistance-statement+jwt'

/**
 * Whether a provider's own statement stands behind an answer that was verified before: signed by a
 * provider that the trust file names, about that very request, and the one whose hash the answer carries.
 *
 * @param bundle a bundle that `verifyEvidence` found good; it is not judged again here
 * @throws {Rejected} saying what does not hold
 */
export async function verifyStatement(
  statement: string,
  bundle: { readonly answer: string; readonly entry: string },
  { trust, sha256 }: { readonly trust: Trust; readonly sha256: Digest },
): Promise<{ readonly provider: string }> {
  const { header, payload, payloadText } = readMessage(statement)
  const leaf = parseEvidenceLeaf(bundle.entry)
  if (header.typ !== STATEMENT_TYPE) throw new Rejected('it is no provider statement')
  const provider = payload.iss
  if (typeof provider !== 'string' || !Object.hasOwn(trust.providers, provider))
    throw new Rejected('the trust file does not name the provider')
  const keys = trust.providers[provider] ?? []
  await verifyCompact(statement, keyAt(keys, header.kid, leaf.time, ARRIVAL_MILLIS))
  if (!isStrictJson(payloadText, payload)) throw new Rejected('it names a member twice')
  const hash = encodeBase64Url(await sha256(new TextEncoder().encode(statement)))
  if (hash !== memberOf(readMessage(bundle.answer).payload, 'providerStatement').hash)
    throw new Rejected('it is not the statement that the answer names')
  if (memberOf(payload, 'request').hash !== leaf.requestHash || payload.aud !== trust.issuer)
    throw new Rejected('it is about another request')
  return { provider }
}
