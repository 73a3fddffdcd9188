import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import { Refusal } from '../../errors.ts'
import {
  type Imported,
  importing,
  mustImport,
  type SheetPath,
  sheetPath,
} from '../../http/admin-import.ts'
import { proposingBy } from '../../http/admin-proposals.ts'
import { ownForms } from '../../http/visitor.ts'
import { decodeBase64, encodeBase64 } from '../../log/base64.ts'
import { Rejected } from '../../log/rejected.ts'
import { type Proposed, proposeImport } from '../../proposal/import-apply.ts'
import { SHEET_BYTES_MAX } from '../../registry/sheet/open-file.ts'
import type { Fault } from '../components/form.ts'
import { noStore, send } from '../handle.ts'
import { IMPORT } from '../texts/import.ts'
import { pick } from '../words.ts'
import { type Desk, enter } from './enter.ts'
import { FATES, faultWords, previewPage } from './import.ts'
import { importedPage } from './import-done.ts'
import { importForm } from './import-form.ts'
import { onConsoleError } from './trouble.ts'

/** The file in base64, which is a third longer, and a few fields. */
const BODY_BYTES_MAX = Math.ceil((SHEET_BYTES_MAX * 4) / 3) + 64 * 1024
const NAME_CHARACTERS_MAX = 120
const FAULTS_SHOWN = 20

/** What a preview's buttons send; the first form sends the file itself. */
const sent = z.object({
  kind: sheetPath,
  name: z.string().max(NAME_CHARACTERS_MAX).default(''),
  held: z.string().default(''),
  seen: z.string().max(100).default(''),
  step: z.enum(['propose', 'drafts']).optional(),
  show: z.enum(FATES).optional().catch(undefined),
  /** Another page of what is shown: `changed 2`, or ` 2` of all. */
  to: z
    .string()
    .regex(/^[a-z-]* \d{1,5}$/)
    .optional()
    .catch(undefined),
})

type Sent = z.infer<typeof sent> & { readonly bytes: Uint8Array }

/** `/console/import`: a file, what would become of its rows, and then their proposals. */
export function importPages(deps: Deps): Hono {
  const own = proposingBy(deps)
  const read = importing(deps)
  return new Hono()
    .onError(onConsoleError)
    .use(ownForms(deps))
    .use(noStore)
    .get('/', async (c) => {
      const desk = await importer(deps, c)
      const { data: kind } = sheetPath.safeParse(c.req.query('kind'))
      return c.html(importForm(desk, { kind, faults: [] }))
    })
    .post('/', tooLarge(deps), async (c) => {
      const desk = await importer(deps, c)
      const says = IMPORT[desk.view.lang]
      const given = await sentIn(c)
      if (given === 'kind') return again(c, desk, [{ name: 'kind', text: says.noKind }])
      const { kind, bytes, step, seen } = given
      if (bytes.byteLength === 0) return again(c, desk, [{ name: 'file', text: says.noFile }], kind)
      const file = await read(desk.actor, { kind, bytes })
      const faults = faultsOf(desk, file)
      if ('wrong' in file || faults.length > 0) return again(c, desk, faults, kind)
      if (!step) return c.html(preview(desk, given, file))
      const taking = { preview: file.preview, seen, submits: step === 'propose' }
      let proposed: readonly Proposed[]
      try {
        proposed = await proposeImport(own, desk.actor, taking)
      } catch (error) {
        if (!(error instanceof Refusal) || error.code !== 'stale') throw error
        return send(c, preview(desk, given, file, true), 412)
      }
      return c.html(importedPage(desk, proposed))
    })
}

/** @throws Refusal `signed-out`, `forbidden`. */
async function importer(deps: Deps, c: Context): Promise<Desk> {
  const desk = await enter(deps, c)
  mustImport(desk.actor)
  return desk
}

function tooLarge(deps: Deps) {
  return bodyLimit({
    maxSize: BODY_BYTES_MAX,
    onError: async (c) => {
      const desk = await importer(deps, c)
      const text = IMPORT[desk.view.lang].tooLarge
      return again(c, desk, [{ name: 'file', text }], undefined, 413)
    },
  })
}

function again(
  c: Context,
  desk: Desk,
  faults: readonly Fault[],
  kind?: SheetPath,
  status: 400 | 413 = 400,
) {
  return send(c, importForm(desk, { kind, faults }), status)
}

/** @returns `kind` where the form says nothing that can be imported. */
async function sentIn(c: Context): Promise<Sent | 'kind'> {
  // A body that is no form says nothing either.
  const { file, ...fields } = await c.req.parseBody().catch(() => ({ file: undefined }))
  const isFile = file instanceof File
  const name = isFile ? { name: file.name.slice(0, NAME_CHARACTERS_MAX) } : {}
  const { data } = sent.safeParse({ ...fields, ...name })
  if (!data) return 'kind'
  const bytes = isFile ? new Uint8Array(await file.arrayBuffer()) : heldBytes(data.held)
  return { ...data, bytes, held: isFile ? encodeBase64(bytes) : data.held }
}

/** None where it is not what the preview gave. */
function heldBytes(held: string): Uint8Array {
  try {
    return decodeBase64(held)
  } catch (error) {
    if (!(error instanceof Rejected)) throw error
    return new Uint8Array()
  }
}

function faultsOf({ view: { lang } }: Desk, file: Imported): readonly Fault[] {
  if ('wrong' in file) return [{ name: 'file', text: pick(lang, file.wrong) }]
  const { faults } = file.preview
  return faults.slice(0, FAULTS_SHOWN).map((one) => ({ name: 'file', text: faultWords(lang, one) }))
}

function preview(
  desk: Desk,
  { kind, name, held, show, to }: Sent,
  { preview, encoding }: Exclude<Imported, { readonly wrong: unknown }>,
  hasMoved = false,
) {
  const [fate = '', at = '1'] = to?.split(' ') ?? []
  const turned = FATES.find((one) => one === fate)
  return previewPage(desk, {
    ...{ kind, name, held, encoding, preview, hasMoved },
    show: to === undefined ? show : turned,
    at: Math.max(1, Number(at)),
  })
}
