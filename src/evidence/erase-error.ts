type Code = 'unknown' | 'already' | 'ambiguous' | 'running'

/** `unknown`: no such record; `already`: erased before; `ambiguous`: name more; `running`: wait. */
export class EraseError extends Error {
  override readonly name = 'EraseError'
  readonly code: Code

  constructor(code: Code, message: string) {
    super(message)
    this.code = code
  }
}
