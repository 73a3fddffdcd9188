import { randomUUID } from 'node:crypto'
import { callerWith, type Members } from '../../caller.ts'
import { ISSUER } from '../gateway.ts'
import { type ForwardVector, type Keys, readVectors } from '../vectors.ts'
import { at, headerFor, PROVIDER, seconds } from './sign.ts'

const FORWARD_TYPE = 'assistance-forward+jwt'
const ITEM = { code: 'ENT-01', version: 2 }
const NAMED = ['name', 'status']

export type How = {
  readonly claims?: Members
  readonly header?: Members
  readonly bend?: (text: string) => string
  readonly by?: Keys['gateway']
}

/** A forward around that request, as the gateway signs it; a member that is undefined is left out. */
export function forward(about: string, { claims, header, bend, by }: How = {}): string {
  const gateway = callerWith('gateway', by ?? readVectors('keys.json').gateway)
  const said = {
    iss: ISSUER,
    aud: PROVIDER,
    iat: seconds,
    exp: seconds + 60,
    jti: randomUUID(),
    item: ITEM,
    ask: NAMED,
    intent: 41,
    request: about,
    ...claims,
  }
  const text = JSON.stringify(said)
  return gateway.sign(headerFor(gateway, { typ: FORWARD_TYPE, ...header }), bend?.(text) ?? text)
}

type Short = Pick<ForwardVector, 'name' | 'note' | 'body' | 'expect'> & Partial<ForwardVector>

export const forwarded = (one: Short): ForwardVector => ({
  now: at(0),
  headers: { 'content-type': 'application/jwt' },
  ...one,
})
