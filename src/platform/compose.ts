import type { Config } from '../config.ts'
import type { Connector } from '../connector/connector.ts'
import { httpConnector, type Outbound } from '../connector/http.ts'
import { snapshotConnector } from '../connector/snapshot.ts'
import type { Deps } from '../deps.ts'
import { createLimits } from '../exchange/limits.ts'
import type { WellKnown } from '../http/well-known.ts'
import type { Jws } from '../keys/jws.ts'
import { agreeOnTime } from '../log/agree.ts'
import type { Anchor } from '../log/open.ts'
import type { SignIn } from '../people/sign-in.ts'
import { type PolicyEngine, remembered } from '../policy/policy.ts'
import type { SqlBinding } from '../registry/documents.ts'
import { registryReader } from '../registry/registry.ts'
import type { Store } from '../storage/store.ts'
import { type KeyWrap, nodeCrypto } from './crypto.ts'
import { type GatewayKeys, type RingSource, secretOf } from './key-file.ts'
import { openKeyring, type SignerFor } from './keyring.ts'
import { type Measures, unmeasured } from './measures.ts'
import { openOwnLog } from './own-log.ts'

/** What differs between the places where a gateway runs. */
export type Parts = Pick<Deps, 'clock' | 'report' | 'issuer' | 'look' | 'keysAt' | 'openSheet'> & {
  readonly config: Pick<Config, 'sandbox'>
  readonly store: Store
  readonly keys: GatewayKeys
  readonly rings: RingSource
  readonly keyWrap?: KeyWrap
  readonly jws: Jws
  readonly signerFor?: SignerFor | undefined
  /** Each shard's own. */
  readonly anchor: (shard: number) => Anchor
  readonly policy: PolicyEngine
  readonly outbound: Outbound
  /** By its issuer's address where nothing is said. */
  readonly signIn?: SignIn
  /** What counts and times; absent: nothing does. */
  readonly measures?: Measures
  /** Absent where no provider's database can be reached. */
  readonly sql?: Connector<SqlBinding>
}

export type Composed = {
  readonly deps: Deps
  readonly own: WellKnown
  /** The key-encryption key that seals new records. */
  sealingKid(): string
}

/**
 * The gateway's parts, put together the same way wherever it runs.
 *
 * @throws KeyError, ContractError, DamagedLog.
 */
export async function compose(parts: Parts): Promise<Composed> {
  const {
    config,
    store,
    keys,
    issuer,
    keysAt,
    openSheet,
    clock,
    report,
    look,
    anchor,
    rings,
    signerFor,
    jws,
  } = parts
  const measures = parts.measures ?? unmeasured
  let recorded = () => 0
  const entryTime = () => Math.max(clock(), recorded())
  const keyring = await openKeyring({ rings, clock, entryTime, report, jws, signerFor }, keys)
  const secrets = {
    sealing: keyring.sealing,
    pseudonym: secretOf(keys.pseudonym),
    log: keys.log.jwk,
  }
  const crypto = nodeCrypto(secrets, parts.keyWrap)
  const { log, identity } = await openOwnLog({
    issuer,
    keys,
    store,
    crypto,
    clock,
    report,
    anchor,
  })
  recorded = () => log.head().timeAt
  const registry = await registryReader(store.quick ?? store.db, clock, () =>
    agreeOnTime(store, clock),
  )
  const policy = remembered(parts.policy, registry.version)
  const { signer } = keyring
  const { verify } = jws
  const asked = { issuer, signer, verify, crypto, clock, outbound: parts.outbound }
  const connectors = measures.connectors({
    snapshot: snapshotConnector(store),
    http: httpConnector(asked),
    ...(parts.sql ? { sql: parts.sql } : {}),
  })
  const limits = createLimits({ store, crypto })
  const signIn = parts.signIn ?? { base: issuer }
  const common = {
    issuer,
    clock,
    crypto,
    signer,
    verify,
    store,
    registry,
    policy,
    connectors,
    signIn,
    keysAt,
    openSheet,
  }
  return {
    deps: { ...common, log: measures.log(log), limits, report, look, sandbox: config.sandbox },
    own: { logIdentity: identity, published: keyring.published },
    sealingKid: () => keyring.sealing.active().kid,
  }
}
