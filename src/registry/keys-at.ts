const TIMEOUT_MILLIS = 5000
const BYTES_MAX = 64 * 1024
const URL_CHARACTERS_MAX = 2000
const KEY_SETS = 'application/jwk-set+json, application/json'

type Got = { readonly status: number; readonly body: string }

/**
 * One GET. No redirect is followed, no private address is reached unless the operator allows its network,
 * nothing beyond the limits is read. Rejects where nothing came, or too much, or too late.
 */
export type Get = (
  url: string,
  accept: string,
  limits: { readonly timeoutMillis: number; readonly maxBytes: number },
) => Promise<Got>

/**
 * The text at an address that somebody names as that of his keys (RFC 7517): 64 KiB in 5 seconds. What it
 * says is judged by whoever reads it, and by two people who compare fingerprints.
 *
 * @throws for an address with a user in it, and where anything but 200 comes back.
 */
export function keysAt(get: Get): (url: string) => Promise<string> {
  return async (url) => {
    if (url.length > URL_CHARACTERS_MAX) throw new TypeError('the address is too long')
    const { username, password } = new URL(url)
    // A password would be kept in forms and sent to whoever is asked.
    if (username !== '' || password !== '') throw new TypeError('the address holds a user')
    const limits = { timeoutMillis: TIMEOUT_MILLIS, maxBytes: BYTES_MAX }
    const { status, body } = await get(url, KEY_SETS, limits)
    if (status !== 200) throw new Error(`the address says ${status}`)
    return body
  }
}
