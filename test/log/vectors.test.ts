import { describe, expect, it } from 'vitest'
import { decodeBase64 } from '../../src/log/base64.ts'
import { type Count, verifyConsistency, verifyInclusion } from '../../src/log/merkle.ts'
import { webCryptoVerifyEd25519 } from '../../src/log/note.ts'
import type { TrustedKey } from '../../src/log/trust.ts'
import { verifyCompact } from '../../src/log/verify.ts'
import { sha256 } from './naive-tree.ts'
import { haveVectors, listVectors, readVectors } from './vectors.ts'

type Case = { desc: string; wantErr: boolean; proof: string[] | null }
type Inclusion = Case & { leafIdx: Count; treeSize: Count; root: string; leafHash: string }
type Consistency = Case & { size1: Count; size2: Count; root1: string; root2: string }

type Wycheproof<Group> = { numberOfTests: number; testGroups: Group[] }
type Signatures = { tcId: number; msg: string; sig: string; result: string }[]
type JwsTests = { tcId: number; jws: unknown; result: string }[]

const hashes = (proof: string[] | null) => (proof ?? []).map(decodeBase64)

describe.skipIf(!haveVectors('merkle'))('vectors of transparency-dev/merkle', () => {
  it('inclusion', async () => {
    const files = listVectors('merkle/inclusion')
    expect(files.length).toBeGreaterThanOrEqual(98)
    for (const file of files) {
      const { leafIdx, treeSize, wantErr, proof, ...one } = readVectors(file) as Inclusion
      const [root, leafHash] = [decodeBase64(one.root), decodeBase64(one.leafHash)]
      const claim = { sha256, index: leafIdx, size: treeSize, leafHash, proof: hashes(proof), root }
      expect({ file, holds: await verifyInclusion(claim) }).toEqual({ file, holds: !wantErr })
    }
  })

  it('consistency', () => {
    const files = listVectors('merkle/consistency')
    expect(files.length).toBeGreaterThanOrEqual(98)
    for (const file of files) {
      const { size1, size2, wantErr, proof, ...one } = readVectors(file) as Consistency
      const [oldRoot, newRoot] = [decodeBase64(one.root1), decodeBase64(one.root2)]
      const sizes = { oldSize: size1, newSize: size2 }
      const claim = { sha256, ...sizes, oldRoot, newRoot, proof: hashes(proof) }
      // We are stricter on purpose: one good case compares two roots that are not hashes.
      const stricter = file.endsWith('/sizes-are-equal-one-and-proof-is-empty.json')
      const wanted = { file, holds: !wantErr && !stricter }
      expect({ file, holds: verifyConsistency(claim) }).toEqual(wanted)
    }
  })
})

describe.skipIf(!haveVectors('wycheproof'))('vectors of C2SP/wycheproof', () => {
  it('Ed25519, through webCryptoVerifyEd25519', async () => {
    const { testGroups, numberOfTests } = readVectors(
      'wycheproof/ed25519_test.json',
    ) as Wycheproof<{ publicKey: { pk: string }; tests: Signatures }>
    const wrong: number[] = []
    let run = 0
    for (const { publicKey, tests } of testGroups) {
      for (const { tcId, msg, sig, result } of tests) {
        const [key, message, signature] = [publicKey.pk, msg, sig].map((text) =>
          Uint8Array.from(Buffer.from(text, 'hex')),
        ) as [Uint8Array, Uint8Array, Uint8Array]
        const valid = await webCryptoVerifyEd25519(key, message, signature)
        if (valid !== (result === 'valid')) wrong.push(tcId)
        run += 1
      }
    }
    expect({ wrong, run }).toEqual({ wrong: [], run: numberOfTests })
  })

  it('ECDSA P-256 in IEEE P1363 form: the primitive under verifyCompact, and no JWS of it', async () => {
    const { testGroups, numberOfTests } = readVectors(
      'wycheproof/ecdsa_secp256r1_sha256_p1363_test.json',
    ) as Wycheproof<{ publicKey: { uncompressed: string }; tests: Signatures }>
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
    const wrong: number[] = []
    let run = 0
    for (const { publicKey, tests } of testGroups) {
      const point = Buffer.from(publicKey.uncompressed, 'hex')
      const key = await crypto.subtle.importKey('raw', point, algorithm, true, ['verify'])
      const jwk = (await crypto.subtle.exportKey('jwk', key)) as TrustedKey['jwk']
      for (const { tcId, msg, sig, result } of tests) {
        const [message, signature] = [Buffer.from(msg, 'hex'), Buffer.from(sig, 'hex')]
        const valid = await crypto.subtle.verify(algorithm, key, signature, message)
        const jws = `eyJhbGciOiJFUzI1NiJ9.e30.${signature.toString('base64url')}`
        const accepted = await holds(jws, { alg: 'ES256', jwk })
        if (valid !== (result === 'valid') || accepted) wrong.push(tcId)
        run += 1
      }
    }
    expect({ wrong, run }).toEqual({ wrong: [], run: numberOfTests })
  })

  it('JWS: ES256 as they say, every other algorithm refused', async () => {
    const { testGroups } = readVectors('wycheproof/json_web_signature_test.json') as Wycheproof<{
      public?: TrustedKey['jwk']
      private?: TrustedKey['jwk']
      tests: JwsTests
    }>
    const accepted: number[] = []
    const valid: number[] = []
    let run = 0
    for (const group of testGroups) {
      const jwk = group.public ?? group.private ?? {}
      for (const { tcId, jws, result } of group.tests) {
        if (typeof jws !== 'string') continue
        run += 1
        if (result === 'valid' && jwk.crv === 'P-256') valid.push(tcId)
        const algs = ['ES256', 'Ed25519'] as const
        const verdicts = await Promise.all(algs.map((alg) => holds(jws, { alg, jwk })))
        if (verdicts.includes(true)) accepted.push(tcId)
      }
    }
    expect(valid.length).toBeGreaterThan(0)
    expect(accepted).toEqual(valid)
    expect(run).toBeGreaterThan(390)
  })
})

function holds(jws: string, key: Pick<TrustedKey, 'alg' | 'jwk'>): Promise<boolean> {
  return verifyCompact(jws, key).then(
    () => true,
    () => false,
  )
}
