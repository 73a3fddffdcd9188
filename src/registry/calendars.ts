import type { Kysely } from 'kysely'
import { type Calendar, calendarOf } from '../calendar/calendar.ts'
import type { CalendarDocument } from '../calendar/document.ts'
import { encodeBase64Url } from '../log/base64.ts'
import { canonicalJson } from '../log/leaf.ts'
import type { Tables } from '../storage/tables.ts'

/** Every year that is stored, each with its version. */
export async function loadCalendar(db: Kysely<Tables>): Promise<Calendar> {
  const rows = await db.selectFrom('calendar').select('doc').execute()
  const years = rows.map(async ({ doc }) => {
    const document = JSON.parse(doc) as CalendarDocument
    return { document, version: await versionOf(document) }
  })
  return calendarOf(await Promise.all(years))
}

/**
 * base64url SHA-256 of the document's canonical JSON (RFC 8785), so that whoever holds the document can
 * say which version a trace, or the log's entry, names.
 */
export async function versionOf(document: CalendarDocument): Promise<string> {
  const bytes = new TextEncoder().encode(canonicalJson(document))
  return encodeBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}
