import fc from 'fast-check'
import { importJWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { generateSigningKey } from '../../src/keys/generate.ts'
import { joseJws, type VerifyingKey } from '../../src/keys/jws.ts'
import { ALGORITHMS, type Algorithm, publicJwk } from '../../src/keys/signer.ts'
import { nodeJws } from '../../src/platform/jws.ts'
import { haveVectors, readVectors } from '../log/vectors.ts'

type Vectors<Key> = {
  numberOfTests: number
  testGroups: {
    publicKey: Key
    tests: { tcId: number; msg: string; sig: string; result: string }[]
  }[]
}

const WAYS = { node: nodeJws, jose: joseJws } as const
const TYP = 'assistance-answer+jwt'

async function madeKey(alg: Algorithm) {
  const jwk = await generateSigningKey(alg)
  const verifier = (await importJWK(await publicJwk(jwk), alg)) as CryptoKey
  return { jwk, key: { alg, verifier } }
}

describe.each(ALGORITHMS)('%s', (alg) => {
  it('what node:crypto signs jose verifies, and the other way round (happy)', async () => {
    const { jwk, key } = await madeKey(alg)
    const signers = { node: await nodeJws.signer(jwk), jose: await joseJws.signer(jwk) }
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (payload) => {
        for (const by of ['node', 'jose'] as const) {
          const text = await signers[by].sign(TYP, payload)
          const [header = '', body = ''] = text.split('.')
          expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({
            alg,
            kid: jwk.kid,
            typ: TYP,
          })
          expect(Buffer.from(body, 'base64url')).toEqual(Buffer.from(payload))
          for (const way of Object.values(WAYS)) expect(await way.verify(text, key)).toBe(true)
        }
      }),
      { numRuns: 20 },
    )
  })

  it('any one bit of what is signed, or of the signature, is told (security)', async () => {
    const { jwk, key } = await madeKey(alg)
    const text = await (await nodeJws.signer(jwk)).sign(TYP, Buffer.from('{"claim":true}'))
    const parts = text.split('.').map((part) => Buffer.from(part, 'base64url'))
    const bits = parts.flatMap((part, p) => [...part].flatMap((_, i) => [[p, i * 8 + (i % 8)]]))
    for (const [p = 0, bit = 0] of bits) {
      const altered = parts.map((part) => Buffer.from(part))
      const at = bit >> 3
      const part = altered[p] as Buffer
      part[at] = (part[at] as number) ^ (1 << (bit & 7))
      const forged = altered.map((one) => one.toString('base64url')).join('.')
      for (const way of Object.values(WAYS)) expect(await way.verify(forged, key)).toBe(false)
    }
  })

  it('another key, another length and another form are no signature (security)', async () => {
    const { jwk, key } = await madeKey(alg)
    const other = await madeKey(alg)
    const text = await (await nodeJws.signer(jwk)).sign(TYP, Buffer.from('{}'))
    const signed = text.slice(0, text.lastIndexOf('.'))
    const signature = Buffer.from(text.slice(signed.length + 1), 'base64url')
    const der = Buffer.concat([
      Buffer.from([0x30, 0x44, 0x02, 0x20]),
      signature.subarray(0, 32),
      Buffer.from([0x02, 0x20]),
      signature.subarray(32),
    ])
    const wrong = [
      '',
      signature.subarray(0, 63).toString('base64url'),
      Buffer.concat([signature, Buffer.alloc(1)]).toString('base64url'),
      Buffer.alloc(64).toString('base64url'),
      der.toString('base64url'),
    ]
    for (const way of Object.values(WAYS)) {
      expect(await way.verify(text, other.key)).toBe(false)
      for (const one of wrong) expect(await way.verify(`${signed}.${one}`, key)).toBe(false)
    }
  })

  it('a key without a name, or for something else, signs nothing (error)', async () => {
    const { jwk } = await madeKey(alg)
    for (const way of Object.values(WAYS)) {
      await expect(way.signer({ ...jwk, kid: '' })).rejects.toThrow(TypeError)
      await expect(way.signer({ ...jwk, alg: 'RS256' })).rejects.toThrow(TypeError)
    }
  })
})

describe.skipIf(!haveVectors('wycheproof'))('vectors of C2SP/wycheproof', () => {
  it('ECDSA P-256 in IEEE P1363 form (security)', async () => {
    const file = 'wycheproof/ecdsa_secp256r1_sha256_p1363_test.json'
    const vectors = readVectors(file) as Vectors<{ uncompressed: string }>
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
    expect(
      await misjudged(vectors, ({ uncompressed }) =>
        crypto.subtle
          .importKey('raw', Buffer.from(uncompressed, 'hex'), algorithm, true, ['verify'])
          .then((verifier) => ({ alg: 'ES256', verifier })),
      ),
    ).toEqual({ wrong: [], run: vectors.numberOfTests })
  })

  it('Ed25519 (security)', async () => {
    const vectors = readVectors('wycheproof/ed25519_test.json') as Vectors<{ pk: string }>
    expect(
      await misjudged(vectors, ({ pk }) =>
        crypto.subtle
          .importKey('raw', Buffer.from(pk, 'hex'), 'Ed25519', true, ['verify'])
          .then((verifier) => ({ alg: 'Ed25519', verifier })),
      ),
    ).toEqual({ wrong: [], run: vectors.numberOfTests })
  })
})

/** What stands before the last dot is signed as the bytes that it is, so any message can be tried. */
async function misjudged<Key>(
  { testGroups }: Vectors<Key>,
  keyOf: (key: Key) => Promise<VerifyingKey>,
) {
  const wrong: number[] = []
  let run = 0
  for (const { publicKey, tests } of testGroups) {
    const key = await keyOf(publicKey)
    for (const { tcId, msg, sig, result } of tests) {
      const text = `${Buffer.from(msg, 'hex').toString('latin1')}.${Buffer.from(sig, 'hex').toString('base64url')}`
      if ((await nodeJws.verify(text, key)) !== (result === 'valid')) wrong.push(tcId)
      run += 1
    }
  }
  return { wrong, run }
}
