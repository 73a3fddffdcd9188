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

/** A contract that must not be registered. `pointer` (RFC 6901) says where, in the contract's JSON. */
export class ContractError extends Error {
  override readonly name = 'ContractError'
  readonly code: ContractFault
  readonly pointer: string

  constructor(code: ContractFault, pointer: string, message: string) {
    super(`${pointer || '/'}: ${message}`)
    this.code = code
    this.pointer = pointer
  }
}
