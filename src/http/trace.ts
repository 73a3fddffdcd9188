import type { Context } from 'hono'
import { readTrace, startTrace, type Trace } from '../trace.ts'

const OWN = 'trace'

/** The trace that a request belongs to: its caller's where the headers hold, else one that begins here. */
export function traceOf(c: Context): Trace {
  const known: Trace | undefined = c.get(OWN)
  if (known) return known
  const trace = readTrace(c.req.header('traceparent'), c.req.header('tracestate')) ?? startTrace()
  c.set(OWN, trace)
  return trace
}
