import type { Ask } from '../contract/ask.ts'
import type { Contract } from '../contract/contract.ts'
import type { Binding, Item } from '../registry/documents.ts'
import type { Registry } from '../registry/registry.ts'
import type { Tracing } from '../trace.ts'

export type Source = { readonly register: string; readonly version: string }

/** A claim whose value the provider holds but cannot safely tell (promise 7). */
export const UNDETERMINED: unique symbol = Symbol('undetermined')

/** What a provider holds about one subject. Values are not minimised yet: they must not leave as such. */
export type Found = {
  readonly asOf: string
  readonly source: Source
  /** What the provider signed, where it signs: a compact JWS. */
  readonly statement?: string
} & (
  | { readonly outcome: 'NO_RECORD' | 'UNDETERMINED' }
  /** A claim that is absent here has no record of its own. */
  | { readonly outcome: 'ANSWERED'; readonly values: ReadonlyMap<string, unknown> }
)

export type Question<B extends Binding = Binding> = {
  readonly registry: Registry
  readonly item: Item & { readonly connector: B }
  readonly contract: Contract
  readonly subject: Readonly<Record<string, unknown>>
  /** Only these are looked up. */
  readonly ask: readonly Ask[]
  /** The system that asks. */
  readonly caller: string
  /** The caller's own compact JWS, for a provider that wants to see who asks. */
  readonly request: string
  /** The log index of the intent that precedes a call to a remote provider. */
  readonly intent: number | undefined
  /** The request's own `iat`, in seconds. */
  readonly requestedAt: number
  readonly now: number
  /** The trace that a call to another machine belongs to. */
  readonly trace?: Tracing | undefined
}

/** One way to ask a provider. @throws ProviderFailure; silence is never an answer. */
export type Connector<B extends Binding = Binding> = (question: Question<B>) => Promise<Found>

/** What this gateway can ask by: not every platform has every way. */
export type Connectors = {
  readonly [Kind in Binding['kind']]?: Connector<Extract<Binding, { kind: Kind }>>
}

export class ProviderFailure extends Error {
  override readonly name = 'ProviderFailure'
  readonly how: 'down' | 'timeout' | 'invalid'

  constructor(how: 'down' | 'timeout' | 'invalid', message: string, options?: ErrorOptions) {
    super(message, options)
    this.how = how
  }
}

/** The member that a subject is looked up by: the first of the binding's that it has. */
export function lookedUpBy<Lookup extends { readonly subject: string }>(
  { lookup }: { readonly lookup: readonly Lookup[] },
  subject: Question['subject'],
) {
  const by = lookup.find((one) => typeof subject[one.subject] === 'string')
  return by && { ...by, value: subject[by.subject] as string }
}
