import type { System } from './documents.ts'
import type { Registry } from './registry.ts'

/** The invented agency on whose behalf sandbox systems ask; it has an agreement for ECHO-00 alone. */
export const SANDBOX_AGENCY = '12990100MB99019993'

/** More than a class of newcomers, few enough to be read through and kept in memory. */
export const SANDBOX_SYSTEMS_MAX = 1000

const ID_HEX_LENGTH = 16

export type SandboxNames = System['names']

/**
 * The system that a newcomer's key gets: named by the key itself, so that registering again finds it.
 *
 * @param digest SHA-256 of the key's RFC 7638 thumbprint
 */
export function sandboxSystem(digest: Uint8Array, names: SandboxNames): System {
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return {
    id: `sandbox-${hex.slice(0, ID_HEX_LENGTH)}`,
    agency: SANDBOX_AGENCY,
    names,
    actsFor: [SANDBOX_AGENCY],
    roles: ['caller', 'sandbox'],
    status: 'active',
    rate: { perSecond: 2, burst: 20 },
  }
}

/** Whether this registry has what a sandbox needs: the demo seed brings it. */
export function hasSandbox({ agencies, agreements }: Registry): boolean {
  const granted = agreements.get('ECHO-00') ?? []
  return (
    agencies.get(SANDBOX_AGENCY)?.status === 'active' &&
    granted.some(({ requesters }) => requesters.includes(SANDBOX_AGENCY))
  )
}

/** Whether another one may register. None is ever removed: its evidence must stay verifiable. */
export function isSandboxFull({ systems }: Registry): boolean {
  const own = [...systems.values()].filter(({ roles }) => roles.includes('sandbox'))
  return own.length >= SANDBOX_SYSTEMS_MAX
}
