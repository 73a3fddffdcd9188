import { check } from '../../registry/checks/check.ts'
import { type Item, itemSchema } from '../../registry/documents.ts'
import { nextVersion } from '../../registry/registry.ts'
import type { Effect, Kind } from '../kind.ts'
import type { Move } from '../move.ts'
import { barItem, EXTENDING, ITEM_CLOCKS } from './item-clocks.ts'
import { openingDetails } from './publishing-clocks.ts'

const ADMIN = [{ role: 'admin', of: 'agency' }] as const
const HEAD = [{ role: 'approver', of: 'agency' }] as const
const AUTHORITY = [{ role: 'authority', of: 'authority' }] as const

/** 条例 art. 11, 13, 17: submitted by the agency's admin, approved by its head, published by the authority. */
export const PUBLISHING: readonly Move[] = [
  { verb: 'open', from: ['new'], to: 'draft', by: ADMIN, edits: true },
  { verb: 'edit', from: ['draft'], by: ADMIN, edits: true },
  { verb: 'submit', from: ['draft'], to: 'submitted', by: ADMIN, isChecked: true },
  { verb: 'withdraw', from: ['draft', 'submitted', 'approved'], to: 'withdrawn', by: ADMIN },
  {
    ...{ verb: 'return', from: ['submitted'], to: 'draft', by: HEAD },
    needsReason: true,
  },
  {
    ...{ verb: 'approve', from: ['submitted'], to: 'approved', by: HEAD },
    ...{ signs: 'approver', isChecked: true },
  },
  {
    ...{ verb: 'send-back', from: ['approved'], to: 'draft', by: AUTHORITY },
    needsReason: true,
  },
  {
    ...{ verb: 'publish', from: ['approved'], to: 'published', by: AUTHORITY },
    ...{ signs: 'publisher', isChecked: true, takesEffect: true },
  },
]

/** The same, where opening may say since when it is due. */
export const PUBLISHING_SINCE: readonly Move[] = PUBLISHING.map((move) =>
  move.verb === 'open' ? { ...move, details: openingDetails } : move,
)

/** A new version of an item; those published before stay as they are. */
export const itemKind: Kind<Item> = {
  name: 'item',
  thing: (target) => `item/${target}`,
  schema: itemSchema,
  moves: [...PUBLISHING_SINCE, ...EXTENDING],
  place: ({ code, provider }) => ({ target: code, agency: provider }),
  current: ({ target }, { registry: { items } }) => withoutState(items.get(target)?.[0]),
  // Each publication is the next version, whatever number was asked for: none is ever edited.
  prepare: async (doc, { items }) => ({
    ...doc,
    version: (items.get(doc.code)?.[0]?.version ?? 0) + 1,
    state: 'draft',
  }),
  check: (document, about) => check({ kind: 'item', document }, about),
  bar: barItem,
  clocks: ITEM_CLOCKS,
  effect: (doc, on) => [insertion({ ...doc, state: 'published' }, on), nextVersion(on.db)],
}

/** A suspension meanwhile does not make a proposal stale. */
export function withoutState(item: Item | undefined): Omit<Item, 'state'> | undefined {
  if (!item) return undefined
  const { state: _, ...rest } = item
  return rest
}

function insertion(doc: Item, { db }: Effect) {
  const { code, version, state } = doc
  return db.insertInto('item').values({ code, version, state, doc: JSON.stringify(doc) })
}
