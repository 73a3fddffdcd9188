import type { Claim, Items } from './items.ts'

type Known = keyof Items
/** `MAR-01@2` is `MAR-01`; an item that these types do not know is asked untyped. */
type CodeOf<I extends string> = I extends `${infer C}@${string}` ? C : I

export type Scalar = string | number | boolean

/** Exactly these members: with two predicates, or one that the contract does not offer, it is no question. */
type Only<Part> = Part & { [Name in Exclude<keyof Forms<unknown>, keyof Part>]?: never }

type Forms<V> = { equals: V; in: readonly V[]; atLeast: V; atMost: V }

type FormOf<V, Way> = {
  [Name in keyof Forms<V>]: Name extends Way ? Only<Pick<Forms<V>, Name>> : never
}[keyof Forms<V>]

type AskOfClaim<Name, C> =
  C extends Claim<infer V, infer Way>
    ? { claim: Name } & (FormOf<V, Way> | ('read' extends Way ? Only<unknown> : never))
    : never

type TypedAsk<Claims> = { [Name in keyof Claims]: AskOfClaim<Name, Claims[Name]> }[keyof Claims]

/** One question about a claim: its name alone reads it, with one predicate it is only compared. */
export type AnyAsk = {
  readonly claim: string
  readonly equals?: Scalar
  readonly in?: readonly Scalar[]
  readonly atLeast?: Scalar
  readonly atMost?: Scalar
}

export type AskOf<I extends string> =
  CodeOf<I> extends Known ? TypedAsk<Items[CodeOf<I>]['claims']> : AnyAsk

export type SubjectOf<I extends string> =
  CodeOf<I> extends Known ? Items[CodeOf<I>]['subject'] : Readonly<Record<string, unknown>>

/** On which footing and for which case: the same for all questions of one case. */
export type Footing = {
  /** USCC of the agency on whose behalf. */
  readonly requester: string
  readonly purpose: { readonly service: string; readonly basis: string; readonly scenario: string }
  /** The caller's own case number. */
  readonly case: string
  readonly official: { readonly id: string; readonly position?: string }
  readonly authorization: {
    readonly kind: 'statutory' | 'application' | 'consent'
    readonly ref: string
    readonly hash?: string
  }
}

/** What is asked of one item; `item` is a code, or code@version. */
export type Question<I extends string = string> = Footing & {
  readonly item: I
  readonly subject: SubjectOf<I>
  readonly ask: readonly AskOf<I>[]
}

export type Result = 'MATCH' | 'MISMATCH' | 'NO_RECORD' | 'UNDETERMINED'

/** A predicate's result, a value that was read, or why there is none. */
export type ClaimReply<Value = unknown> =
  | { readonly result: Result; readonly value?: never }
  | { readonly value: Value; readonly result?: never }

type Replies<I extends string> =
  CodeOf<I> extends Known
    ? {
        readonly [Name in keyof Items[CodeOf<I>]['claims']]?: Items[CodeOf<I>]['claims'][Name] extends Claim<
          infer V,
          infer Way
        >
          ? 'read' extends Way
            ? ClaimReply<V>
            : { readonly result: Result; readonly value?: never }
          : never
      }
    : Readonly<Record<string, ClaimReply>>

/** Four strings that anybody checks offline, against keys obtained beforehand. */
export type Evidence = {
  readonly request: string
  readonly answer: string
  readonly entry: string
  readonly receipt: string
}

/** What stays of the day's quota. */
export type Quota = {
  readonly limit: number
  readonly remaining: number
  readonly resetSeconds: number
}

/** A verified answer: signature, binding to this very request, and its place in the log all hold. */
export type Answer<I extends string = string> = {
  readonly outcome: 'ANSWERED' | 'NO_RECORD' | 'UNDETERMINED'
  readonly claims: Replies<I>
  readonly item: { readonly code: string; readonly version: number }
  /** USCC of the agency that answered. */
  readonly provider: string
  readonly asOf: string
  readonly source: { readonly register: string; readonly version: string }
  /** Where the provider signed what it said: the SHA-256 of that statement. */
  readonly providerStatement?: { readonly hash: string }
  readonly jti: string
  /** Index in the log, as the receipt proves it. */
  readonly entry: number
  readonly evidence: Evidence
  /** `pinned`: checked with the keys that were handed in. `first-use`: with keys from the gateway itself. */
  readonly verifiedWith: 'pinned' | 'first-use'
  readonly quota?: Quota
}
