/** The stored log contradicts what was signed. The gateway must not sign on top of it. */
export class DamagedLog extends Error {
  override readonly name = 'DamagedLog'
}
