import { calculateJwkThumbprint, exportJWK, importSPKI, type JWK } from 'jose'
import { z } from 'zod'
import { readSystemJwk, type SystemJwk, SystemKeyError } from './system-keys.ts'

/** Of a file, a pasted text, or what stands at a JWKS address. */
const OFFERED_CHARACTERS_MAX = 64 * 1024
/** Of one key set; those that are no signature keys count as well. */
const SET_MAX = 50

const keySet = z.looseObject({ keys: z.array(z.unknown()).min(1).max(SET_MAX) })

/** A key and what two people read to each other to see that it is the same one (RFC 7638). */
export type Offered = { readonly jwk: SystemJwk; readonly thumbprint: string }

/**
 * Public keys as their owner hands them over: a JWK or a JWK set (RFC 7517), or a PEM (SPKI). Of a set only
 * the keys that fit are taken.
 *
 * @throws SystemKeyError `private` where a private half was handed over, of whichever key: it may not be
 *   used any more; `unfit` where there is no signature key for ES256 or Ed25519.
 */
export async function readOfferedKeys(text: string): Promise<readonly Offered[]> {
  if (text.length > OFFERED_CHARACTERS_MAX) throw new SystemKeyError('unfit', 'more than 64 KiB')
  const keys = text.includes('-----BEGIN') ? [await readPem(text)] : await readJson(text)
  return withPrints(keys)
}

export function withPrints(keys: readonly SystemJwk[]): Promise<readonly Offered[]> {
  return Promise.all(
    keys.map(async (jwk) => ({ jwk, thumbprint: await calculateJwkThumbprint(jwk) })),
  )
}

async function readPem(text: string): Promise<SystemJwk> {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY/.test(text))
    throw new SystemKeyError('private', 'the file holds a private key')
  for (const alg of ['ES256', 'Ed25519']) {
    const jwk = await importSPKI(text.trim(), alg, { extractable: true })
      .then(exportJWK)
      .catch(() => undefined)
    if (jwk) return readSystemJwk(jwk)
  }
  throw new SystemKeyError('unfit', 'not a public key for ES256 or Ed25519')
}

async function readJson(text: string): Promise<readonly SystemJwk[]> {
  const parsed = parse(text)
  const set = keySet.safeParse(parsed)
  if (!set.success) return [await readSystemJwk(parsed)]
  const read = await Promise.allSettled(set.data.keys.map((one) => readSystemJwk(one as JWK)))
  const isPrivate = read.some(
    (one) => one.status === 'rejected' && (one.reason as SystemKeyError).code === 'private',
  )
  if (isPrivate) throw new SystemKeyError('private', 'the set holds a private key')
  const fit = read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  if (fit.length === 0) throw new SystemKeyError('unfit', 'no signature key for ES256 or Ed25519')
  return fit
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new SystemKeyError('unfit', 'neither JSON nor PEM')
  }
}
