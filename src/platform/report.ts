import type { Deps } from '../deps.ts'

type Level = 'info' | 'warn' | 'error'

/** What stops answers or evidence is an error, what is only said is info; the rest wants a look. */
const LEVELS: Readonly<Record<string, Level>> = {
  request: 'info',
  'source-read-only': 'info',
  'log-append-failed': 'error',
  'log-not-ready': 'error',
  'anchor-write-failed': 'error',
  'keys-unreadable': 'error',
  'source-writable': 'error',
  error: 'error',
}

/** One JSON line an event; no personal data comes here. */
export const reportToStderr: Deps['report'] = (event, fields = {}) => {
  const at = new Date().toISOString()
  const level = LEVELS[event] ?? 'warn'
  process.stderr.write(`${JSON.stringify({ at, level, event, ...fields })}\n`)
}
