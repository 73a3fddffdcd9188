import type { SyncCrypto } from '../crypto.ts'
import { type Code, Refusal } from '../errors.ts'
import { asRefusal } from '../exchange/fault.ts'
import { decodeBase64Url } from '../log/base64.ts'
import { type Acted, move, open, type Proposing } from './act.ts'
import type { Actor } from './actor.ts'
import type { ImportRow, Preview } from './import.ts'

/** More at once would keep somebody waiting; the file sent again goes on with the rest. */
export const PROPOSED_MAX = 500

/** Acts that share commits. */
const AT_ONCE = 8

export type Proposed = { readonly key: string } & (
  | {
      /** `draft`: review asks for words first, or it was not to be submitted. */
      readonly outcome: 'submitted' | 'draft'
      readonly proposal: string
    }
  /** Somebody else was quicker. */
  | { readonly outcome: 'under-way' }
  | { readonly outcome: 'failed'; readonly code: Code }
  | { readonly outcome: 'later' }
)

type Moving = Extract<ImportRow, { readonly doc: unknown }>

/**
 * Opens a proposal for each document that a preview showed as new or changed, and submits it where asked.
 * Each is whole or not at all; one that fails keeps no other back. Sent again, what was proposed is under
 * way and what was not is proposed: an interruption costs nothing.
 *
 * @throws Refusal `stale` unless the preview is the one that was seen.
 */
export async function proposeImport(
  deps: Proposing,
  actor: Actor,
  {
    preview: { kind, rows, hash },
    seen,
    submits,
  }: { readonly preview: Preview; readonly seen: string; readonly submits: boolean },
): Promise<readonly Proposed[]> {
  if (hash !== seen) throw new Refusal('stale')
  const moving = rows.filter((row): row is Moving => row.fate === 'new' || row.fate === 'changed')
  const now = moving.slice(0, PROPOSED_MAX)
  const done: Proposed[] = []
  for (let at = 0; at < now.length; at += AT_ONCE) {
    const some = now.slice(at, at + AT_ONCE)
    done.push(...(await Promise.all(some.map((row) => one(deps, actor, { kind, row, submits })))))
  }
  const later = moving.slice(PROPOSED_MAX).map(({ key }) => ({ key, outcome: 'later' as const }))
  return [...done, ...later]
}

type One = { readonly kind: string; readonly row: Moving; readonly submits: boolean }

async function one(
  deps: Proposing,
  actor: Actor,
  { kind, row: { key, doc, ever }, submits }: One,
): Promise<Proposed> {
  const id = idOf(deps.crypto, `${kind}/${key}/${ever}`)
  let opened: Acted
  try {
    opened = await open(deps, actor, { kind, verb: 'open', doc, id })
  } catch (error) {
    const { code } = refusalOf(error)
    return code === 'stale' ? { key, outcome: 'under-way' } : { key, outcome: 'failed', code }
  }
  const { revision } = opened.proposal
  if (!submits) return { key, outcome: 'draft', proposal: id }
  try {
    await move(deps, actor, { id, verb: 'submit', revision })
    return { key, outcome: 'submitted', proposal: id }
  } catch (error) {
    // The draft stands, whatever kept it from being submitted: its own page says so.
    refusalOf(error)
    return { key, outcome: 'draft', proposal: id }
  }
}

/** @throws what is a fault of ours: it is reported, and not one row's matter. */
function refusalOf(error: unknown): Refusal {
  const refusal = asRefusal(error)
  if (refusal.code === 'internal') throw error
  return refusal
}

/**
 * The id of the next proposal of a thing, as a UUID (RFC 9562, version 8): two who send one file at the same
 * moment, on whatever node, open it once.
 */
function idOf({ digest }: Pick<SyncCrypto, 'digest'>, name: string): string {
  const bytes = decodeBase64Url(digest(`import ${name}`)).slice(0, 16)
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
