import type { Kysely } from 'kysely'
import type { SyncCrypto } from '../crypto.ts'
import type { Log } from '../log/append.ts'
import { recordChange } from '../log/change.ts'
import type { Tables } from '../storage/tables.ts'
import { applyDocuments } from './apply.ts'
import type { System } from './documents.ts'
import type { RegistryReader } from './registry.ts'
import { isSandboxFull } from './sandbox.ts'
import type { NewSystemKey } from './system-keys.ts'

/** `entry`: where the registration was recorded; none where the system was there before. */
export type Enrolled = { readonly system: System; readonly entry?: number }

export type Enrol = (system: System, key: NewSystemKey) => Promise<Enrolled | 'full'>

type Needs = {
  readonly db: Kysely<Tables>
  readonly log: Pick<Log, 'append'>
  readonly registry: Pick<RegistryReader, 'view' | 'refresh'>
  readonly crypto: Pick<SyncCrypto, 'digest'>
}

/**
 * Registers sandbox systems, one after the other, so that their number is counted truthfully. Each is
 * recorded in the log before it takes effect. The same key again is the same system, unchanged.
 *
 * @throws LogUnavailable: then nothing was registered.
 */
export function enroller({ db, log, registry, crypto }: Needs): Enrol {
  let last: Promise<unknown> = Promise.resolve()

  async function enrol(system: System, key: NewSystemKey): Promise<Enrolled | 'full'> {
    const view = await registry.view()
    const known = view.systems.get(system.id)
    if (known) return { system: known }
    if (isSandboxFull(view)) return 'full'
    const hash = crypto.digest(JSON.stringify({ system, jwk: key.jwk }))
    const entry = await recordChange(log, { what: 'sandbox-system', id: system.id, hash })
    await applyDocuments(db, { systems: [system] }, [key])
    await registry.refresh()
    return { system, entry }
  }

  return (system, key) => {
    const done = last.then(() => enrol(system, key))
    last = done.catch(() => undefined)
    return done
  }
}
