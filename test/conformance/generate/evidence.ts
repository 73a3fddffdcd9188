import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { type EvidenceBundle, evidenceBundle } from '../../../src/evidence/bundle.ts'
import { formatVkey, noteKeyId } from '../../../src/log/note.ts'
import type { Trust, TrustedKey } from '../../../src/log/trust.ts'
import { nodeSha256 } from '../../../src/platform/crypto.ts'
import type { Members } from '../../caller.ts'
import { trustOf } from '../../reply.ts'
import { openConformanceGateway } from '../gateway.ts'
import type { EvidenceVector, Vectors } from '../vectors.ts'
import type { Honest } from './lies.ts'
import { at, HOUSEHOLD, HOUSING, LICENCE, LICENCES, RELIEF, RELIEVED, request } from './sign.ts'
import { STATES } from './states.ts'
import { tampered } from './tampered.ts'

/** Bundles of one gateway's log of seven entries, then what a liar would make of one of them. */
export async function evidence(): Promise<Vectors['evidence.json']> {
  const gateway = await openConformanceGateway(STATES['as-registered'] as never)
  try {
    const ask = async (system: string, question: Members) => {
      const body = request(system, question)
      const response = await gateway.post(body, at(0))
      const text = await response.text()
      const answer = response.status === 200 ? text : (JSON.parse(text).signed as string)
      return { index: Number(response.headers.get('log-index')), pair: { request: body, answer } }
    }
    const bundleOf = ({ index, pair }: Awaited<ReturnType<typeof ask>>): Promise<EvidenceBundle> =>
      evidenceBundle(gateway.deps, index, pair)
    const first = await ask(LICENCES, LICENCE)
    const alone = await bundleOf(first)
    const relief = await ask(RELIEF, RELIEVED)
    const licence = await ask(LICENCES, LICENCE)
    const none = await ask(LICENCES, { ...LICENCE, subject: { uscc: '91990104MA0000023J' } })
    const refused = await ask(LICENCES, { ...LICENCE, item: 'VEH-01' })
    await ask(HOUSING, HOUSEHOLD)
    const last = await ask(HOUSING, HOUSEHOLD)
    const honest: Honest = {
      alone,
      answer: await bundleOf(licence),
      other: await bundleOf(none),
      refusal: await bundleOf(refused),
      ed25519: await bundleOf(relief),
      last: await bundleOf(last),
    }
    const trust = asWritten(await trustOf(gateway.app))
    return { trusts: trusts(trust), vectors: [...sound(honest), ...tampered(honest)] }
  } finally {
    await gateway.close()
  }
}

const sound = (honest: Honest): EvidenceVector[] => {
  const holds = (name: string, zh: string, en: string, bundle: unknown, trust = 'honest') => ({
    name,
    note: { zh, en },
    trust,
    bundle,
    expect: { ok: true, fails: [] },
  })
  const cosigned = `${honest.answer.receipt}— witness.example ${randomBytes(68).toString('base64')}\n`
  return [
    holds('answer', '答复：七条中的第三条', 'an answer: the third of seven entries', honest.answer),
    holds('no-record', '没有记录', 'an answer without a record', honest.other),
    holds('refusal', '拒绝', 'a refusal', honest.refusal),
    holds('ed25519', '请求系统用 Ed25519', 'a caller with an Ed25519 key', honest.ed25519),
    holds('only-leaf', '日志只有一条：证明为空', 'the only entry: an empty proof', honest.alone),
    holds('last-leaf', '最后一条', 'the last entry', honest.last),
    holds('cosigned', '检查点另有见证方签名', 'a witness has signed the checkpoint, too', {
      ...honest.answer,
      receipt: cosigned,
    }),
    holds(
      'revoked-later',
      '密钥事后吊销',
      "the caller's key was revoked later",
      honest.answer,
      'caller-revoked-later',
    ),
    holds(
      'revoked-on-arrival',
      '密钥在到达之后、入账之前吊销（一分钟内）',
      'revoked between arrival and entry, within a minute',
      honest.answer,
      'caller-revoked-on-arrival',
    ),
  ]
}

/** With the members that `mianzheng trust` writes, in its order. */
function asWritten({ issuer, gateway, log, callers, providers }: Trust): Trust {
  const keys = gateway.map(({ kid, alg, jwk, validFrom }) => {
    const { kty, crv, x, y } = jwk
    return { kid, alg, jwk: { kty, crv, x, y, use: 'sig', alg }, validFrom }
  })
  return JSON.parse(JSON.stringify({ issuer, gateway: keys, log, callers, providers })) as Trust
}

/** The honest trust file, and others that a verifier may hold. */
function trusts(honest: Trust): Record<string, Trust> {
  const keyOf = (more: Partial<TrustedKey>) => (key: TrustedKey) => ({ ...key, ...more })
  const callerWith = (more: Partial<TrustedKey>): Trust => {
    const keys = (honest.callers[LICENCES] ?? []).map(keyOf(more))
    return { ...honest, callers: { ...honest.callers, [LICENCES]: keys } }
  }
  const { [LICENCES]: _, ...others } = honest.callers
  return {
    honest,
    'caller-revoked-later': callerWith({ revokedAt: at(3600) }),
    'caller-revoked-on-arrival': callerWith({ revokedAt: at(-30) }),
    'caller-revoked-before': callerWith({ revokedAt: at(-3600) }),
    'caller-not-yet-valid': callerWith({ validFrom: at(1) }),
    'caller-unknown': { ...honest, callers: others },
    'gateway-key-retired': { ...honest, gateway: honest.gateway.map(keyOf({ validTo: at(0) })) },
    'other-issuer': { ...honest, issuer: 'https://gateway.linjiang.example' },
    'other-log-key': {
      ...honest,
      log: honest.log.map(({ origin }) => ({ origin, vkey: newVkey(origin) })),
    },
  }
}

/** The vkey of a log of the same name by another key. */
function newVkey(name: string): string {
  const { publicKey } = generateKeyPairSync('ed25519')
  const bytes = new Uint8Array(
    Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url'),
  )
  return formatVkey({ name, keyId: noteKeyId(nodeSha256, name, bytes), publicKey: bytes })
}
