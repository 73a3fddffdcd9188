import type { JWK } from 'jose'
import { z } from 'zod'
import { Refusal } from '../../errors.ts'
import { check } from '../../registry/checks/check.ts'
import { type System, systemSchema } from '../../registry/documents.ts'
import { nextVersion, type Registry } from '../../registry/registry.ts'
import {
  judgeNewKey,
  keyInsertion,
  type NewSystemKey,
  readSystemJwk,
  SystemKeyError,
} from '../../registry/system-keys.ts'
import type { Effect, Kind } from '../kind.ts'
import type { Move } from '../move.ts'

const KEYS_MAX = 5
const ADMIN = [{ role: 'admin', of: 'agency' }] as const
const HEAD = [{ role: 'approver', of: 'agency' }] as const

const jwk = z.looseObject({ kty: z.string() })

/** A second person of the same agency decides; nothing of a system is public before. */
const JOINING: readonly Move[] = [
  { verb: 'open', from: ['new'], to: 'draft', by: ADMIN, edits: true },
  { verb: 'edit', from: ['draft'], by: ADMIN, edits: true },
  { verb: 'submit', from: ['draft'], to: 'submitted', by: ADMIN, isChecked: true },
  { verb: 'withdraw', from: ['draft', 'submitted'], to: 'withdrawn', by: ADMIN },
  { ...{ verb: 'return', from: ['submitted'], to: 'draft', by: HEAD }, needsReason: true },
  {
    ...{ verb: 'approve', from: ['submitted'], to: 'published', by: HEAD },
    ...{ signs: 'approver', isChecked: true, takesEffect: true },
  },
]

const systemDoc = z.strictObject({ system: systemSchema, keys: z.array(jwk).max(KEYS_MAX) })
const keyDoc = z.strictObject({ system: systemSchema.shape.id, jwk })

type SystemDoc = z.infer<typeof systemDoc>
type KeyDoc = z.infer<typeof keyDoc>

/** A new system with its first keys, or a system as it shall be from now on. */
export const systemKind: Kind<SystemDoc> = {
  name: 'system',
  thing: (target) => `system/${target}`,
  schema: systemDoc,
  moves: JOINING,
  place: ({ system }) => ({ target: system.id, agency: system.agency }),
  current: ({ target }, { registry: { systems } }) => {
    const system = systems.get(target)
    return system && { system, keys: [] }
  },
  prepare: async (doc, registry) => {
    const held = registry.systems.get(doc.system.id)
    // Whose a system is does not change: its keys would sign for another agency.
    if (held && held.agency !== doc.system.agency)
      throw new Refusal('parameters', at('/system/agency'))
    const { systems, keys } = registry
    const known = { keys, systems: new Map(systems).set(doc.system.id, doc.system) }
    const fit = doc.keys.map((key, i) =>
      fitKey(known, { system: doc.system.id, key }, `/keys/${i}`),
    )
    return { ...doc, keys: await Promise.all(fit) }
  },
  check: ({ system, keys }, about) => {
    // Its keys are judged as if it stood there already.
    const systems = new Map(about.registry.systems).set(system.id, system)
    const joined = { ...about, registry: { ...about.registry, systems } }
    return [
      ...check({ kind: 'system', document: system }, about),
      ...keys.flatMap((jwk) =>
        check({ kind: 'key', document: { system: system.id, jwk } }, joined),
      ),
    ]
  },
  effect: ({ system, keys }, on) => [
    upsertion(system, on),
    ...keys.map((key) => insertion(system.id, key, on)),
    nextVersion(on.db),
  ],
}

/** One more key of a system that is there. */
export const keyKind: Kind<KeyDoc> = {
  name: 'key',
  thing: (target) => `system/${target}`,
  schema: keyDoc,
  moves: JOINING,
  place: ({ system }, { systems }) => ({
    target: system,
    agency: systems.get(system)?.agency ?? '',
  }),
  // A key is added; nothing is replaced.
  current: () => undefined,
  prepare: async (doc, registry) => ({
    ...doc,
    jwk: await fitKey(registry, { system: doc.system, key: doc.jwk }, '/jwk'),
  }),
  check: (document, about) => check({ kind: 'key', document }, about),
  effect: (doc, on) => [insertion(doc.system, doc.jwk, on), nextVersion(on.db)],
}

const at = (pointer: string) => ({ pointers: [pointer] })

/** The public half, with kid and alg, that no other system has. @throws Refusal `parameters`. */
async function fitKey(
  known: Pick<Registry, 'systems' | 'keys'>,
  { system, key }: { readonly system: string; readonly key: unknown },
  pointer: string,
): Promise<z.infer<typeof jwk>> {
  try {
    const fit = await readSystemJwk(key)
    await judgeNewKey(known, { system, jwk: fit, validFrom: 0 }, 0)
    return fit as z.infer<typeof jwk>
  } catch (error) {
    if (error instanceof SystemKeyError) throw new Refusal('parameters', at(pointer))
    throw error
  }
}

function upsertion(system: System, { db }: Effect) {
  const doc = JSON.stringify(system)
  return db
    .insertInto('system')
    .values({ id: system.id, doc })
    .onConflict((on) => on.column('id').doUpdateSet({ doc }))
}

/** Valid from the act on. Approved twice it is one key. */
function insertion(system: string, key: JWK, { db, timeAt }: Effect) {
  const added = { system, jwk: key as NewSystemKey['jwk'], validFrom: timeAt }
  return keyInsertion(db, added).onConflict((on) => on.doNothing())
}
