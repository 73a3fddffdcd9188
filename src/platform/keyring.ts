import { setTimeout as after } from 'node:timers/promises'
import { importJWK } from 'jose'
import type { Deps } from '../deps.ts'
import type { Jws } from '../keys/jws.ts'
import { activeKey, nextChange, type Ring, type RingKey } from '../keys/ring.ts'
import {
  type Algorithm,
  type PublishedKey,
  publicJwk,
  type Signer,
  SignerUnavailable,
} from '../keys/signer.ts'
import type { SealingKeys } from './crypto.ts'
import { type GatewayKeys, KeyError, type RingSource, readRing, secretOf } from './key-file.ts'

/** A change that a command makes is in effect within this time. */
const RECHECK_MILLIS = 500
const DEVICE_MILLIS = 3000

/** Makes the signer of one key: from its file, or by a device that holds the private half. */
export type SignerFor = (key: RingKey) => Promise<Signer>

export type Keyring = {
  /** Signs with whichever key is active when it is called. */
  readonly signer: Signer
  /** Every key that may sign now or ever did, newest first. */
  published(): Promise<readonly PublishedKey[]>
  readonly sealing: SealingKeys
}

type Needs = Pick<Deps, 'clock' | 'report'> & {
  readonly rings: RingSource
  /** What time an entry would get now: never before the last one, whatever happens to the clock. */
  readonly entryTime: () => number
  readonly jws: Jws
  readonly signerFor: SignerFor | undefined
}

/** What was read of both rings at one moment: a key that signs is among those published with it. */
type Held = {
  readonly texts: string
  readonly answer: Ring
  readonly signers: ReadonlyMap<string, Signer>
  readonly published: readonly PublishedKey[]
  readonly sealing: Sealing
}

type Sealing = {
  readonly active: { readonly kid: string; readonly key: Uint8Array }
  readonly keys: ReadonlyMap<string, Uint8Array>
}

/**
 * The keys of a running gateway. Files are looked at again at most twice a second, before a signature;
 * a file that cannot be read stops signing (503), since it could hold a revocation. Sealing follows a
 * signature on the path, so it never uses a key-encryption key that was left more than a moment ago.
 */
export async function openKeyring(needs: Needs, keys: GatewayKeys): Promise<Keyring> {
  const { clock, entryTime, report, rings: source } = needs
  let held = await hold(needs, { texts: '', ...keys })
  let checkedAt = clock()
  let loading: Promise<void> | undefined
  let isBroken = false

  async function reread(): Promise<void> {
    checkedAt = clock()
    try {
      const answer = await source.text('answer')
      const sealing = await source.text('sealing')
      const texts = `${answer}\n${sealing}`
      if (texts !== held.texts) {
        const rings = {
          answer: readRing(answer, source.nameOf('answer')),
          sealing: readRing(sealing, source.nameOf('sealing')),
        }
        held = await hold(needs, { texts, ...rings }, held)
      }
      isBroken = false
    } catch (error) {
      if (!isBroken) report('keys-unreadable', { error: nameOf(error) })
      isBroken = true
    }
  }

  async function current(): Promise<Held> {
    if (Math.abs(clock() - checkedAt) >= RECHECK_MILLIS)
      loading ??= reread().finally(() => {
        loading = undefined
      })
    if (loading) await loading
    return held
  }

  /** Chosen anew only when time or the files may have changed it: a ring grows with the years. */
  let chosen: { held: Held; from: number; until: number; key: RingKey | undefined } | undefined
  function chosenKey(): RingKey | undefined {
    const now = entryTime()
    if (chosen?.held !== held || now < chosen.from || now >= chosen.until) {
      const until = nextChange(held.answer, now)
      chosen = { held, from: now, until, key: activeKey(held.answer, now) }
    }
    return chosen.key
  }

  async function active(): Promise<Signer> {
    await current()
    if (isBroken) throw new SignerUnavailable('the key files cannot be read')
    const key = chosenKey()
    const signer = key && held.signers.get(key.jwk.kid)
    if (!signer) throw new SignerUnavailable('no key may sign')
    return signer
  }

  return {
    signer: {
      get algorithm() {
        return (chosenKey()?.jwk.alg ?? 'ES256') as Algorithm
      },
      get kid() {
        return chosenKey()?.jwk.kid ?? ''
      },
      sign: async (typ, payload) => (await active()).sign(typ, payload),
      ready: async () => {
        const signer = await active().catch(() => undefined)
        return signer !== undefined && (await signer.ready?.()) !== false
      },
    },
    published: async () => (await current()).published,
    sealing: {
      active: () => held.sealing.active,
      find: (kid) => {
        const known = held.sealing.keys.get(kid)
        if (known) return known
        const ring = readRing(source.textNow('sealing'), source.nameOf('sealing'))
        held = { ...held, texts: '', sealing: sealingOf(ring) }
        return held.sealing.keys.get(kid)
      },
    },
  }
}

async function hold(
  { signerFor, jws }: Needs,
  { texts, answer, sealing }: { texts: string; answer: Ring; sealing: Ring },
  before?: Held,
): Promise<Held> {
  const signers = new Map<string, Signer>()
  for (const key of answer) {
    if (key.destroyedAt !== undefined || key.revokedAt !== undefined) continue
    const { kid } = key.jwk
    signers.set(kid, before?.signers.get(kid) ?? (await signerOf(key, jws, signerFor)))
  }
  const published = (await Promise.all(answer.map(publishedKey))).reverse()
  return { texts, answer, signers, published, sealing: sealingOf(sealing) }
}

async function signerOf(key: RingKey, jws: Jws, signerFor: SignerFor | undefined): Promise<Signer> {
  if (signerFor) return supervised(await signerFor(key), key, jws)
  if (key.jwk.d === undefined) throw new KeyError(`the key ${key.jwk.kid} has no private half`)
  return jws.signer(key.jwk)
}

/**
 * A device is a stranger: late is refused, so that it cannot hold requests, and so is a signature that its
 * published key does not verify, which would be recorded as evidence that proves nothing.
 */
async function supervised(signer: Signer, { jwk }: RingKey, jws: Jws): Promise<Signer> {
  const alg = jwk.alg as Algorithm
  const verifier = (await importJWK(await publicJwk(jwk), alg)) as CryptoKey
  return {
    ...signer,
    sign: async (typ, payload) => {
      const signed = await beforeDeadline(signer.sign(typ, payload))
      if (!(await jws.verify(signed, { alg, verifier })))
        throw new SignerUnavailable('the device signed with another key')
      return signed
    },
  }
}

async function beforeDeadline(signing: Promise<string>): Promise<string> {
  const done = new AbortController()
  const late = after(DEVICE_MILLIS, undefined, { signal: done.signal }).then(() => {
    throw new SignerUnavailable(`the device did not sign within ${DEVICE_MILLIS} ms`)
  })
  try {
    return await Promise.race([signing, late])
  } finally {
    done.abort()
    late.catch(() => {})
  }
}

async function publishedKey(key: RingKey): Promise<PublishedKey> {
  const { jwk, validFrom, validTo, revokedAt } = key
  const ends = { ...(validTo ? { validTo } : {}), ...(revokedAt ? { revokedAt } : {}) }
  return { kid: jwk.kid, alg: jwk.alg as Algorithm, jwk: await publicJwk(jwk), validFrom, ...ends }
}

/** @throws KeyError when none is left. */
function sealingOf(ring: Ring): Sealing {
  const alive = ring.filter((key) => key.destroyedAt === undefined)
  const keys = new Map(alive.map((key) => [key.jwk.kid, secretOf(key)]))
  const kid = alive.at(-1)?.jwk.kid ?? ''
  const key = keys.get(kid)
  if (!key) throw new KeyError('there is no sealing key left')
  return { active: { kid, key }, keys }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}
