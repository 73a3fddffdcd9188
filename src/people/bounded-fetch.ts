import { boundedText } from '../bounded-body.ts'

const TIMEOUT_MILLIS = 5000
const BYTES_MAX = 256 * 1024
/** Statuses that never have a body (Fetch standard, "null body status"). */
const WITHOUT_BODY: readonly number[] = [101, 103, 204, 205, 304]

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/**
 * The same questions with bounds: one clock from the first packet to the last byte, no more bytes than a
 * provider's documents have, and no redirect is followed.
 */
export function boundedFetch(fetch: Fetch): Fetch {
  return async (url, init) => {
    const signal = AbortSignal.timeout(TIMEOUT_MILLIS)
    const response = await fetch(url, { ...init, signal, redirect: 'manual' })
    const { status, headers } = response
    const text = await boundedText(response.body, BYTES_MAX, tooLarge)
    return new Response(WITHOUT_BODY.includes(status) ? null : text, { status, headers })
  }
}

function tooLarge(): RangeError {
  return new RangeError(`more than ${BYTES_MAX} bytes`)
}
