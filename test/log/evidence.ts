import { CompactSign, exportJWK, generateKeyPair, type JWK } from 'jose'
import { encodeBase64Url } from '../../src/log/base64.ts'
import { signCheckpoint } from '../../src/log/checkpoint.ts'
import { canonicalJson } from '../../src/log/leaf.ts'
import { leafHash } from '../../src/log/merkle.ts'
import { formatReceipt } from '../../src/log/receipt.ts'
import type { Trust, TrustedKey } from '../../src/log/trust.ts'
import { logKey } from './log-key.ts'
import { bytesOf, leaves, naiveTree, sha256 } from './naive-tree.ts'

export const ISSUER = 'https://gateway.example'
export const CALLER = 'hangzhou-registration'
const TIME = '2026-11-21T08:00:00.000Z'
const ORIGIN = 'gateway.example/log'

type Kind = 'exchange' | 'refusal'
type Members = Record<string, unknown>
export type Bundle = { request: string; answer: string; entry: string; receipt: string }

/** What a test may bend: members that replace those of an honest exchange. */
export type Bend = {
  requestHeader?: Members
  request?: Members
  answerHeader?: Members
  answer?: Members
  leaf?: Members
}

export type Signing = {
  trusted: TrustedKey
  sign(header: Members, claims: Members | string): Promise<string>
}

export async function signingKey(kid: string, alg: 'ES256' | 'Ed25519'): Promise<Signing> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = (await exportJWK(publicKey)) as JWK & TrustedKey['jwk']
  return {
    trusted: { kid, alg, jwk, validFrom: '2026-01-01T00:00:00Z' },
    sign: (header, claims) =>
      new CompactSign(bytesOf(typeof claims === 'string' ? claims : JSON.stringify(claims)))
        .setProtectedHeader({ alg, kid, ...header })
        .sign(privateKey),
  }
}

/** Two agencies' keys, a log with 300 other leaves, and a trust file that names them all. */
export async function evidenceWorld() {
  const caller = await signingKey('caller-1', 'ES256')
  const gateway = await signingKey('gateway-1', 'Ed25519')
  const log = logKey(ORIGIN)
  const trust: Trust = {
    issuer: ISSUER,
    gateway: [gateway.trusted],
    log: [{ origin: ORIGIN, vkey: log.vkey }],
    callers: { [CALLER]: [caller.trusted] },
    providers: {},
  }

  /** A receipt for the entry, among other leaves, in a tree that the log signed. */
  function receiptFor(entry: string, signer = log): string {
    const index = 260
    const all = leaves(300).with(index, leafHash(sha256, bytesOf(entry)))
    const tree = naiveTree(all)
    const root = { origin: ORIGIN, size: 300, root: tree.root(300) }
    const checkpoint = signCheckpoint(root, signer)
    return formatReceipt({ index, proof: tree.inclusion(index, 300), checkpoint })
  }

  async function bundle(kind: Kind, bend: Bend = {}): Promise<Bundle> {
    const request = await caller.sign(
      { typ: 'assistance-request+jwt', ...bend.requestHeader },
      { iss: CALLER, aud: ISSUER, jti: 'j-1', item: 'MAR-01', ...bend.request },
    )
    return bundleOf(kind, request, bend)
  }

  /** The evidence of exactly this request string. */
  async function bundleOf(kind: Kind, request: string, bend: Bend = {}): Promise<Bundle> {
    const result =
      kind === 'exchange'
        ? { outcome: 'ANSWERED', item: { code: 'MAR-01', version: '1' } }
        : { code: 'quota', status: 429 }
    const about = { jti: 'j-1', hash: hashOf(request) }
    const typ = kind === 'exchange' ? 'assistance-answer+jwt' : 'assistance-refusal+jwt'
    const answer = await gateway.sign(
      { typ, ...bend.answerHeader },
      { iss: ISSUER, aud: CALLER, jti: 'a-1', request: about, ...result, ...bend.answer },
    )
    const leaf = {
      v: 1,
      kind,
      time: TIME,
      caller: CALLER,
      item: 'MAR-01@1',
      ...(kind === 'exchange' ? { outcome: 'ANSWERED' } : { check: 'quota' }),
      requestHash: hashOf(request),
      answerHash: hashOf(answer),
      ...bend.leaf,
    }
    const entry = canonicalJson(JSON.parse(JSON.stringify(leaf)))
    return { request, answer, entry, receipt: receiptFor(entry) }
  }

  return { caller, gateway, log, trust, bundle, bundleOf, receiptFor }
}

export function hashOf(text: string): string {
  return encodeBase64Url(sha256(bytesOf(text)))
}
