import { lookedUpBy } from '../connector/connector.ts'
import { lookupKey } from '../connector/snapshot.ts'
import type { SyncCrypto } from '../crypto.ts'
import type { Grant } from './authorize.ts'

/**
 * The keyed pseudonym of whom a request is about: of the contract member that it is looked up by, so
 * that one person is one pseudonym across items.
 */
export function subjectPseudonym(crypto: Pick<SyncCrypto, 'pseudonym'>, grant: Grant): string {
  const by = lookedUpBy(grant.item.connector, grant.request.claims.subject)
  return crypto.pseudonym('subject', lookupKey(by?.subject ?? '', by?.value ?? ''))
}
