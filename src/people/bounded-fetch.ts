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
    const text = await readCounted(response.body)
    return new Response(WITHOUT_BODY.includes(status) ? null : text, { status, headers })
  }
}

async function readCounted(body: ReadableStream<Uint8Array> | null): Promise<string> {
  if (!body) return ''
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let text = ''
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > BYTES_MAX) {
      await reader.cancel()
      throw new RangeError(`more than ${BYTES_MAX} bytes`)
    }
    text += decoder.decode(value, { stream: true })
  }
}
