import type { Context } from 'hono'
import type { Html } from './words.ts'

/** A page may be kept, but is asked about each time; what it is depends on the visitor's language. */
export async function send(c: Context, page: Html, status: 200 | 400 | 403 | 404 = 200) {
  c.header('Vary', 'Accept-Language, Cookie')
  c.header('Cache-Control', 'private, no-cache')
  return c.html(page, status)
}
