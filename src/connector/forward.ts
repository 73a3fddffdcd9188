import type { Signer } from '../keys/signer.ts'
import type { HttpBinding } from '../registry/documents.ts'
import type { Question } from './connector.ts'

const FORWARD_TYPE = 'assistance-forward+jwt'
/** Short: a forward is for one call, and its repeat is signed anew. */
const LIFE_SECONDS = 60

const encoder = new TextEncoder()

/**
 * What the gateway sends to a provider: its own signature over what was granted, around the caller's
 * own request. A provider that checks both knows who asks and that the gateway let it through, so no
 * caller can go round the gateway and no gateway can ask in a caller's name.
 */
export function signForward(
  { issuer, signer }: { readonly issuer: string; readonly signer: Signer },
  { item, ask, request, intent }: Question<HttpBinding>,
  at: number,
): Promise<string> {
  const iat = Math.floor(at / 1000)
  const claims = {
    iss: issuer,
    aud: item.connector.system,
    iat,
    exp: iat + LIFE_SECONDS,
    jti: globalThis.crypto.randomUUID(),
    item: { code: item.code, version: item.version },
    ask: ask.map(({ claim }) => claim),
    intent,
    request,
  }
  return signer.sign(FORWARD_TYPE, encoder.encode(JSON.stringify(claims)))
}
