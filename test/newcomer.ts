import { randomUUID } from 'node:crypto'
import { generateSigningKey } from '../src/keys/generate.ts'
import { type Algorithm, publicJwk } from '../src/keys/signer.ts'
import { bumpVersion } from '../src/registry/registry.ts'
import { SANDBOX_AGENCY, SANDBOX_SYSTEMS_MAX } from '../src/registry/sandbox.ts'
import { type Caller, callerWith, headerOf, type Members } from './caller.ts'
import { ISSUER, type TestGateway } from './harness.ts'
import { type Reply, replyOf } from './reply.ts'

const POSSESSION_TYPE = 'sandbox-registration+jwt'

/** Somebody with a key of his own that nobody registered. */
export async function newcomer(algorithm: Algorithm = 'ES256'): Promise<Caller> {
  const jwk = await generateSigningKey(algorithm)
  return callerWith(String(jwk.kid), jwk)
}

type Part = 'members' | 'claims' | 'header'

/** An honest registration, `members` over its body and `claims` over its proof. */
export async function registration(
  who: Caller,
  nowMillis: number,
  { members = {}, claims = {}, header = {} }: Partial<Record<Part, Members>> = {},
): Promise<string> {
  const iat = Math.floor(nowMillis / 1000)
  const possession = { iss: who.kid, aud: ISSUER, iat, exp: iat + 60, jti: randomUUID(), ...claims }
  const proof = who.sign({ ...headerOf(who, POSSESSION_TYPE), ...header }, possession)
  const names = { zh: '接入测试', en: 'A newcomer' }
  return JSON.stringify({ names, jwk: await publicJwk(who.jwk), proof, ...members })
}

export async function register(gateway: TestGateway, body: string): Promise<Reply> {
  const headers = { 'content-type': 'application/json' }
  const path = '/v1/sandbox/systems'
  return replyOf(body, await gateway.app.request(path, { method: 'POST', body, headers }))
}

/** As many sandbox systems as there may be, put there without the log. */
export async function fillSandbox({ deps, wait }: TestGateway): Promise<void> {
  const { db } = deps.store
  const rows = Array.from({ length: SANDBOX_SYSTEMS_MAX }, (_, i) => {
    const id = `sandbox-${i.toString(16).padStart(16, '0')}`
    const names = { zh: '占位', en: 'Filler' }
    const rate = { perSecond: 1, burst: 1 }
    const roles = ['caller', 'sandbox']
    const agencies = { agency: SANDBOX_AGENCY, actsFor: [SANDBOX_AGENCY] }
    return { id, doc: JSON.stringify({ id, ...agencies, names, roles, status: 'active', rate }) }
  })
  await db.insertInto('system').values(rows).execute()
  await bumpVersion(db)
  wait(1)
}
