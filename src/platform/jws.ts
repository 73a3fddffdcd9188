import { createPrivateKey, KeyObject } from 'node:crypto'
import type { JWK } from 'jose'
import type { Jws } from '../keys/jws.ts'
import { type Algorithm, jwkSigner, type Signer } from '../keys/signer.ts'
import { threaded } from './jws-threaded.ts'
import type { Key } from './jws-work.ts'

/** One thread serves every gateway of this process. */
const ask = threaded()

/**
 * By node:crypto in a thread of our own: the same two operations as jose's, for a fraction of the time that
 * WebCrypto's dispatch takes on the one thread that answers (ARCHITECTURE.md, decisions).
 */
export const nodeJws: Jws = {
  verify: async (text, { alg, verifier }) => (await ask(keyOf(alg, verifier), text)) === true,
  signer: nodeSigner,
}

const KEYS = new WeakMap<CryptoKey, Key>()

function keyOf(alg: Algorithm, verifier: CryptoKey): Key {
  const known = KEYS.get(verifier)
  if (known?.alg === alg) return known
  const made = { alg, object: KeyObject.from(verifier) }
  KEYS.set(verifier, made)
  return made
}

async function nodeSigner(jwk: JWK): Promise<Signer> {
  // Judged as everywhere: node:crypto would take a curve that is not the algorithm's own (RFC 7518 §3.4).
  const { kid, algorithm: alg } = await jwkSigner(jwk)
  const key: Key = { alg, object: createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' }) }
  const headers = new Map<string, string>()
  const headerOf = (typ: string) => {
    const known = headers.get(typ)
    if (known) return known
    const made = Buffer.from(JSON.stringify({ alg, kid, typ })).toString('base64url')
    headers.set(typ, made)
    return made
  }
  return {
    algorithm: alg,
    kid,
    sign: async (typ, payload) => {
      const signed = `${headerOf(typ)}.${Buffer.from(payload).toString('base64url')}`
      const signature = await ask(key, signed)
      if (typeof signature !== 'string') throw new Error('the key has made no signature')
      return `${signed}.${signature}`
    },
  }
}
