import type { Deps } from '../deps.ts'

type Level = 'info' | 'warn' | 'error'

/** What stops answers or evidence is an error, what is only said is info; the rest wants a look. */
const LEVELS: Readonly<Record<string, Level>> = {
  request: 'info',
  'source-read-only': 'info',
  'log-append-failed': 'error',
  'anchor-write-failed': 'error',
  'keys-unreadable': 'error',
  'source-writable': 'error',
  error: 'error',
  'not-opened': 'error',
}

export const reportToStderr: Deps['report'] = (event, fields = {}) => {
  process.stderr.write(`${reportLine(event, fields)}\n`)
}

/** One JSON line an event; no personal data comes here. */
export function reportLine(
  event: string,
  fields: Readonly<Record<string, string | number>>,
): string {
  const at = new Date().toISOString()
  const level = LEVELS[event] ?? 'warn'
  return JSON.stringify({ at, level, event, ...fields })
}
