import type { Members } from './caller.ts'
import type { Visit } from './doors.ts'

/** One way to deceive a door. `code` is what a body is refused with, `proof` a bearer where it differs. */
export type Attack = {
  readonly name: string
  readonly code: string
  readonly proof?: string
  /** Signed by the honest key: the caller is known, so a refused request is on record. */
  readonly isKnown?: true
  /** HTTP strips it, or cannot carry it, in a header field. */
  readonly bodyOnly?: true
  forge(visit: Visit): string | Promise<string>
}

export function withHeader(name: string, members: Members, code: string): Attack {
  const forge = ({ header, claims, caller }: Visit) =>
    caller.sign({ ...header(), ...members }, claims())
  return { name, code, forge }
}

export function withClaims(name: string, members: Members, code: string): Attack {
  const forge = ({ header, claims, caller }: Visit) =>
    caller.sign(header(), { ...claims(), ...members })
  return { name, code, forge }
}

type Texts = { header?: (text: string) => string; payload?: (text: string) => string }

export function withText(name: string, code: string, bend: Texts): Attack {
  const same = (text: string) => text
  const forge = ({ header, claims, caller }: Visit) =>
    caller.sign(
      (bend.header ?? same)(JSON.stringify(header())),
      (bend.payload ?? same)(JSON.stringify(claims())),
    )
  return { name, code, forge }
}

/** By the rightful key: whoever signs so is known, and must still not be understood in two ways. */
export function known(name: string, payload: (text: string) => string): Attack {
  return { ...withText(name, 'request-schema', { payload }), proof: 'proof', isKnown: true }
}

export function nested(text: string, depth: number): string {
  return text.replace('{', `{"deep":${'['.repeat(depth)}${']'.repeat(depth)},`)
}

export function spoiled(
  name: string,
  code: string,
  spoil: readonly ((jws: string) => string)[],
): Attack[] {
  return spoil.map((how, i) => ({
    name: `${name} (${i + 1})`,
    code,
    forge: ({ header, claims, caller }) => how(caller.sign(header(), claims())),
  }))
}

/** A 64-byte signature ends in a character with four unused bits: the next one decodes to the same. */
export function nextInAlphabet(jws: string): string {
  return `${jws.slice(0, -1)}${String.fromCharCode(jws.charCodeAt(jws.length - 1) + 1)}`
}
