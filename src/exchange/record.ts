import type { Deps } from '../deps.ts'
import { indexRow } from '../evidence/pseudonyms.ts'
import { sealStrings } from '../evidence/seal.ts'
import type { Appended } from '../log/batch.ts'
import { type LeafFields, leafText } from '../log/entry.ts'
import type { Draft } from '../storage/store.ts'
import type { Tracing } from '../trace.ts'
import type { Principal } from './authenticate.ts'
import type { Grant } from './authorize.ts'
import type { Request } from './request.ts'

/** How far a request came: what its record may say. */
export type Progress = {
  readonly principal: Principal
  /** The principal's own retry key. */
  readonly key: Uint8Array
  readonly trace?: Tracing | undefined
  /** Tells the log that this request's draft has come, or that none will. */
  arrived: () => void
  request?: Request
  grant?: Grant
  /** The subject's whole pseudonym. */
  subject?: string
  /** The index of the open intent, once a remote provider may have been asked. */
  intent?: number
}

/** Another process ended the same (iss, jti) meanwhile: what it recorded is the outcome, not ours. */
export class EndedElsewhere extends Error {
  override readonly name = 'EndedElsewhere'
}

export type Parts = {
  readonly leaf: Pick<LeafFields, 'kind' | 'agreement' | 'outcome' | 'check' | 'count'>
  /** The signed answer or refusal; an intent has none yet. */
  readonly answer?: string
  /** What the provider signed, where it did. */
  readonly statement?: string | undefined
  readonly more?: Pick<Draft, 'counter' | 'probe' | 'leaseUntil'>
  readonly claimsJti: boolean
  /** For what was erased or archived: a retry must not bring its content back. */
  readonly keepsNothing?: boolean
}

/**
 * Writes one entry about a request, with its sealed strings and pseudonyms, ending the intent that it
 * left open. When this resolves the entry is durable.
 *
 * @throws LogUnavailable; OverLimit or EndedElsewhere, when nothing of this was recorded.
 */
export async function record(
  { crypto, log }: Pick<Deps, 'crypto' | 'log'>,
  progress: Progress,
  { leaf, answer, statement, more, claimsJti, keepsNothing = false }: Parts,
): Promise<Appended> {
  const { principal, request, intent, key } = progress
  const { hash, compact } = principal
  const { row, indexHash } = indexRow(crypto, {
    subject: progress.subject,
    caseNo: request?.claims.case,
    official: request?.claims.official.id,
  })
  const answerHash = answer === undefined ? undefined : crypto.digest(answer)
  const about = { ...known(progress), ...leaf, requestHash: hash, answerHash, indexHash, intent }
  const strings = { request: compact.text, answer: answer ?? '', statement }
  const draft: Draft = {
    leaf: (time) => leafText(about, time),
    ...(keepsNothing ? {} : { evidence: { ...sealStrings(crypto, strings, hash), ...row } }),
    ...(claimsJti ? { retryKey: key } : {}),
    ...(intent === undefined ? {} : { ends: intent }),
    ...more,
  }
  const appending = log.append(draft)
  progress.arrived()
  const placed = await appending
  if (placed.taken) throw new EndedElsewhere()
  return placed
}

/** Only what was checked goes into a leaf: before the schema held, any member could hold anything. */
function known({ principal, request, grant }: Progress): Partial<LeafFields> {
  const caller = principal.system.id
  if (!request) return { caller }
  const { requester, purpose, item } = request.claims
  const { service, basis, scenario } = purpose
  return {
    caller,
    requester,
    purpose: { service, basis, scenario },
    item: grant ? `${grant.item.code}@${grant.item.version}` : item,
  }
}
