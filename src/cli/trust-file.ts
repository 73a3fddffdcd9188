import { calculateJwkThumbprint, type JWK } from 'jose'
import { z } from 'zod'
import type { Trust } from '../log/trust.ts'
import { readIfPresent } from '../platform/files.ts'
import { Failure } from './failure.ts'
import { getJson, readMetadata } from './remote.ts'

const jwk = z.object({
  kty: z.string(),
  crv: z.string(),
  x: z.string(),
  y: z.string().optional(),
  use: z.string().optional(),
  alg: z.string().optional(),
})

const key = z.object({
  kid: z.string(),
  alg: z.enum(['ES256', 'Ed25519']),
  jwk,
  validFrom: z.iso.datetime(),
  validTo: z.iso.datetime().optional(),
  revokedAt: z.iso.datetime().optional(),
})

const keysBySystem = z.record(z.string(), z.array(key))

const trustFile = z.object({
  issuer: z.string(),
  gateway: z.array(key).min(1),
  log: z.array(z.object({ origin: z.string(), vkey: z.string() })).min(1),
  callers: keysBySystem,
  providers: keysBySystem,
})

/** RFC 7517 with our validity members beside the key's own. */
const published = z.object({ keys: z.array(z.looseObject({ kid: z.string() })).min(1) })
const systems = z.object({
  systems: z.array(z.object({ id: z.string(), roles: z.array(z.string()), keys: z.array(key) })),
})

/** @throws Failure when there is no such file or it does not pin what a verifier needs. */
export async function readTrustFile(path: string): Promise<Trust> {
  const text = await readIfPresent(path)
  if (text === undefined)
    throw new Failure(
      2,
      `找不到信任文件 ${path}；可先运行 mianzheng trust --out ${path}。`,
      `There is no trust file ${path}; "mianzheng trust --out ${path}" writes one.`,
    )
  const read = trustFile.safeParse(parseJson(text))
  if (read.success) return JSON.parse(JSON.stringify(read.data)) as Trust
  const place = read.error.issues[0]?.path.join('/') ?? ''
  throw new Failure(
    2,
    `${path} 不是信任文件（${place}）。`,
    `${path} is not a trust file (at /${place}).`,
  )
}

/** What a running gateway says of its keys and its callers'. It proves nothing until it is compared. */
export async function askForTrust(gateway: string): Promise<Trust> {
  const [metadata, jwks, catalog] = await Promise.all([
    readMetadata(gateway),
    getJson(gateway, '/.well-known/jwks.json'),
    getJson(gateway, '/v1/catalog/systems'),
  ])
  const own = published.parse(jwks).keys.map((one) => key.parse({ ...one, jwk: one }))
  const all = systems.parse(catalog).systems
  const keysOf = (own: typeof all) => Object.fromEntries(own.map(({ id, keys }) => [id, keys]))
  return JSON.parse(
    JSON.stringify({
      issuer: metadata.issuer,
      gateway: own,
      log: [metadata.log, ...metadata.pastLogs],
      callers: keysOf(all.filter(({ roles }) => roles.some((role) => role !== 'provider'))),
      providers: keysOf(all.filter(({ roles }) => roles.includes('provider'))),
    }),
  ) as Trust
}

/** RFC 7638, computed from the key itself: a `kid` may say anything. */
export function thumbprint(key: Trust['gateway'][number]): Promise<string> {
  return calculateJwkThumbprint(key.jwk as JWK)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
