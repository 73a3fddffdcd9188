import type { Command } from 'commander'
import { jwkSigner, type Signer } from '../keys/signer.ts'
import { nodeSha256 } from '../platform/crypto.ts'
import { readIfPresent } from '../platform/files.ts'
import { Failure } from './failure.ts'
import { readMetadata, refusedBy, send } from './remote.ts'

const LIFE_SECONDS = 60
/** A large register is read, judged and stored before it is answered. */
const UPLOAD_MILLIS = 10 * 60_000

export type ToOption = { readonly to?: string; readonly operatorKey?: string }

export function withUpload(made: Command): Command {
  return made
    .option('--to <url>', '上传到这个网关，而不写本机 · upload to this gateway instead')
    .option('--operator-key <file>', '运行方私钥（JWK） · private JWK of the operator')
}

/** A gateway that is reached over HTTP alone, and the key of whoever runs it. */
export type Uploader = {
  readonly gateway: string
  readonly issuer: string
  readonly signer: Signer
}

/** @throws Failure when a part of it is missing or nothing answers there. */
export async function uploaderOf({ to = '', operatorKey }: ToOption): Promise<Uploader> {
  if (operatorKey === undefined)
    throw new Failure(
      2,
      '--to 须与 --operator-key 同用。公钥在网关的 OPERATOR_KEY 里。',
      '--to needs --operator-key; its public half is the OPERATOR_KEY of the gateway.',
    )
  const text = await readIfPresent(operatorKey)
  const { issuer } = await readMetadata(to)
  return { gateway: to, issuer, signer: await signerFrom(operatorKey, text) }
}

async function signerFrom(path: string, text = ''): Promise<Signer> {
  try {
    return await jwkSigner(JSON.parse(text))
  } catch {
    throw new Failure(
      2,
      `${path} 不是私钥文件。可用 mianzheng keygen 生成。`,
      `${path} is not a private JWK. Make one with "mianzheng keygen".`,
    )
  }
}

export type Upload = {
  readonly path: string
  readonly type: 'application/json' | 'text/csv'
  readonly body: Uint8Array<ArrayBuffer>
  /** Of a register, in epoch milliseconds. */
  readonly asOf?: number | undefined
}

/** Signs for exactly these bytes and sends them. @throws Failure with what the gateway says. */
export async function upload(
  { gateway, issuer, signer }: Uploader,
  { path, type, body, asOf }: Upload,
): Promise<Record<string, unknown>> {
  const iat = Math.floor(Date.now() / 1000)
  const claims = {
    iss: 'operator',
    aud: issuer,
    htm: 'PUT',
    htu: `${issuer}${path}`,
    iat,
    exp: iat + LIFE_SECONDS,
    jti: crypto.randomUUID(),
    bodyHash: Buffer.from(nodeSha256(body)).toString('base64url'),
    ...(asOf === undefined ? {} : { asOf: new Date(asOf).toISOString() }),
  }
  const payload = new TextEncoder().encode(JSON.stringify(claims))
  const proof = await signer.sign('operator-proof+jwt', payload)
  const headers = { Authorization: `Bearer ${proof}`, 'Content-Type': type }
  const sent = { method: 'PUT', headers, body, timeoutMillis: UPLOAD_MILLIS }
  const response = await send(gateway, path, sent)
  if (!response.ok) throw await refusedBy(gateway, response)
  return (await response.json()) as Record<string, unknown>
}
