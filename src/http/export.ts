import { zValidator } from '@hono/zod-validator'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { dayInShanghai } from '../calendar/day.ts'
import type { Deps } from '../deps.ts'
import { findItems } from '../registry/catalogue.ts'
import { findServices } from '../registry/guide.ts'
import type { SheetDocuments, SheetKind } from '../registry/sheet/sheet.ts'
import { FORMS, MEDIA, SHEET_NAMES, writeSheetFile } from '../registry/sheet/write-file.ts'
import { itemFilters } from './catalog.ts'
import { filter, invalidParameters } from './input.ts'

/** What every export takes beside its filters. */
export const exportParameters = {
  form: z.enum(FORMS).default('csv'),
  /** Of headings and words. */
  lang: filter(z.enum(['zh-CN', 'en'])),
  /** `template`: headings alone, to be filled in. */
  rows: filter(z.enum(['all', 'template'])),
}

export type ExportParameters = z.infer<z.ZodObject<typeof exportParameters>>

export const itemExportQuery = z.strictObject({ ...itemFilters, ...exportParameters })
export const serviceExportQuery = z.strictObject({ q: itemFilters.q, ...exportParameters })

/** The published catalogue as files for spreadsheets and programs, narrowed as its pages are. */
export function exportRoutes(deps: Pick<Deps, 'registry' | 'look' | 'clock'>): Hono {
  const { registry } = deps
  return new Hono()
    .get('/items', zValidator('query', itemExportQuery, invalidParameters), async (c) => {
      const { form, lang, rows, ...query } = c.req.valid('query')
      const view = await registry.view()
      const documents = findItems(view, query).entries.map(({ item }) => item)
      return sendSheet(c, deps, { kind: 'item', documents, asked: { form, lang, rows } })
    })
    .get('/services', zValidator('query', serviceExportQuery, invalidParameters), async (c) => {
      const { q, ...asked } = c.req.valid('query')
      const documents = findServices(await registry.view(), q)
      return sendSheet(c, deps, { kind: 'service', documents, asked })
    })
}

type Sending<K extends SheetKind> = {
  readonly kind: K
  readonly documents: readonly SheetDocuments[K][]
  readonly asked: ExportParameters
  /** Nobody else may keep it. */
  readonly isOwn?: true
}

/** A file to be kept; its tag is the registry's version and the release, so that none need be written to compare. */
export async function sendSheet<K extends SheetKind>(
  c: Context,
  { registry, look, clock }: Pick<Deps, 'registry' | 'look' | 'clock'>,
  { kind, documents, asked: { form, lang, rows }, isOwn }: Sending<K>,
): Promise<Response> {
  const language = lang === 'en' ? 'en' : 'zh'
  const written = rows === 'template' ? [] : documents
  const name = `${SHEET_NAMES[kind][language]}-${dayInShanghai(clock())}.${form}`
  const plain = `${SHEET_NAMES[kind].en}-${dayInShanghai(clock())}.${form}`
  c.header('Content-Type', MEDIA[form])
  // RFC 6266 with RFC 8187: a name in Chinese, and one for whoever cannot read that.
  c.header(
    'Content-Disposition',
    `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`,
  )
  if (isOwn) c.header('Cache-Control', 'no-store')
  else {
    c.header('Cache-Control', 'public, max-age=300')
    c.header('ETag', `W/"${registry.version()}-${look.hash}"`)
  }
  return c.body(await writeSheetFile(form, { kind, documents: written, language }))
}
