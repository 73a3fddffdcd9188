import { z } from 'zod'
import { Refusal } from '../../errors.ts'
import { type Item, itemSchema } from '../../registry/documents.ts'
import { nextVersion, type Registry } from '../../registry/registry.ts'
import type { Effect, Kind } from '../kind.ts'
import type { Move } from '../move.ts'
import { PUBLISHING, withoutState } from './item.ts'
import { publishingClocks } from './publishing-clocks.ts'

const HEADS = [
  { role: 'approver', of: 'agency' },
  { role: 'authority', of: 'authority' },
] as const

const schema = z.strictObject({
  code: itemSchema.shape.code,
  version: itemSchema.shape.version,
  reason: z.string().trim().min(1).max(2000),
})

type ItemState = z.infer<typeof schema>

/** One head alone stops an item at once; to let it run again takes another person (条例 art. 25, 27). */
const SUSPENDING: readonly Move[] = [
  {
    ...{ verb: 'suspend', from: ['new'], to: 'in-force', by: HEADS },
    ...{ edits: true, stepUp: true, takesEffect: true },
  },
  {
    ...{ verb: 'lift', from: ['in-force'], to: 'lifted', by: HEADS },
    ...{ signs: 'approver', needsReason: true, takesEffect: true },
  },
]

export const suspensionKind: Kind<ItemState> = {
  name: 'suspension',
  thing: (target) => `item/${target}`,
  schema,
  moves: SUSPENDING,
  place,
  // Nothing is replaced: who lifts it finds the item as whoever suspended it left it.
  current: () => undefined,
  prepare: mustBe('published'),
  check: () => [],
  effect: (doc, on) => stateChange(doc, on, on.move.verb === 'suspend' ? 'suspended' : 'published'),
}

/** An item is never deleted: it is retired, and what was answered by it stays provable. */
export const retirementKind: Kind<ItemState> = {
  name: 'retirement',
  thing: (target) => `item/${target}`,
  schema,
  moves: PUBLISHING,
  place,
  current: ({ target }, { registry: { items } }) => withoutState(items.get(target)?.[0]),
  prepare: mustBe('published', 'suspended'),
  check: () => [],
  clocks: publishingClocks('retirement'),
  effect: (doc, on) => stateChange(doc, on, 'retired'),
}

function place({ code, version }: ItemState, registry: Registry) {
  return { target: code, agency: versionOf(registry, code, version)?.provider ?? '' }
}

function mustBe(...states: readonly Item['state'][]) {
  return async (doc: ItemState, registry: Registry): Promise<ItemState> => {
    const item = versionOf(registry, doc.code, doc.version)
    if (!item) throw new Refusal('unknown-item')
    if (!states.includes(item.state)) throw new Refusal('wrong-state')
    return doc
  }
}

function versionOf({ items }: Registry, code: string, version: number): Item | undefined {
  return items.get(code)?.find((item) => item.version === version)
}

/**
 * With a version stop those before it: whoever asks for the item by its code, or for an older version by
 * number, would else be answered by what was meant to stop. Only the named one runs again after that.
 */
function stateChange({ code, version }: ItemState, { db, registry }: Effect, state: Item['state']) {
  const runs: readonly Item['state'][] =
    state === 'retired' ? ['published', 'suspended'] : ['published']
  const changed = (registry.items.get(code) ?? []).filter((item) =>
    state === 'published'
      ? item.version === version
      : item.version === version || (item.version < version && runs.includes(item.state)),
  )
  const changes = changed.map((item) =>
    db
      .updateTable('item')
      .set({ state, doc: JSON.stringify({ ...item, state }) })
      .where('code', '=', code)
      .where('version', '=', item.version),
  )
  return [...changes, nextVersion(db)]
}
