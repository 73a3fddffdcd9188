import { type ForwardVector, readVectors } from '../vectors.ts'
import { forward, forwarded, type How } from './forward.ts'
import {
  at,
  callerOf,
  HOUSEHOLD,
  HOUSING,
  KIOSK,
  LICENCE,
  LICENCES,
  PROOF_TYPE,
  REQUEST_TYPE,
  request,
  seconds,
  strangerAs,
} from './sign.ts'

type Said = readonly [name: string, code: string, status: number, zh: string, en: string]

const refused = ([name, code, status, zh, en]: Said, more: Partial<ForwardVector>): ForwardVector =>
  forwarded({ name, note: { zh, en }, body: '', expect: { status, code }, ...more })

/** What a provider must not answer. */
export function declined(): ForwardVector[] {
  return [...shape(), ...outer(), ...times(), ...members(), ...inner(), ...scope()]
}

const licence = () => request(LICENCES, LICENCE)
const twice = (text: string) => text.replace('{', '{"ask":["region"],')

function shape(): ForwardVector[] {
  return [
    refused(['media-type', 'media-type', 415, '不是 application/jwt', 'another media type'], {
      headers: { 'content-type': 'application/json' },
      body: forward(licence()),
    }),
    refused(['too-large', 'too-large', 413, '超过 128 KiB', 'more than 128 KiB'], {
      body: { repeat: 'A', times: 128 * 1024 + 1 },
    }),
    refused(['padded', 'malformed', 400, '带填充', 'base64 with padding'], {
      body: `${forward(licence())}=`,
    }),
    refused(['header', 'malformed', 400, '头部多一成员', 'one member more in the header'], {
      body: forward(licence(), { header: { crit: ['exp'] } }),
    }),
    refused(['member-twice', 'malformed', 400, '成员重复', 'a member stands twice'], {
      body: forward(licence(), { bend: twice }),
    }),
  ]
}

/** Who sends it, and to whom. */
function outer(): ForwardVector[] {
  const { gateway, stranger, systems } = readVectors('keys.json')
  const with_ = (how: How) => ({ body: forward(licence(), how) })
  return [
    refused(
      ['no-gateway', 'wrong-type', 400, '请求系统绕过网关', 'a caller goes round the gateway'],
      { body: licence() },
    ),
    refused(
      ['typ', 'wrong-type', 400, '网关的答复充作转询', "the gateway's signature for another use"],
      with_({ header: { typ: 'assistance-answer+jwt' } }),
    ),
    refused(['stranger', 'unknown-key', 401, '未固定的密钥', 'a key that was not pinned'], {
      ...with_({ by: stranger }),
    }),
    refused(
      ['by-caller', 'unknown-key', 401, '请求系统自签转询', 'a caller signs the forward itself'],
      with_({ by: systems[LICENCES] ?? stranger }),
    ),
    refused(
      ['algorithm', 'unknown-key', 401, '算法与密钥登记的不符', "not the key's algorithm"],
      with_({ header: { alg: 'Ed25519' } }),
    ),
    refused(
      ['forged', 'signature', 401, '借用网关的 kid', "another key under the gateway's kid"],
      with_({ by: { ...stranger, kid: gateway.kid as string } }),
    ),
    refused(['altered', 'signature', 401, '签名后改动', 'altered after it was signed'], {
      body: altered(forward(licence()), '"intent":41', '"intent":42'),
    }),
    refused(
      ['other-provider', 'audience', 401, '给另一提供方的', 'for another provider'],
      with_({ claims: { aud: 'traffic-police' } }),
    ),
    refused(
      ['other-issuer', 'audience', 401, '以另一网关之名', "in another gateway's name"],
      with_({ claims: { iss: 'https://gateway.linjiang.example' } }),
    ),
  ]
}

function altered(jws: string, from: string, to: string): string {
  const [header, payload = '', signature] = jws.split('.')
  const text = Buffer.from(payload, 'base64url').toString().replace(from, to)
  return `${header}.${Buffer.from(text).toString('base64url')}.${signature}`
}

function times(): ForwardVector[] {
  const ahead = { iat: seconds + 31, exp: seconds + 91 }
  return [
    refused(['expired', 'expired', 401, 'exp 之后 31 秒', '31 s after exp'], {
      body: forward(licence()),
      now: at(91),
    }),
    refused(['clock-ahead', 'expired', 401, 'iat 超前 31 秒', 'iat is 31 s ahead'], {
      body: forward(licence(), { claims: ahead }),
    }),
    refused(['no-exp', 'expired', 401, '没有 exp', 'no exp'], {
      body: forward(licence(), { claims: { exp: undefined } }),
    }),
    refused(
      ['old-request', 'expired', 401, '新转询，旧请求', 'a new forward around an old request'],
      {
        body: forward(
          request(LICENCES, LICENCE, { claims: { iat: seconds - 300, exp: seconds - 91 } }),
        ),
      },
    ),
  ]
}

function members(): ForwardVector[] {
  const without = (name: string, zh: string, en: string, claims: How['claims'] = {}) =>
    refused([name, 'forward-schema', 422, zh, en], { body: forward(licence(), { claims }) })
  return [
    without('no-ask', '没有 ask', 'no ask', { ask: undefined }),
    without('ask-predicate', 'ask 不是数据项名', 'ask holds no names', {
      ask: [{ claim: 'status', equals: 'IN_BUSINESS' }],
    }),
    without('no-intent', '没有意向条目', 'no intent', { intent: undefined }),
    without('no-request', '没有请求原文', 'no request', { request: undefined }),
    without('no-version', '事项没有版本', 'the item has no version', { item: { code: 'ENT-01' } }),
  ]
}

/** The caller's own request, which the gateway cannot make. */
function inner(): ForwardVector[] {
  const around = (text: string) => ({ body: forward(text) })
  const { kid } = callerOf(LICENCES)
  return [
    refused(
      ['caller-unknown', 'unknown-key', 401, '未固定的请求系统', 'a caller that was not pinned'],
      around(request(HOUSING, LICENCE)),
    ),
    refused(
      ['caller-revoked', 'unknown-key', 401, '请求密钥已吊销', "the caller's key is revoked"],
      around(request(KIOSK, LICENCE)),
    ),
    refused(
      ['caller-forged', 'signature', 401, '网关冒名请求', "a request made up in the caller's name"],
      around(request(LICENCES, LICENCE, { by: strangerAs(LICENCES, kid) })),
    ),
    refused(
      ['caller-altered', 'signature', 401, '请求被改动', 'the request was altered'],
      around(altered(licence(), 'JY-2026-1180', 'JY-2026-1181')),
    ),
    refused(
      ['caller-audience', 'audience', 401, '给另一网关的请求', 'a request to another gateway'],
      around(request(LICENCES, LICENCE, { claims: { aud: 'https://gateway.linjiang.example' } })),
    ),
    refused(
      ['caller-type', 'wrong-type', 400, '凭证充作请求', 'a proof in place of a request'],
      around(request(LICENCES, LICENCE, { header: { typ: PROOF_TYPE } })),
    ),
    refused(
      ['caller-member-twice', 'malformed', 400, '请求中成员重复', 'a member twice in the request'],
      around(request(LICENCES, LICENCE, { bend: twice })),
    ),
    refused(['caller-malformed', 'malformed', 400, '请求不成形', 'the request is no JWS'], {
      body: forward(REQUEST_TYPE),
    }),
  ]
}

/** Nothing is answered that the caller did not ask. */
function scope(): ForwardVector[] {
  const asking = (claims: How['claims'] = {}) => ({ body: forward(licence(), { claims }) })
  const household = { code: 'HK-01', version: 1 }
  const foreign = request(LICENCES, { ...HOUSEHOLD, requester: LICENCE.requester })
  return [
    refused(
      ['not-asked', 'not-asked', 403, '问了请求没问的项', 'a claim that the caller did not ask'],
      asking({ ask: ['name', 'region'] }),
    ),
    refused(
      ['other-item', 'not-asked', 403, '另一事项', 'an item that the caller did not ask'],
      asking({ item: household }),
    ),
    refused(
      ['other-version', 'not-asked', 403, '请求指明了另一版本', 'the caller named another version'],
      { body: forward(request(LICENCES, { ...LICENCE, item: 'ENT-01@1' })) },
    ),
    refused(['unknown-item', 'unknown-item', 404, '不归这一提供方', "not this provider's item"], {
      body: forward(foreign, { claims: { item: household, ask: ['status'] } }),
    }),
  ]
}
