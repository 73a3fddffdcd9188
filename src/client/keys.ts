import type { Trust, TrustedKey } from '../log/trust.ts'
import { NoAnswer, Unverified } from './faults.ts'
import type { Reply } from './wire.ts'

/** The keys that answers are checked with, and where they came from. */
export type Keys = {
  readonly from: 'pinned' | 'first-use'
  trust(): Promise<Trust>
  /** Reads again, for a key that was published since. Pinned keys change only by hand. */
  renewed(): Promise<Trust | undefined>
}

export function pinnedKeys(trust: Trust): Keys {
  return { from: 'pinned', trust: async () => trust, renewed: async () => undefined }
}

/**
 * Keys from the gateway's own well-known documents: whoever can pose as the gateway at the first use
 * can pose as it for good. So never over plain HTTP to another machine; and what was seen once (issuer,
 * log, a key under its kid) may never read otherwise later.
 *
 * @throws TypeError for plain HTTP to another machine
 */
export function firstUseKeys(gateway: string, get: (path: string) => Promise<Reply>): Keys {
  const { protocol, hostname } = new URL(gateway)
  const isLocal = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
  if (protocol !== 'https:' && !isLocal)
    throw new TypeError('without trust, keys are fetched only over https: pin them with trust')
  let held: Promise<Trust> | undefined
  const fetched = async () => {
    const [metadata, jwks] = await Promise.all([
      get('/.well-known/mianzheng'),
      get('/.well-known/jwks.json'),
    ])
    if (metadata.status !== 200 || jwks.status !== 200)
      throw new NoAnswer('no keys are published there')
    return readTrust(metadata.body, jwks.body)
  }
  const hold = (next: Promise<Trust>) => {
    const before = held
    held = next
    next.catch(() => {
      if (held === next) held = before
    })
    return next
  }
  return {
    from: 'first-use',
    trust: () => held ?? hold(fetched()),
    renewed: async () => {
      const old = await held
      const next = await fetched()
      if (old) assertContinues(old, next)
      return hold(Promise.resolve(next))
    },
  }
}

/** A log may have got a next shard; it is still among them. @throws Unverified when what was seen once reads otherwise now. */
function assertContinues(old: Trust, next: Trust): void {
  const isSame =
    old.issuer === next.issuer &&
    old.log.every((one) =>
      next.log.some((other) => other.origin === one.origin && other.vkey === one.vkey),
    ) &&
    old.gateway.every((one) =>
      next.gateway.some((other) => other.kid === one.kid && isSameKey(one, other)),
    )
  if (!isSame) throw new Unverified('the gateway now shows other keys than at the first use')
}

function isSameKey(one: TrustedKey, other: TrustedKey): boolean {
  return one.alg === other.alg && one.jwk.x === other.jwk.x && one.jwk.y === other.jwk.y
}

function readTrust(
  metadata: Readonly<Record<string, unknown>>,
  { keys }: Readonly<Record<string, unknown>>,
): Trust {
  const { issuer } = metadata
  const past = Array.isArray(metadata.pastLogs) ? metadata.pastLogs : []
  const log = [metadata.log, ...past].map((one) => {
    const { origin, vkey } = Object(one)
    return { origin, vkey }
  })
  const names = [issuer, ...log.flatMap(({ origin, vkey }) => [origin, vkey])]
  if (!names.every((one) => typeof one === 'string') || !Array.isArray(keys))
    throw new NoAnswer('what is published there is not of a gateway')
  const gateway = keys.map((jwk) => ({ ...Object(jwk), jwk: Object(jwk) }) as TrustedKey)
  return { issuer: issuer as string, gateway, log, callers: {}, providers: {} }
}
