import { readFile } from 'node:fs/promises'
import { importJWK, type JWK } from 'jose'
import { ConfigError, type OidcConfig } from '../config.ts'
import type { Credential, OidcSettings } from '../people/oidc.ts'

const SECRET_CHARACTERS_MAX = 4096
const ALGORITHMS = ['ES256', 'ES384', 'PS256', 'RS256', 'Ed25519', 'EdDSA'] as const

/**
 * Who this gateway is at the identity provider, its secret read from its file.
 *
 * @throws ConfigError naming the variable, and nothing of what the file holds.
 */
export async function oidcSettings(config: OidcConfig): Promise<OidcSettings> {
  const { issuer, clientId, secretFile, keyFile, stepUpAcr } = config
  const common = { issuer, clientId, stepUpAcr }
  if (keyFile !== undefined) {
    const text = await read('OIDC_CLIENT_KEY_FILE', keyFile)
    return { ...common, credential: await privateKey(text, 'OIDC_CLIENT_KEY_FILE') }
  }
  if (secretFile === undefined)
    throw unfit('OIDC_CLIENT_SECRET_FILE', '设了 OIDC_ISSUER 就须设', 'needed with OIDC_ISSUER')
  const secret = await read('OIDC_CLIENT_SECRET_FILE', secretFile)
  return { ...common, credential: { kind: 'secret', secret } }
}

/** A private JWK for RFC 7523. @throws ConfigError. */
async function privateKey(text: string, name: string): Promise<Credential> {
  try {
    const jwk = JSON.parse(text) as JWK
    const { alg = 'ES256', kid } = jwk
    if (jwk.d === undefined || !(ALGORITHMS as readonly string[]).includes(alg))
      throw new TypeError()
    return { kind: 'key', key: (await importJWK(jwk, alg)) as CryptoKey, kid }
  } catch {
    throw unfit(name, '须为私钥 JWK', 'holds no private JWK')
  }
}

async function read(name: string, path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw unfit(name, `读不到文件（${error.code}）`, `cannot be read (${error.code})`)
  })
  const secret = text.trim()
  if (secret === '' || secret.length > SECRET_CHARACTERS_MAX)
    throw unfit(name, '文件是空的或太大', 'is empty or too large')
  return secret
}

function unfit(name: string, zh: string, en: string): ConfigError {
  return new ConfigError(`The environment does not fit:\n  ${name}: ${en}`, {
    zh: `环境变量不合要求：\n  ${name}：${zh}`,
  })
}
