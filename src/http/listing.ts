import type { Context } from 'hono'
import { z } from 'zod'

const LIMIT_MAX = 100

/** The catalogue may be this old; an ETag tells whether it is. */
const CACHE = { 'Cache-Control': 'public, max-age=300' }

/** Of a list that is read page by page: where the page before ended, and how many at once. */
export function paging<Key extends z.ZodType<string>>(key: Key) {
  return {
    cursor: key.optional(),
    limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT_MAX),
  }
}

/**
 * One page of a list that is in the order of its keys. A cursor names the last key seen, so that a page
 * repeats and skips nothing while others come and go.
 *
 * @returns `next` where something follows.
 */
export function pageOf<Row>(
  rows: readonly Row[],
  {
    cursor,
    limit,
    keyOf,
  }: { readonly cursor?: string | undefined; limit: number; keyOf: (row: Row) => string },
): { readonly page: readonly Row[]; readonly next: string | undefined } {
  const from = cursor === undefined ? 0 : rows.findIndex((row) => keyOf(row) > cursor)
  const page = from < 0 ? [] : rows.slice(from, from + limit)
  const last = page.at(-1)
  const isLast = last === undefined || last === rows.at(-1)
  return { page, next: isLast ? undefined : keyOf(last) }
}

/** The address of the page after `cursor`, with the same filters; also in a `Link` header (RFC 8288). */
export function nextPage(c: Context, cursor: string): string {
  const { pathname, searchParams } = new URL(c.req.url)
  searchParams.set('cursor', cursor)
  const next = `${pathname}?${searchParams}`
  c.header('Link', `<${next}>; rel="next"`)
  return next
}

/** What may be kept for a while. */
export function reply(c: Context, body: object): Response {
  return c.json(body, 200, CACHE)
}
