/** The entry is not durable, or nobody can tell: the same request may be sent again. */
export class LogUnavailable extends Error {
  override readonly name = 'LogUnavailable'
}
