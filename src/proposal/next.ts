import type { SyncCrypto } from '../crypto.ts'
import { canonicalJson } from '../log/leaf.ts'
import { diffDocuments } from '../registry/diff.ts'
import { isMembers } from '../registry/members.ts'
import type { Move } from './move.ts'
import type { Proposal } from './proposal.ts'

/**
 * What the persons who act bind themselves to: which document, in place of which. Two proposals with one
 * hash would change the registry alike.
 */
export function seen(proposal: Proposal): string {
  const { kind, target, base, doc } = proposal
  return canonicalJson({ base, doc, kind, target })
}

/** Of a document's canonical JSON; null where there is no document. */
export function hashOf({ digest }: Pick<SyncCrypto, 'digest'>, doc: unknown): string | null {
  return doc === undefined ? null : digest(canonicalJson(doc))
}

/** JSON pointers of the places in which two documents differ; none where one of them is missing. */
export function changedPlaces(one: unknown, other: unknown): string[] {
  if (!isMembers(one) || !isMembers(other)) return []
  return diffDocuments(one, other).map(({ pointer }) => pointer)
}

/** The proposal after a move that was judged. Whoever edits takes the signatures off. Pure. */
export function after(
  before: Proposal,
  move: Move,
  { person, timeAt }: { readonly person: string; readonly timeAt: number },
): Proposal {
  const { approver, publisher } = before
  const signed =
    move.to === 'draft' || move.edits
      ? { approver: null, publisher: null }
      : { approver, publisher }
  return {
    ...before,
    ...signed,
    ...(move.signs ? { [move.signs]: person } : {}),
    ...(move.edits ? { proposer: person, authors: [...new Set([...before.authors, person])] } : {}),
    state: move.to ?? before.state,
    openedAt: before.revision === 0 ? timeAt : before.openedAt,
    changedAt: timeAt,
    revision: before.revision + 1,
  }
}
