import type { Contract } from '../contract/contract.ts'
import type { Item, SnapshotBinding } from '../registry/documents.ts'
import type { Registry } from '../registry/registry.ts'

export type Source = { readonly register: string; readonly version: string }

/** A claim whose value the provider holds but cannot safely tell (promise 7). */
export const UNDETERMINED: unique symbol = Symbol('undetermined')

/** What a provider holds about one subject. Values are not minimised yet: they must not leave as such. */
export type Found = {
  readonly asOf: string
  readonly source: Source
} & (
  | { readonly outcome: 'NO_RECORD' | 'UNDETERMINED' }
  /** A claim that is absent here has no record of its own. */
  | { readonly outcome: 'ANSWERED'; readonly values: ReadonlyMap<string, unknown> }
)

export type Question = {
  readonly registry: Registry
  readonly item: Item & { readonly connector: SnapshotBinding }
  readonly contract: Contract
  readonly subject: Readonly<Record<string, unknown>>
  /** Only these are looked up. */
  readonly claims: readonly string[]
  readonly now: number
}

/** One way to ask a provider. @throws ProviderFailure; silence is never an answer. */
export type Connector = (question: Question) => Promise<Found>

export type Connectors = Readonly<Record<SnapshotBinding['kind'], Connector>>

export class ProviderFailure extends Error {
  override readonly name = 'ProviderFailure'
  readonly how: 'down' | 'timeout' | 'invalid'

  constructor(how: 'down' | 'timeout' | 'invalid', message: string, options?: ErrorOptions) {
    super(message, options)
    this.how = how
  }
}
