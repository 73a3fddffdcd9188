import { type Compact, NotCompact, readCompact } from '../jws/compact.ts'
import { Rejected } from './rejected.ts'

/** @throws {Rejected} for what is not a canonical compact JWS with a JSON object in it */
export function readMessage(jws: string): Compact {
  try {
    return readCompact(jws)
  } catch (error) {
    throw error instanceof NotCompact ? new Rejected(error.message) : error
  }
}

/** An object among the claims; empty where there is none. */
export function memberOf(
  claims: Readonly<Record<string, unknown>>,
  name: string,
): Readonly<Record<string, unknown>> {
  const value = claims[name]
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
