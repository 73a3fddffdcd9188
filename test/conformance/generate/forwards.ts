import { publicJwk } from '../../../src/keys/signer.ts'
import type { ProviderTrust, TrustedKey } from '../../../src/provider/index.ts'
import { ISSUER } from '../gateway.ts'
import { type ForwardVector, type Keys, readVectors, type Vectors } from '../vectors.ts'
import { declined } from './declined.ts'
import { forward, forwarded } from './forward.ts'
import { at, KIOSK, LICENCE, LICENCES, PROVIDER, RELIEF, request, seconds } from './sign.ts'

/** What a provider is sent, by its gateway and by others, and what it says to that. */
export async function forwards(): Promise<Vectors['forwards.json']> {
  return {
    issuer: ISSUER,
    provider: PROVIDER,
    trust: await trust(),
    record: {
      item: 'ENT-01',
      subject: LICENCE.subject,
      values: { name: '云汀市半亩餐饮管理有限公司', status: 'IN_BUSINESS', region: '990104' },
    },
    vectors: [...answered(), ...declined()],
  }
}

/** What the agency pinned: its gateway's key, and the callers'; the kiosk's is revoked at this instant. */
async function trust(): Promise<ProviderTrust> {
  const { gateway, systems } = readVectors('keys.json')
  const pinned = async (key: Keys['gateway'], more = {}): Promise<TrustedKey> => {
    const { kid = '', alg } = key
    const jwk = await publicJwk(key)
    return { kid, alg: alg as TrustedKey['alg'], jwk, validFrom: at(-8 * 3600), ...more }
  }
  const callers: Record<string, TrustedKey[]> = {}
  for (const id of [LICENCES, RELIEF, KIOSK]) {
    const key = systems[id]
    if (key) callers[id] = [await pinned(key, id === KIOSK ? { revokedAt: at(0) } : {})]
  }
  return { issuer: ISSUER, gateway: [await pinned(gateway)], callers }
}

const NAME = { value: '云汀市半亩餐饮管理有限公司' }
const STATUS = { value: 'IN_BUSINESS' }
const BOTH = { status: 200, outcome: 'ANSWERED', claims: { name: NAME, status: STATUS } }

function answered(): ForwardVector[] {
  const licence = request(LICENCES, LICENCE)
  const of = (name: string, zh: string, en: string, more: Partial<ForwardVector>) =>
    forwarded({ name, note: { zh, en }, body: forward(licence), expect: BOTH, ...more })
  const unknown = { ...LICENCE, subject: { uscc: '91990104MA0000023J' } }
  const lasting = { ...LICENCE, ask: [...LICENCE.ask, { claim: 'validTo' }] }
  return [
    of(
      'answered',
      '照所问作答：给出值，不比较',
      'what is asked, as values: comparing is the gateway’s',
      {},
    ),
    of('fewer', '只答网关所问的一项', 'the gateway asks one of the two', {
      body: forward(licence, { claims: { ask: ['status'] } }),
      expect: { ...BOTH, claims: { status: STATUS } },
    }),
    of('no-record', '没有记录', 'there is no such record', {
      body: forward(request(LICENCES, unknown)),
      expect: { status: 200, outcome: 'NO_RECORD', claims: {} },
    }),
    of('no-record-of-one', '其中一项没有记录', 'one claim has no record', {
      body: forward(request(LICENCES, lasting), { claims: { ask: ['name', 'validTo'] } }),
      expect: { ...BOTH, claims: { name: NAME, validTo: { result: 'NO_RECORD' } } },
    }),
    of(
      'repeated',
      '同一请求再次转来：同一陈述，逐字节相同',
      'the same request in another forward: the same bytes',
      {
        earlier: [{ now: at(0), body: forward(licence) }],
        now: at(20),
        body: forward(licence, { claims: { iat: seconds + 20, exp: seconds + 80, intent: 43 } }),
        expect: { status: 200, same: 0 },
      },
    ),
    of('version-named', '请求指明了事项版本', 'the request names the version', {
      body: forward(request(LICENCES, { ...LICENCE, item: 'ENT-01@2' })),
    }),
    of('caller-ed25519', '请求系统用 Ed25519', 'a caller with an Ed25519 key', {
      body: forward(request(RELIEF, LICENCE)),
    }),
    of(
      'request-ended',
      '请求 90 秒前到期：网关还在问',
      'the request ended 90 s ago: the gateway may still be asking',
      {
        body: forward(
          request(LICENCES, LICENCE, { claims: { iat: seconds - 300, exp: seconds - 90 } }),
        ),
      },
    ),
    of('last-second', 'exp 之后 30 秒', '30 s after exp', { now: at(90) }),
  ]
}
