import type { ShardStart } from './shard.ts'

/**
 * What the log keeps for good, without personal data (version 1). `requestHash` and `answerHash` are
 * base64url SHA-256 of the exact signed strings; a random `jti` inside both makes them hiding.
 */
export type Leaf = {
  readonly v: 1
  readonly kind:
    | 'intent'
    | 'interrupted'
    | 'exchange'
    | 'refusal'
    | 'registry'
    | 'act'
    | 'erasure'
    | 'shard'
  /** RFC 3339 UTC, milliseconds; never before the entry that precedes it. */
  readonly time: string
  readonly caller?: string
  readonly requester?: string
  /** `MAR-01@1`. */
  readonly item?: string
  readonly agreement?: string
  readonly purpose?: { readonly service: string; readonly basis: string; readonly scenario: string }
  readonly outcome?: string
  /** The code of the check that failed. */
  readonly check?: string
  /** The number of the intent that this entry ends: what a remote provider was asked for. */
  readonly intent?: number
  /** How many requests this one refusal stands for, where repeats were counted together. */
  readonly count?: number
  readonly requestHash?: string
  readonly answerHash?: string
  /** SHA-256(salt ‖ subject ‖ case ‖ official): binds the erasable pseudonyms. */
  readonly indexHash?: string
  /**
   * For `erasure`: the numbers of the records whose keys were destroyed. It names caller and request
   * where it takes the request's `jti`, so that a retry is not executed.
   */
  readonly erases?: readonly number[]
  /** For `registry`: what changed, and the SHA-256 of its content. */
  readonly change?: { readonly what: string; readonly id: string; readonly hash: string }
  /** For `act`: what a person did, to what, and the SHA-256 of what he saw. */
  readonly act?: LeafAct
  /** For `shard`: what this shard goes on from, and why it was begun. */
  readonly shard?: ShardStart
}

/** Persons by the random ids that they have here; `by` acts, the others are known from earlier acts. */
export type LeafAct = {
  /** `item.submit`. */
  readonly what: string
  readonly id: string
  readonly by: string
  readonly hash?: string | undefined
  readonly proposer?: string | undefined
  readonly approver?: string | undefined
}

/** Checks whose refusals keep no strings: a retry must not bring back what was erased or archived. */
export const WITHOUT_EVIDENCE: readonly string[] = ['answer-erased', 'answer-archived']

/** What is undefined is not written. */
export type LeafFields = {
  readonly [Name in keyof Omit<Leaf, 'v' | 'time'>]: Leaf[Name] | undefined
} & { readonly kind: Leaf['kind'] }

/**
 * The leaf's exact text: canonical JSON (RFC 8785), since members are written in the order of their
 * names, values are strings and integers, and `JSON.stringify` leaves out what is undefined.
 */
export function leafText(fields: LeafFields, time: string): string {
  const { purpose, change, act } = fields
  return JSON.stringify({
    act: act && {
      approver: act.approver,
      by: act.by,
      hash: act.hash,
      id: act.id,
      proposer: act.proposer,
      what: act.what,
    },
    agreement: fields.agreement,
    answerHash: fields.answerHash,
    caller: fields.caller,
    change: change && { hash: change.hash, id: change.id, what: change.what },
    check: fields.check,
    count: fields.count,
    erases: fields.erases,
    indexHash: fields.indexHash,
    intent: fields.intent,
    item: fields.item,
    kind: fields.kind,
    outcome: fields.outcome,
    purpose: purpose && {
      basis: purpose.basis,
      scenario: purpose.scenario,
      service: purpose.service,
    },
    requestHash: fields.requestHash,
    requester: fields.requester,
    shard: fields.shard && startInOrder(fields.shard),
    time,
    v: 1,
  })
}

function startInOrder({ predecessor: held, ...start }: ShardStart): ShardStart {
  return {
    base: start.base,
    origin: start.origin,
    predecessor: {
      base: held.base,
      checkpoint: held.checkpoint,
      origin: held.origin,
      shard: held.shard,
      vkey: held.vkey,
    },
    reason: start.reason,
    seen: start.seen,
    shard: start.shard,
  }
}

/** Reads a leaf that this log wrote. @throws SyntaxError on damage. */
export function parseLeaf(text: string): Leaf {
  return JSON.parse(text) as Leaf
}
