/** Why a provider does not answer a forward, with its HTTP status. Closed, and without personal data. */
const STATUS = {
  'too-large': 413,
  'media-type': 415,
  malformed: 400,
  'wrong-type': 400,
  'unknown-key': 401,
  signature: 401,
  audience: 401,
  expired: 401,
  'forward-schema': 422,
  'not-asked': 403,
  'unknown-item': 404,
  internal: 500,
} as const

export type DeclinedCode = keyof typeof STATUS

export class Declined extends Error {
  override readonly name = 'Declined'
  readonly code: DeclinedCode

  constructor(code: DeclinedCode) {
    super(code)
    this.code = code
  }

  get status(): number {
    return STATUS[this.code]
  }
}
