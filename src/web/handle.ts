import type { Context, MiddlewareHandler } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Html } from './words.ts'

/** A page may be kept, but is asked about each time; what it is depends on the visitor's language. */
export async function send(c: Context, page: Html, status: ContentfulStatusCode = 200) {
  c.header('Vary', 'Accept-Language, Cookie')
  c.header('Cache-Control', 'private, no-cache')
  return c.html(page, status)
}

/** What the console shows is somebody's own, and of this moment. */
export const noStore: MiddlewareHandler = async (c, next) => {
  await next()
  c.header('Cache-Control', 'no-store')
}
