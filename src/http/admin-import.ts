import { zValidator } from '@hono/zod-validator'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { type Bilingual, Refusal } from '../errors.ts'
import type { Actor } from '../proposal/actor.ts'
import { type Preview, previewImport } from '../proposal/import.ts'
import { proposeImport } from '../proposal/import-apply.ts'
import { SHEET_BYTES_MAX } from '../registry/sheet/open-file.ts'
import type { Encoding } from '../registry/sheet/opened.ts'
import type { SheetKind } from '../registry/sheet/sheet.ts'
import { MEDIA } from '../registry/sheet/write-file.ts'
import { noStore } from '../web/handle.ts'
import { actorOf, proposingBy } from './admin-proposals.ts'
import { invalidParameters } from './input.ts'
import { countedBytes } from './limits.ts'
import { oneByOne } from './one-by-one.ts'
import { ownForms, requireVisitor } from './visitor.ts'

/** The plural as addresses have it. */
export const SHEET_KINDS = {
  items: 'item',
  services: 'service',
  agreements: 'agreement',
} as const satisfies Readonly<Record<string, SheetKind>>

export type SheetPath = keyof typeof SHEET_KINDS
export const sheetPath = z.enum(Object.keys(SHEET_KINDS) as [SheetPath, ...SheetPath[]])

export const importQuery = z.strictObject({
  kind: sheetPath,
  /** Present: only says what would become of each row. */
  'dry-run': z.enum(['', 'true']).optional(),
  /** Present: what is opened is left as a draft. */
  draft: z.enum(['', 'true']).optional(),
})

/** A file that was read and judged, or why it cannot be read. */
export type Imported =
  | { readonly preview: Preview; readonly encoding: Encoding }
  | { readonly wrong: Bilingual }

/** CSV and XLSX files brought in: the plan first, then a proposal for each row; the console does the same. */
export function adminImportRoutes(deps: Deps): Hono {
  const read = importing(deps)
  return new Hono()
    .use(ownForms(deps))
    .use(noStore)
    .post('/', zValidator('query', importQuery, invalidParameters), async (c) => {
      const actor = actorOf(await requireVisitor(deps, c))
      mustImport(actor)
      mustBeSheet(c)
      const { kind, 'dry-run': dryRun, draft } = c.req.valid('query')
      const bytes = await bytesIn(c)
      const file = await read(actor, { kind, bytes })
      if (dryRun !== undefined) return planned(c, file)
      const seen = seenOf(c)
      if ('wrong' in file) throw new Refusal('parameters', { pointers: ['/'] })
      const { preview } = file
      const taking = { preview, seen, submits: draft === undefined }
      return c.json({ proposed: await proposeImport(proposingBy(deps), actor, taking) })
    })
}

/** Reads and judges files, one at a time: a workbook takes memory while it is unpacked. */
export function importing(deps: Deps) {
  const alone = oneByOne()
  const own = proposingBy(deps)
  return (
    actor: Actor,
    { kind, bytes }: { readonly kind: SheetPath; readonly bytes: Uint8Array },
  ): Promise<Imported> =>
    alone(async () => {
      const opened = await deps.openSheet(bytes)
      if ('wrong' in opened) return opened
      const { given, encoding } = opened
      return {
        preview: await previewImport(own, actor, { kind: SHEET_KINDS[kind], given }),
        encoding,
      }
    })
}

/** Whoever may propose anything. @throws Refusal `forbidden`. */
export function mustImport({ roles }: Pick<Actor, 'roles'>): void {
  if (!roles.some(({ role }) => role === 'admin')) throw new Refusal('forbidden')
}

function mustBeSheet(c: Context): void {
  const type = c.req.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'text/csv' && type !== MEDIA.xlsx) throw new Refusal('media-type')
}

/** @throws Refusal `too-large`. */
async function bytesIn(c: Context): Promise<Uint8Array> {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  for await (const chunk of countedBytes(c.req.raw.body, SHEET_BYTES_MAX))
    chunks.push(chunk as Uint8Array<ArrayBuffer>)
  return new Blob(chunks).bytes()
}

function planned(c: Context, read: Imported): Response {
  if ('wrong' in read) return c.json({ faults: [{ texts: read.wrong }], rows: [] })
  const { preview, encoding } = read
  const { kind, faults, rows, hash } = preview
  c.header('ETag', `"${hash}"`)
  const shown = rows.map((row) => ({ ...row, ever: undefined }))
  return c.json({ encoding, kind, faults, rows: shown })
}

/** The tag of the plan that was read. @throws Refusal `no-precondition`. */
function seenOf(c: Context): string {
  const tag = c.req.header('if-match')
  if (tag === undefined) throw new Refusal('no-precondition')
  return tag.replace(/^"|"$/g, '')
}
