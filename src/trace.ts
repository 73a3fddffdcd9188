/**
 * Where a message stands in a distributed trace: W3C Trace Context, Recommendation of 23 November 2021
 * (https://www.w3.org/TR/trace-context-1/). It links the log lines of caller, gateway and provider; it
 * is signed by nobody, so nothing is judged by it, and it never enters a leaf or a signed string.
 */
export type Trace = {
  /** 32 lower-case hex digits. */
  readonly id: string
  /** Of the span that sent this message: 16 lower-case hex digits. */
  readonly parent: string
  readonly isSampled: boolean
  /** The vendors' own list, passed on as it came. */
  readonly state?: string
}

/** Read or begun when it is first asked for: most requests end without. */
export type Tracing = () => Trace

/** As an OpenTelemetry propagator injects and extracts them. */
export type TraceHeaders = { readonly traceparent: string; readonly tracestate?: string }

/** §3.2.2. What follows the flags belongs to versions that are not known yet. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const VERSION = '00'
/** §3.2.2.1: forbidden for good. */
const NO_VERSION = 'ff'
const SAMPLED = 1

/** §3.3.1.3: the older keys `tenant@system` are among these. */
const MEMBER =
  /^([a-z0-9][a-z0-9_\-*/@]{0,255})=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/
const MEMBERS_MAX = 32
/** §3.3.1.5: so much is passed on; of more, the long members go first, then the last. */
const STATE_MAX = 512
const LONG_MEMBER = 128

/**
 * Reads what came over HTTP, repeated header fields joined by commas. A `traceparent` that does not
 * hold takes its `tracestate` with it; a `tracestate` that does not hold is dropped alone (§3.3).
 *
 * @returns undefined where there is no trace to go on with: start one.
 */
export function readTrace(
  traceparent: string | null | undefined,
  tracestate?: string | null,
): Trace | undefined {
  const [, version, id = '', parent = '', flags = '', more] =
    TRACEPARENT.exec(traceparent ?? '') ?? []
  if (version === undefined || version === NO_VERSION) return undefined
  if (version === VERSION && more !== undefined) return undefined
  if (/^0+$/.test(id) || /^0+$/.test(parent)) return undefined
  const state = tracestate ? readState(tracestate) : undefined
  const isSampled = (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED
  return { id, parent, isSampled, ...(state ? { state } : {}) }
}

/** A trace of one's own. Not sampled: whoever starts it here records no spans. */
export function startTrace(): Trace {
  return { id: newId(), parent: newSpan(), isSampled: false }
}

/** The same trace, as the next message on its way: a span of its own. */
export function nextSpan(trace: Trace): Trace {
  return { ...trace, parent: newSpan() }
}

/** Always in the version that is known here (§3.2.4); flags that are not defined are zero (§3.2.2.5). */
export function headersOf({ id, parent, isSampled, state }: Trace): TraceHeaders {
  const traceparent = `${VERSION}-${id}-${parent}-${isSampled ? '01' : '00'}`
  return state ? { traceparent, tracestate: state } : { traceparent }
}

function readState(text: string): string | undefined {
  const members = text
    .split(',')
    .map((member) => member.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((member) => member !== '')
  const keys = members.map((member) => MEMBER.exec(member)?.[1])
  const isValid = members.length <= MEMBERS_MAX && !keys.includes(undefined)
  // One entry a key (§3.3.1.3.1): which of two would be meant is anybody's guess.
  return isValid && new Set(keys).size === keys.length ? shortened(members) : undefined
}

function shortened(members: readonly string[]): string {
  const isShort = (kept: readonly string[]) => kept.join(',').length <= STATE_MAX
  const kept = [...members]
  for (let at = kept.length - 1; at >= 0 && !isShort(kept); at--)
    if ((kept[at] as string).length > LONG_MEMBER) kept.splice(at, 1)
  while (!isShort(kept)) kept.pop()
  return kept.join(',')
}

/** Random, and never all zero: a UUID names its version and, in its second half, its variant (RFC 9562). */
function newId(): string {
  return globalThis.crypto.randomUUID().replaceAll('-', '')
}

function newSpan(): string {
  return newId().slice(16)
}
