import type { Generated } from 'kysely'

/** Row types, the same on every engine. Columns named *_at are epoch milliseconds, *_on ISO dates. */
export type Tables = {
  meta: { key: string; value: string }
  head: HeadTable
  entry: EntryTable
  tile: TileTable
  evidence: EvidenceTable
  retry: { key: bigint; idx: number }
  /** Open intents only: each is deleted by the entry that ends it. */
  intent: {
    idx: number
    key: bigint
    lease_until: number
    counter: string | null
    day: string | null
  }
  counter: { key: string; day: string; used: number }
  probe: { key: bigint; day: string; seen: string }
  /** Rates that nodes share; `granted` is what the last question got. */
  bucket: { name: string; tokens: number; at: number; granted: number }
  proof: { key: Uint8Array; expires_at: number }
  agency: { uscc: string; doc: string }
  system: { id: string; doc: string }
  system_key: SystemKeyTable
  item: { code: string; version: number; state: string; doc: string }
  contract: { code: string; doc: string }
  agreement: { id: string; item: string; doc: string }
  service: { code: string; state: string; doc: string }
  blacklist: { id: string; doc: string }
  pledge: { agency: string; doc: string }
  calendar: { year: number; doc: string }
  register: RegisterTable
  snapshot: SnapshotTable
  /** How often a thing that people change was changed: what their acts are decided on. */
  revision: { thing: string; n: number }
  proposal: ProposalTable
  act: ActTable
  snapshot_row: { snapshot: number; key: string; line: number; doc: string }
  person: PersonTable
  person_role: { person: string; side: string; role: string; agency: string }
  session: SessionTable
  passkey: PasskeyTable
  sign_in: SignInTable
}

/** Who may sign in. `salt` hides the name in hashes that stand in the log. */
export type PersonTable = {
  id: string
  /** The identity provider that knows him, and what it calls him. */
  issuer: string
  subject: string
  name: string
  salt: string
  side: string
  status: string
  created_at: number
}

/** `key` is the SHA-256 of what the browser holds: who reads this table signs in as nobody. */
export type SessionTable = {
  key: Uint8Array
  person: string
  kind: string
  how: string
  created_at: number
  seen_at: number
  expires_at: number
  stepped_up_at: number | null
  agent: string
}

export type PasskeyTable = {
  /** The credential's id, base64url. */
  id: string
  person: string
  /** COSE. */
  public_key: Uint8Array
  counter: number
  /** JSON. */
  transports: string
  device_type: string
  backed_up: number
  name: string
  created_at: number
  used_at: number | null
}

/** A sign-in under way: minutes, and once. `state` and `browser` are SHA-256, `address` of a caller's. */
export type SignInTable = {
  state: Uint8Array
  kind: string
  browser: Uint8Array
  nonce: string | null
  verifier: string | null
  /** Of a step-up or a registration: whose it must be. */
  person: string | null
  return_to: string
  step_up: number
  address: string
  used: number
  began_at: number
  expires_at: number
}

/** A change of the registry on its way; `proposer` never equals `approver` or `publisher`. */
export type ProposalTable = {
  id: string
  kind: string
  /** What it changes: an item's code, an agreement's id. */
  target: string
  /** Whose change it is, and the other side where there is one. */
  agency: string
  party: string | null
  state: string
  /** Canonical JSON of what is proposed. */
  doc: string
  /** SHA-256 of the document that it would replace; null where there is none yet. */
  base: string | null
  proposer: string
  approver: string | null
  publisher: string | null
  /** JSON: reasons, answers, clocks. */
  more: string
  opened_at: number
  changed_at: number
}

/** What was done, beside its entry in the log: with the words that must not stand there. */
export type ActTable = {
  entry: number
  thing: string
  what: string
  person: string
  at: number
  /** JSON. */
  note: string
}

/**
 * One row: what the log last signed. The compare-and-swap of an append is on `size`, the leaves of the
 * shard's own tree; `base` is the number of the shard's first entry.
 */
export type HeadTable = {
  id: number
  size: number
  checkpoint: string
  time_at: number
  shard: Generated<number>
  base: Generated<number>
}

/**
 * The log itself, all shards: `idx` is the record's number, `leaf` the canonical JSON, `hash` its RFC 6962
 * leaf hash. Never updated.
 */
export type EntryTable = { idx: number; leaf: string; hash: Uint8Array }

/**
 * Of the current shard full tiles only, since partial ones are cut from the right edge; of a closed one
 * also the last, partial ones. `root` is a full tile's subtree hash, and empty for a partial one.
 */
export type TileTable = {
  shard: number
  level: number
  n: number
  hashes: Uint8Array
  root: Uint8Array
}

/**
 * What may be erased: the sealed request and answer with their wrapped data key, and the salted
 * pseudonyms that auditors search by. Erasure sets every column but `idx` and `erased_at` to null.
 */
export type EvidenceTable = {
  idx: number
  sealed: Uint8Array | null
  data_key: Uint8Array | null
  kek: string | null
  salt: string | null
  subject: string | null
  case_no: string | null
  official: string | null
  erased_at: number | null
}

export type SystemKeyTable = {
  system: string
  kid: string
  alg: string
  jwk: string
  valid_from: number
  valid_to: number | null
  revoked_at: number | null
}

export type RegisterTable = {
  id: string
  doc: string
  /** The snapshot that answers now; switched in one statement when an import is complete. */
  snapshot: number | null
}

export type SnapshotTable = {
  id: Generated<number>
  register: string
  as_of: number
  version: string
  rows: number
  complete: number
}
