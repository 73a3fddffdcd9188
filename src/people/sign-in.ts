/** How people sign in here. */
export type SignIn = {
  /** Where browsers reach this gateway, without a trailing slash: origin of its forms, address of the callback. */
  readonly base: string
}
