import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest()
const UP = 0x01
const UV = 0x04
const AT = 0x40

/** The library's own writer of CBOR; undefined, said aloud, where the optional packages are missing. */
export async function cborWriter(): Promise<((value: unknown) => Uint8Array) | undefined> {
  try {
    const { isoCBOR } = await import('@simplewebauthn/server/helpers')
    return (value) => isoCBOR.encode(value as never)
  } catch {
    process.stderr.write('SKIPPED: passkeys, since @simplewebauthn/server is not installed\n')
    return undefined
  }
}

/** How an authenticator or a site bends what it says. */
export type Bent = {
  readonly origin?: string
  readonly rpId?: string
  readonly isUnverified?: boolean
  readonly counter?: number
  readonly type?: string
  readonly userHandle?: string
  readonly challenge?: string
  readonly id?: string
  readonly forge?: (signature: Uint8Array) => Uint8Array
}

/** A security key in software (WebAuthn Level 3 §6), with one ES256 key of its own. */
export function authenticator(origin: string, encode: (value: unknown) => Uint8Array) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(32)
  let counter = 0
  let owner = ''

  const clientData = (type: string, challenge: string, bent: Bent) =>
    Buffer.from(
      JSON.stringify({
        type: bent.type ?? type,
        challenge: bent.challenge ?? challenge,
        origin: bent.origin ?? origin,
        crossOrigin: false,
      }),
    )
  const authData = (bent: Bent, attested: Uint8Array = new Uint8Array()) => {
    const flags = UP | (bent.isUnverified ? 0 : UV) | (attested.length > 0 ? AT : 0)
    const count = Buffer.alloc(4)
    count.writeUInt32BE(bent.counter ?? counter)
    const rpId = bent.rpId ?? new URL(origin).hostname
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), count, attested])
  }
  const named = (bent: Bent) => {
    const name = bent.id ?? id.toString('base64url')
    return { id: name, rawId: name, type: 'public-key', clientExtensionResults: {} }
  }

  return {
    /** What `navigator.credentials.create` gives, as JSON. */
    create: (options: string, bent: Bent = {}): string => {
      const { challenge, user } = JSON.parse(options) as { challenge: string; user: { id: string } }
      owner = user.id
      const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
      const cose = new Map<number, unknown>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
        [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
      ])
      const length = Buffer.alloc(2)
      length.writeUInt16BE(id.length)
      const attested = Buffer.concat([Buffer.alloc(16), length, id, encode(cose)])
      const object = new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', new Uint8Array(authData(bent, attested))],
      ])
      return JSON.stringify({
        ...named(bent),
        response: {
          clientDataJSON: clientData('webauthn.create', challenge, bent).toString('base64url'),
          attestationObject: Buffer.from(encode(object)).toString('base64url'),
          transports: ['usb'],
        },
      })
    },
    /** What `navigator.credentials.get` gives, as JSON. */
    get: (options: string, bent: Bent = {}): string => {
      const { challenge } = JSON.parse(options) as { challenge: string }
      counter += 1
      const client = clientData('webauthn.get', challenge, bent)
      const data = authData(bent)
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), privateKey)
      return JSON.stringify({
        ...named(bent),
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: Buffer.from(bent.forge?.(signature) ?? signature).toString('base64url'),
          userHandle: bent.userHandle ?? owner,
        },
      })
    },
  }
}
