import type { Agreement, Item, System } from '../documents.ts'
import type { Pledge } from '../pledge.ts'
import type { Service } from '../service-item.ts'

/** A public key that is to be registered for a system. */
export type NewKey = {
  readonly system: string
  readonly jwk: Readonly<Record<string, unknown>>
}

/** What may be proposed, by kind. */
export type Proposable = {
  readonly item: Item
  readonly service: Service
  readonly agreement: Agreement
  readonly system: System
  readonly key: NewKey
  readonly pledge: Pledge
}

export type ProposableKind = keyof Proposable
