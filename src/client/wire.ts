import { NoAnswer } from './faults.ts'

const BODY_BYTES_MAX = 4 * 1024 * 1024
const BACKOFF_MILLIS = 250
const BACKOFF_MILLIS_MAX = 8000
const RETRYABLE = [429, 503, 504]

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** How long and how often; both bound the retries, whatever the gateway asks for. */
export type Patience = {
  readonly deadlineMillis: number
  readonly attemptMillis: number
  readonly attempts: number
  readonly signal?: AbortSignal | undefined
}

/** What came back over HTTP: nothing of it is verified. */
export type Reply = {
  readonly status: number
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
}

/**
 * Sends the same bytes until something final comes back: again after a network failure and after 429,
 * 503 and 504, waiting as Retry-After says, or longer each time with jitter. A wait beyond the deadline
 * is not begun: the last refusal is returned at once.
 *
 * @throws NoAnswer when nothing came back in time; the signal's reason when the caller gave up.
 */
export async function sendPatiently(
  send: Fetch,
  url: string,
  init: RequestInit,
  patience: Patience,
): Promise<Reply> {
  const until = Date.now() + patience.deadlineMillis
  for (let attempt = 1; ; attempt++) {
    const left = until - Date.now()
    const came = await once(send, url, init, {
      ...patience,
      attemptMillis: Math.max(1, Math.min(left, patience.attemptMillis)),
    }).catch((error: unknown) => {
      if (error instanceof NoAnswer) return error
      throw error
    })
    const isNone = came instanceof NoAnswer
    const wait = waitMillis(attempt, isNone ? undefined : came.headers)
    const isOver = attempt >= patience.attempts || Date.now() + wait >= until
    if (!isNone && (isOver || !RETRYABLE.includes(came.status))) return came
    if (isNone && isOver) throw came
    await pause(wait, patience.signal)
  }
}

/** One exchange. @throws NoAnswer for a network failure, a redirect, or what is not a gateway's JSON. */
export async function once(
  send: Fetch,
  url: string,
  init: RequestInit,
  { attemptMillis, signal }: Pick<Patience, 'attemptMillis' | 'signal'>,
): Promise<Reply> {
  signal?.throwIfAborted()
  const timeout = AbortSignal.timeout(attemptMillis)
  const both = signal ? AbortSignal.any([signal, timeout]) : timeout
  try {
    // A redirect could carry a signed request to somebody else.
    const response = await send(url, { ...init, redirect: 'manual', signal: both })
    const body: unknown = JSON.parse(await readBounded(response))
    if (typeof body !== 'object' || body === null) throw new TypeError('not an object')
    return { status: response.status, headers: response.headers, body: { ...body } }
  } catch (cause) {
    signal?.throwIfAborted()
    throw new NoAnswer(timeout.aborted ? 'no answer in time' : 'no gateway answers there', {
      cause,
    })
  }
}

async function readBounded({ body }: Response): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const reader = body?.getReader()
  let text = ''
  for (let bytes = 0; reader; ) {
    const { done, value } = await reader.read()
    if (done) break
    bytes += value.byteLength
    if (bytes > BODY_BYTES_MAX) {
      await reader.cancel()
      throw new RangeError('too large')
    }
    text += decoder.decode(value, { stream: true })
  }
  return text + decoder.decode()
}

/** Retry-After is seconds or a date (RFC 9110 §10.2.3); a little jitter parts those who wait together. */
function waitMillis(attempt: number, headers?: Headers): number {
  const said = headers?.get('retry-after')
  const seconds = Number(said)
  if (said && Number.isFinite(seconds)) return seconds * 1000 + Math.random() * BACKOFF_MILLIS
  const at = said ? Date.parse(said) : Number.NaN
  if (!Number.isNaN(at)) return Math.max(0, at - Date.now()) + Math.random() * BACKOFF_MILLIS
  const most = Math.min(BACKOFF_MILLIS_MAX, BACKOFF_MILLIS * 2 ** attempt)
  return most / 2 + (Math.random() * most) / 2
}

function pause(millis: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, millis)
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}
