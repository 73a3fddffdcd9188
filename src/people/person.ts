import { z } from 'zod'

/**
 * What somebody may do, for one agency. `approver` is the head of the agency's own unit for sharing
 * (政务数据共享条例 art. 11), `authority` the city's department in charge of sharing, `officer` answers
 * assistance cases; `auditor` reads everything and changes nothing.
 */
export const ROLE_NAMES = ['admin', 'approver', 'authority', 'officer', 'auditor'] as const
export type RoleName = (typeof ROLE_NAMES)[number]

export type Role = {
  readonly role: RoleName
  /** USCC. */
  readonly agency: string
}

export const SIDES = ['duty', 'audit'] as const
export type Side = (typeof SIDES)[number]

export type Person = {
  /** Random; stands in log leaves. */
  readonly id: string
  readonly name: string
  /** Whoever does the work does not audit it; the database holds it, too. */
  readonly side: Side
  readonly roles: readonly Role[]
}

/** A person as he is kept: how his provider names him, and whether he may sign in. */
export type Registered = Person & {
  readonly issuer: string
  readonly subject: string
  readonly status: 'active' | 'suspended'
  /** Epoch milliseconds. */
  readonly createdAt: number
}

/** 128 random bits, base64url. */
export const personId = z.string().regex(/^[\w-]{22}$/)
/** One line of text, shown to others: nothing in it moves a cursor or turns a line's direction. */
export const personName = z.string().regex(/^(?=.*\P{Zs})[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,64}$/u)
/** What the identity provider calls him (OpenID Connect Core §2: ASCII, 255 at the most). */
export const subjectId = z.string().regex(/^[\x21-\x7e]{1,255}$/)

/** Whether a person has this role for this agency; a role for one agency is none for another. */
export function holds({ roles }: Pick<Person, 'roles'>, role: RoleName, agency: string): boolean {
  return roles.some((one) => one.role === role && one.agency === agency)
}

/** The agencies for which a person has a role, in the order of his roles, each once. */
export function agenciesOf({ roles }: Pick<Person, 'roles'>, role: RoleName): readonly string[] {
  return [...new Set(roles.filter((one) => one.role === role).map(({ agency }) => agency))]
}

export function sideOf(role: RoleName): Side {
  return role === 'auditor' ? 'audit' : 'duty'
}
