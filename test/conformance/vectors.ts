import { readFileSync } from 'node:fs'
import type { JWK } from 'jose'
import type { Trust } from '../../src/log/trust.ts'
import type { ProviderTrust } from '../../src/provider/index.ts'
import type { Members } from '../caller.ts'
import type { DocumentTable } from '../city.ts'

/** What contracts/conformance/*.json hold; contracts/conformance/README.md says it to third parties. */
export type Bilingual = { readonly zh: string; readonly en: string }

/** A text, or one that is too long to be written out. */
export type Body = string | { readonly repeat: string; readonly times: number }

type Change =
  | { readonly document: DocumentTable; readonly id: string; readonly merge: Members }
  | {
      readonly document: 'key'
      readonly id: string
      readonly merge: { readonly [Instant in 'validFrom' | 'validTo' | 'revokedAt']?: string }
    }

/** How the gateway stands when the message comes: `registry.json` with changes, and faults. */
export type State = {
  readonly note: Bilingual
  readonly changes?: readonly Change[]
  readonly provider?: 'down' | 'timeout' | 'invalid'
  readonly policy?: 'forbids'
  readonly log?: 'unavailable'
  /** The device that holds the answer key does not sign. */
  readonly signer?: 'unavailable'
  /** The gateway was stopped while it asked the provider for the earlier requests. */
  readonly cutOff?: true
  /** The records of the earlier requests were erased. */
  readonly erased?: true
}

export type Earlier = { readonly now: string; readonly body: string }

export type Expected = {
  readonly status: number
  /** Of a refusal. */
  readonly code?: string
  readonly outcome?: string
  readonly claims?: Members
  /** The body is that of the earlier request at this position, byte for byte. */
  readonly same?: number
  /** The body has this media type. */
  readonly type?: string
}

type Vector = {
  readonly name: string
  readonly note: Bilingual
  readonly state: string
  readonly now: string
  readonly headers: Readonly<Record<string, string>>
  readonly expect: Expected
}

export type RequestVector = Vector & {
  /** The row of the check table that decides; 0: all of them hold. */
  readonly row: number
  readonly earlier?: readonly Earlier[]
  readonly body: Body
}

export type ReadVector = Vector & {
  readonly earlier?: readonly Earlier[]
  readonly path: string
  /** How many times it is sent; the last reply counts. */
  readonly times?: number
}

const CHECKS = ['signature', 'binding', 'inclusion', 'checkpoint'] as const

export type EvidenceVector = {
  readonly name: string
  readonly note: Bilingual
  readonly trust: string
  readonly bundle: unknown
  /** `fails`: the checks that do not hold. */
  readonly expect: { readonly ok: boolean; readonly fails: readonly (typeof CHECKS)[number][] }
}

export const FOLDER = new URL('../../contracts/conformance/', import.meta.url)

export type Keys = {
  readonly note: Bilingual
  readonly systems: Readonly<Record<string, JWK>>
  /** Registered nowhere. */
  readonly stranger: JWK
  /** What the gateway of `forwards.json` signs with. */
  readonly gateway: JWK
}

/** A message from the gateway to a provider, which checks it and answers from one record. */
export type ForwardVector = {
  readonly name: string
  readonly note: Bilingual
  readonly now: string
  readonly headers: Readonly<Record<string, string>>
  readonly earlier?: readonly Earlier[]
  readonly body: Body
  readonly expect: Expected
}

/** What a provider replies to the forward of `request`, and what the gateway tells the caller then. */
export type StatementVector = {
  readonly name: string
  readonly note: Bilingual
  readonly reply: { readonly status: number; readonly contentType: string; readonly body: Body }
  readonly expect: Expected
}

type Provider = { readonly issuer: string; readonly provider: string }

export type Vectors = {
  readonly 'keys.json': Keys
  readonly 'states.json': { readonly states: Readonly<Record<string, State>> }
  readonly 'requests.json': { readonly issuer: string; readonly vectors: readonly RequestVector[] }
  readonly 'reads.json': { readonly issuer: string; readonly vectors: readonly ReadVector[] }
  readonly 'forwards.json': Provider & {
    readonly trust: ProviderTrust
    /** The one record of the provider's register, by the subject that it is about. */
    readonly record: { readonly item: string; readonly subject: Members; readonly values: Members }
    readonly vectors: readonly ForwardVector[]
  }
  readonly 'statements.json': Provider & {
    readonly state: string
    readonly now: string
    /** What the caller sent: every statement is about it, or fails to be. */
    readonly request: string
    readonly vectors: readonly StatementVector[]
    /** The entries of `request` where the gateway was cut off while it asked, and it was sent again 61 s later. */
    readonly cutOff: readonly string[]
  }
  readonly 'evidence.json': {
    readonly trusts: Readonly<Record<string, Trust>>
    readonly vectors: readonly EvidenceVector[]
  }
  readonly 'registry.json': Readonly<Record<string, readonly Members[]>> & {
    readonly rows: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>
  }
}

/** One file of contracts/conformance. */
export function readVectors<Name extends keyof Vectors>(name: Name): Vectors[Name] {
  return JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Vectors[Name]
}

export function textOf(body: Body): string {
  return typeof body === 'string' ? body : body.repeat.repeat(body.times)
}
