/** Why a contract is refused when it is loaded; a closed list. */
export type ContractFault =
  | 'shape'
  | 'dialect'
  | 'keyword'
  | 'reference'
  | 'pattern'
  | 'format'
  | 'name'
  | 'depth'
  | 'subject'
  | 'claim-type'
  | 'predicate'
  | 'comparison'
  | 'no-record'

/** A contract that must not be registered. `pointer` (RFC 6901) says where, in the JSON of `file`. */
export class ContractError extends Error {
  override readonly name = 'ContractError'
  readonly code: ContractFault
  readonly pointer: string
  /** Absent where the contract did not come from a file. */
  readonly file: string | undefined
  readonly #reason: string

  constructor(code: ContractFault, pointer: string, reason: string, file?: string) {
    super(`${file === undefined ? '' : `${file}#`}${pointer || '/'}: ${reason}`)
    this.code = code
    this.pointer = pointer
    this.file = file
    this.#reason = reason
  }

  /** The same fault, saying which file it is in. */
  in(file: string): ContractError {
    return new ContractError(this.code, this.pointer, this.#reason, file)
  }
}
