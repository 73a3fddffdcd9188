import type { Connectors } from './connector/connector.ts'
import type { SyncCrypto } from './crypto.ts'
import type { Limits } from './exchange/limits.ts'
import type { Jws } from './keys/jws.ts'
import type { Signer } from './keys/signer.ts'
import type { Log } from './log/append.ts'
import type { Look } from './look.ts'
import type { SignIn } from './people/sign-in.ts'
import type { PolicyEngine } from './policy/policy.ts'
import type { RegistryReader } from './registry/registry.ts'
import type { Opened } from './registry/sheet/opened.ts'
import type { Store } from './storage/store.ts'

/** Everything a step of the path may touch. Built once, in platform/. */
export type Deps = {
  readonly issuer: string
  /** Epoch milliseconds. */
  readonly clock: () => number
  readonly crypto: SyncCrypto
  readonly signer: Signer
  /** Whether a registered key signed a message. */
  readonly verify: Jws['verify']
  readonly store: Store
  readonly log: Log
  readonly registry: RegistryReader
  readonly policy: PolicyEngine
  readonly connectors: Connectors
  readonly limits: Limits
  /** How people sign in. */
  readonly signIn: SignIn
  /**
   * The text at an https address that somebody names: 64 KiB in 5 seconds, no redirects, no private network
   * but those in which the operator lets providers be asked. Rejects otherwise.
   */
  readonly keysAt: (url: string) => Promise<string>
  /** An uploaded CSV or XLSX file's headings and rows, or why it cannot be read. */
  readonly openSheet: (bytes: Uint8Array) => Promise<Opened>
  /** Whether newcomers may register sandbox systems of their own; never in production. */
  readonly sandbox: boolean
  /** What the pages look like, and the files that browsers load. */
  readonly look: Look
  /** The operator's own log line: an event and fields without personal data. */
  readonly report: (event: string, fields?: Readonly<Record<string, string | number>>) => void
}
