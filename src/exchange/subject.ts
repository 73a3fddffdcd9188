import { normalizeIdNumber } from '../contract/name.ts'
import type { SyncCrypto } from '../crypto.ts'
import type { Grant } from './authorize.ts'

/**
 * The keyed pseudonym of whom a request is about: of the contract member that it is looked up by, so
 * that one person is one pseudonym across items.
 */
export function subjectPseudonym(crypto: Pick<SyncCrypto, 'pseudonym'>, grant: Grant): string {
  const { subject } = grant.request.claims
  const by = grant.item.connector.lookup.find((one) => typeof subject[one.subject] === 'string')
  const value = by ? normalizeIdNumber(subject[by.subject] as string) : ''
  return crypto.pseudonym('subject', `${by?.subject ?? ''}:${value}`)
}
