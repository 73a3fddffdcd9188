import type { Members } from '../../caller.ts'
import type { RequestVector } from '../vectors.ts'
import { vector } from './answered.ts'
import { LICENCE, LICENCES, request } from './sign.ts'

export type How = Partial<RequestVector> & {
  readonly system?: string
  readonly question?: Members
  readonly claims?: Members
  readonly bend?: (text: string) => string
}

/** A request that is refused on record: `[name, code, status, zh, en]`. */
export function refusal(
  [name, code, status, zh, en]: Said,
  row: number,
  how: How = {},
): RequestVector {
  const { system = LICENCES, question = LICENCE, claims, bend, ...more } = how
  const body = request(system, question, { ...(claims && { claims }), ...(bend && { bend }) })
  return vector({ name, note: { zh, en }, row, body, expect: { status, code }, ...more })
}
type Said = readonly [name: string, code: string, status: number, zh: string, en: string]
