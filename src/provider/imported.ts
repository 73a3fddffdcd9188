import { importJWK, type JWK } from 'jose'

type Imported = ReturnType<typeof importJWK>

const imported = new WeakMap<JWK, Imported>()

/** A key, made ready once for as long as its JWK is held: that costs as much as a signature. */
export function importOnce(jwk: JWK, alg: string): Imported {
  const known = imported.get(jwk) ?? importJWK(jwk, alg)
  imported.set(jwk, known)
  return known
}
