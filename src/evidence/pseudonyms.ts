import { base64url } from 'jose'
import type { SyncCrypto } from '../crypto.ts'

const SALT_BYTES = 16
/** Characters of a pseudonym that are stored: 132 bits. */
const STORED_LENGTH = 22

/** What auditors search by and must not stand in a leaf. */
export type SearchedBy = {
  /** A whole pseudonym. */
  readonly subject?: string | undefined
  readonly caseNo?: string | undefined
  readonly official?: string | undefined
}

/** Stored halves of pseudonyms, and the salt that makes their hash in the leaf say nothing. */
export type IndexRow = {
  readonly salt: string
  readonly subject: string | null
  readonly caseNo: string | null
  readonly official: string | null
}

/** The erasable index row and the salted hash that binds it to its leaf. */
export function indexRow(
  crypto: Pick<SyncCrypto, 'randomBytes' | 'pseudonym' | 'digest'>,
  { subject, caseNo, official }: SearchedBy,
): { row: IndexRow; indexHash: string } {
  const row = {
    salt: base64url.encode(crypto.randomBytes(SALT_BYTES)),
    subject: subject === undefined ? null : storedHalf(subject),
    caseNo: caseNo === undefined ? null : storedHalf(crypto.pseudonym('case', caseNo)),
    official: official === undefined ? null : storedHalf(crypto.pseudonym('official', official)),
  }
  return { row, indexHash: indexHash(crypto, row) }
}

/** base64url SHA-256 of `salt.subject.case.official`, empty where absent. */
function indexHash(crypto: Pick<SyncCrypto, 'digest'>, row: IndexRow): string {
  return crypto.digest(`${row.salt}.${row.subject ?? ''}.${row.caseNo ?? ''}.${row.official ?? ''}`)
}

/** The half that is stored: equal values stay linkable, for auditors only. */
export function storedHalf(pseudonym: string): string {
  return pseudonym.slice(0, STORED_LENGTH)
}

/** The half that never leaves memory: a secret of that subject. */
export function secretHalf(pseudonym: string): string {
  return pseudonym.slice(STORED_LENGTH)
}
