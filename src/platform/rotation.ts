import type { Deps } from '../deps.ts'
import { generateSigningKey } from '../keys/generate.ts'
import {
  destroyKey,
  find,
  HANDOVER_MILLIS,
  publishKey,
  type Ring,
  RingError,
  type RingKey,
  replace,
  retireKey,
  revokeKey,
  withoutSecret,
} from '../keys/ring.ts'
import { recordChange } from '../log/change.ts'
import { KeyError, type RingName, secretKey } from './key-file.ts'
import { keysFolder, loadGatewayKeys, writeRing } from './keys.ts'
import { holdKeys } from './lock.ts'

type Needs = Pick<Deps, 'log' | 'crypto' | 'clock' | 'store'>

/** A key as it stands after a step, and the entry that says so. */
export type Rotated = { readonly key: RingKey; readonly ring: Ring; readonly entry: number }

type Step = 'publish' | 'retire' | 'revoke' | 'destroy'

type Change = {
  readonly name: RingName
  readonly step: Step
  change(ring: Ring, now: number): Promise<{ ring: Ring; kid: string }>
}

/** A new answer key, in the JWKS at once, signing `leadMillis` from now. @throws RingError, KeyError. */
export async function rotateAnswerKey(
  deps: Needs,
  dataDir: string,
  leadMillis: number,
): Promise<Rotated> {
  const jwk = (await generateSigningKey('ES256')) as RingKey['jwk']
  return changeRing(deps, dataDir, {
    name: 'answer',
    step: 'publish',
    change: async (ring, now) => ({
      ring: publishKey(ring, jwk, { validFrom: now + leadMillis, now }),
      kid: jwk.kid,
    }),
  })
}

/** The next step in an answer key's life; see keys/ring.ts for what each refuses. @throws RingError. */
export function endAnswerKey(
  deps: Needs,
  dataDir: string,
  { kid, step, at }: { kid: string; step: Exclude<Step, 'publish'>; at?: number | undefined },
): Promise<Rotated> {
  const next = { retire: retireKey, revoke: revokeKey, destroy: destroyKey }[step]
  return changeRing(deps, dataDir, {
    name: 'answer',
    step,
    change: async (ring, now) => ({ ring: next(ring, kid, { now, at }), kid }),
  })
}

/** A new key-encryption key for every record from now on. Older ones go on opening theirs. */
export function rotateSealingKey(deps: Needs, dataDir: string): Promise<Rotated> {
  return changeRing(deps, dataDir, {
    name: 'sealing',
    step: 'publish',
    change: async (ring, now) => {
      const jwk = secretKey(`sealing-${ring.length + 1}`)
      return { ring: publishKey(ring, jwk, { validFrom: now, now }), kid: jwk.kid }
    },
  })
}

/**
 * Destroys a key-encryption key that wraps nothing any more.
 *
 * @throws RingError `unknown`; `already`; `in-use` for the newest, while a record still needs it, or
 *   while a serving gateway may not yet have seen its successor.
 */
export function destroySealingKey(deps: Needs, dataDir: string, kid: string): Promise<Rotated> {
  return changeRing(deps, dataDir, {
    name: 'sealing',
    step: 'destroy',
    change: async (ring, now) => {
      const key = find(ring, kid)
      if (key.destroyedAt !== undefined) throw new RingError('already', `${kid} is destroyed`)
      const newest = ring.at(-1)
      if (!newest || newest.jwk.kid === kid)
        throw new RingError('in-use', `${kid} seals new records: rotate-sealing first`)
      if (now < Date.parse(newest.validFrom) + HANDOVER_MILLIS)
        throw new RingError('in-use', `${kid} was in use a moment ago: wait a minute`)
      if (await isUsed(deps, kid))
        throw new RingError('in-use', `records are still sealed under ${kid}: rewrap first`)
      return { ring: replace(ring, withoutSecret(key, now)), kid }
    },
  })
}

/** Reads through all the evidence where nothing is found: no index, which every record would pay for. */
async function isUsed({ store }: Needs, kid: string): Promise<boolean> {
  const row = await store.db
    .selectFrom('evidence')
    .select('idx')
    .where('kek', '=', kid)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/**
 * One step: judge, record, then write the ring whole. A crash before the write leaves an entry about a
 * step that did not happen; take the step again.
 */
async function changeRing(
  { log, crypto, clock }: Needs,
  dataDir: string,
  { name, step, change }: Change,
): Promise<Rotated> {
  const held = await holdKeys(dataDir)
  try {
    const folder = keysFolder(dataDir)
    const keys = await loadGatewayKeys(folder)
    if (!keys) throw new KeyError(`there are no keys in ${folder}`)
    const { ring, kid } = await change(keys[name], clock())
    const key = find(ring, kid)
    const hash = crypto.digest(JSON.stringify(withoutSecretMembers(key)))
    const id = `${name}/${kid}/${step}`
    const entry = await recordChange(log, { what: 'key', id, hash })
    await writeRing(folder, name, ring)
    return { key, ring, entry }
  } finally {
    held.release()
  }
}

/** What the entry's hash covers: all but the private half. */
function withoutSecretMembers({ jwk, ...rest }: RingKey) {
  const { d: _, k: __, ...shown } = jwk
  return { jwk: shown, ...rest }
}
