import { appender, type Log, type LogDeps } from '../log/append.ts'
import { formatVkey, noteKeyId } from '../log/note.ts'
import { type Anchor, type LogIdentity, openLog } from '../log/open.ts'
import { shardName } from '../log/shard.ts'
import { nodeSha256 } from './crypto.ts'
import type { GatewayKeys } from './key-file.ts'

type OwnLog = Pick<LogDeps, 'store' | 'crypto' | 'clock' | 'report'> & {
  readonly issuer: string
  readonly keys: Pick<GatewayKeys, 'log'>
  readonly anchor: Anchor
}

/** Checks the stored log and opens it for appending. @throws DamagedLog. */
export async function openOwnLog({
  issuer,
  keys,
  anchor,
  ...deps
}: OwnLog): Promise<{ log: Log; identity: LogIdentity }> {
  const { shard } = await deps.store.readHead()
  const { keyId, ...identity } = logIdentityOf(issuer, keys, shard)
  const noteSigner = {
    name: identity.origin,
    keyId,
    sign: (bytes: Uint8Array) => deps.crypto.logSign(bytes),
  }
  const opened = await openLog({ ...deps, identity, anchor })
  return { log: appender({ ...deps, identity, noteSigner, anchor }, opened), identity }
}

/** Whose log it is: named by the issuer's host and path and the shard, for life, and by the log's key. */
export function logIdentityOf(issuer: string, { log }: Pick<GatewayKeys, 'log'>, shard: number) {
  const { host, pathname } = new URL(issuer)
  const origin = `${host}${pathname === '/' ? '' : pathname}/${shardName(shard)}`
  const publicKey = new Uint8Array(Buffer.from(String(log.jwk.x), 'base64url'))
  const keyId = noteKeyId(nodeSha256, origin, publicKey)
  return { origin, vkey: formatVkey({ name: origin, keyId, publicKey }), keyId }
}
