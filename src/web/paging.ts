import { z } from 'zod'
import { itemFilters } from '../http/catalog.ts'
import { filter } from '../http/input.ts'
import { pager } from './components/lists.ts'
import { hrefWith, type View } from './view.ts'

const ROWS = 50
const PAGES_MAX = 100_000

export const pageNumber = filter(z.coerce.number().int().min(1).max(PAGES_MAX))

/** What a list takes that is searched and read page by page. */
export const pagedQuery = z.object({ q: itemFilters.q, page: pageNumber })

/** The rows of one page, from 1, and the links to its neighbours: the first page's address names none. */
export function paged<Row>(view: View, rows: readonly Row[], at: number) {
  const pages = Math.ceil(rows.length / ROWS)
  const href = (page: number) => hrefWith(view, { page: page === 1 ? undefined : String(page) })
  return {
    shown: rows.slice((at - 1) * ROWS, at * ROWS),
    links: pager(view.lang, { at, pages, href }),
  }
}
