import { createHmac, createPublicKey } from 'node:crypto'
import { generateSigningKey } from '../src/keys/generate.ts'
import {
  callerWith,
  encode,
  HOUSING,
  headerOf,
  PROOF_TYPE,
  proofClaims,
  REQUEST_TYPE,
  requestEnvelope,
  SERVICE_CENTRE,
} from './caller.ts'
import { claimsOf } from './city.ts'
import {
  type Attack,
  known,
  nested,
  nextInAlphabet,
  spoiled,
  withClaims,
  withHeader,
  withText,
} from './forging.ts'
import { ISSUER } from './harness.ts'

/** RFC 8725 and the attack list of JWT tools, for a compact JWS. */
export const ATTACKS: readonly Attack[] = [
  ...['none', 'None', 'nOnE', 'NONE', ''].flatMap((alg): Attack[] => [
    {
      name: `alg "${alg}" without a signature`,
      code: 'malformed',
      forge: ({ header, claims }) => `${encode({ ...header(), alg })}.${encode(claims())}.`,
    },
    withHeader(`alg "${alg}" over a good signature`, { alg }, 'algorithm'),
  ]),
  ...['HS256', 'HS512', 'RS256', 'PS256', 'ES384', 'EdDSA', 'Ed25519', 'es256'].map((alg) =>
    withHeader(`alg ${alg} on an ES256 key`, { alg }, 'algorithm'),
  ),
  withHeader('alg as a list', { alg: ['ES256'] }, 'header'),
  withHeader('no alg at all', { alg: undefined }, 'header'),
  ...['pem', 'jwk', 'der'].map(
    (form): Attack => ({
      name: `HS256 with the public key as the secret (${form})`,
      code: 'algorithm',
      forge: ({ header, claims, caller }) => {
        const key = createPublicKey({ key: caller.jwk as JsonWebKey, format: 'jwk' })
        const secrets = {
          pem: key.export({ type: 'spki', format: 'pem' }),
          der: key.export({ type: 'spki', format: 'der' }),
          jwk: JSON.stringify(key.export({ format: 'jwk' })),
        }
        const signed = `${encode({ ...header(), alg: 'HS256' })}.${encode(claims())}`
        const secret = secrets[form as 'pem']
        return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
      },
    }),
  ),
  {
    name: "the thief's own key embedded as jwk",
    code: 'header',
    forge: async ({ header, claims, caller }) => {
      const { d: _, ...jwk } = await generateSigningKey('ES256')
      const thief = callerWith(caller.id, { ...(await generateSigningKey('ES256')) })
      return thief.sign({ ...header(), jwk }, claims())
    },
  },
  withHeader('jku', { jku: 'https://thief.example/jwks.json' }, 'header'),
  withHeader('x5u', { x5u: 'https://thief.example/chain.pem' }, 'header'),
  withHeader('x5c', { x5c: ['MIIB'] }, 'header'),
  withHeader('x5t', { x5t: 'dGhpZWY' }, 'header'),
  withHeader('an unknown crit', { crit: ['exp'], exp: 1 }, 'header'),
  withHeader('b64 false with crit', { b64: false, crit: ['b64'] }, 'header'),
  withHeader('b64 false without crit', { b64: false }, 'header'),
  withHeader('zip', { zip: 'DEF' }, 'header'),
  withHeader('cty of a nested JWT', { cty: 'JWT' }, 'header'),
  withHeader('no kid', { kid: undefined }, 'header'),
  ...[
    '../../../../etc/passwd',
    "' OR '1'='1",
    "x'; DROP TABLE system_key; --",
    'housing\u0000bureau',
    'k'.repeat(5 * 1024),
    '',
    '__proto__',
    'constructor',
    'https://thief.example/key',
  ].map((kid) => withHeader(`kid ${JSON.stringify(kid).slice(0, 40)}`, { kid }, 'unknown-key')),
  withHeader('kid as a number', { kid: 7 }, 'header'),
  withHeader('typ JWT', { typ: 'JWT' }, 'wrong-type'),
  withHeader('typ of an access token', { typ: 'at+jwt' }, 'wrong-type'),
  ...['__proto__', 'constructor', 'nobody', '', 7, null, [HOUSING], { toString: HOUSING }].map(
    (iss) => withClaims(`iss ${JSON.stringify(iss)}`, { iss }, 'unknown-key'),
  ),
  ...[
    'https://gateway.linjiang.example',
    `${ISSUER}/`,
    ISSUER.toUpperCase(),
    [ISSUER],
    [ISSUER, 'https://gateway.linjiang.example'],
    null,
    undefined,
    { [ISSUER]: true },
  ].map((aud) => withClaims(`aud ${JSON.stringify(aud)}`, { aud }, 'audience')),
  withText('a header that names alg twice', 'header', {
    header: (text) => text.replace('{', '{"alg":"none",'),
  }),
  withText('a header with __proto__', 'header', {
    header: (text) => text.replace('{', '{"__proto__":{"alg":"none"},'),
  }),
  withText('a header that hides a second kid behind an escape', 'header', {
    header: (text) => text.replace('{', '{"\\u006bid":"nobody",'),
  }),
  ...['"thief"', 'null', '[]', '1', '{', '{}{}', '\ufeff{}'].map((text) =>
    withText(`a payload of ${JSON.stringify(text)}`, 'malformed', { payload: () => text }),
  ),
  withText('a header that is a list', 'malformed', { header: () => '["ES256"]' }),
  known('a payload that names iss twice', (text) => text.replace('{', '{"iss":"service-centre",')),
  known('a payload that names jti twice, once escaped', (text) =>
    text.replace('{', '{"\\u006ati":"x",'),
  ),
  known('a payload with __proto__', (text) => text.replace('{', '{"__proto__":{"admin":true},')),
  known('a payload with a member of its own', (text) => text.replace('{', '{"admin":true,')),
  known('nesting 13 deep', (text) => nested(text, 13)),
  known('nesting 5,000 deep', (text) => nested(text, 5000)),
  known('a number beyond all numbers', (text) => text.replace(/"exp":\d+/, '"exp":1e999')),
  ...spoiled('padding', 'malformed', [(jws) => `${jws}=`, (jws) => jws.replaceAll('.', '=.')]),
  ...spoiled('a space', 'malformed', [
    (jws) => jws.replace('.', ' .'),
    (jws) => jws.replace('.', '. '),
  ]).map((one): Attack => ({ ...one, proof: 'proof' })),
  ...spoiled('white space at an end', 'malformed', [
    (jws) => `${jws}\n`,
    (jws) => `\n${jws}`,
    (jws) => `${jws} `,
    (jws) => jws.replace('.', '\r\n.'),
    (jws) => `\ufeff${jws}`,
  ]).map((one): Attack => ({ ...one, bodyOnly: true })),
  ...spoiled('the unused bits of a last character', 'malformed', [(jws) => nextInAlphabet(jws)]),
  ...spoiled('another number of parts', 'malformed', [
    (jws) => jws.split('.').slice(0, 2).join('.'),
    (jws) => `${jws}.AAAA`,
    (jws) => `.${jws}`,
    (jws) => jws.replace('.', '..'),
    (jws) => jws.replaceAll('.', ''),
    (jws) => `${jws}${jws}`,
  ]),
  ...spoiled('the other base64 alphabet', 'malformed', [
    (jws) => jws.replace(/[\w-](?=[^.]*$)/, '+'),
    (jws) => jws.replace(/[\w-](?=[^.]*$)/, '/'),
  ]),
  ...spoiled('the JSON serialisation', 'malformed', [
    (jws) => {
      const [header, payload, signature] = jws.split('.')
      return JSON.stringify({ payload, protected: header, signature })
    },
  ]).map((one): Attack => ({ ...one, proof: 'malformed' })),
  ...spoiled('a signature of zeros', 'signature', [
    (jws) => jws.replace(/\.[^.]+$/, `.${'A'.repeat(86)}`),
    (jws) => jws.replace(/\.[^.]+$/, '.AAAA'),
  ]),
  {
    name: 'bytes that are not UTF-8 in the payload',
    code: 'malformed',
    forge: ({ header, caller }) =>
      caller.sign(header(), Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)),
  },
  {
    name: 'an answer of the gateway sent back to it',
    code: 'wrong-type',
    forge: ({ answered }) => answered.text,
  },
  {
    name: "an answer under the caller's own header",
    code: 'signature',
    forge: ({ answered, header, claims }) =>
      `${encode(header())}.${encode(claims())}.${answered.text.split('.')[2]}`,
  },
  {
    name: 'a proof where a request belongs, and the other way round',
    code: 'wrong-type',
    forge: ({ gateway, door, caller }) => {
      const when = { issuer: ISSUER, nowMillis: gateway.clock.now }
      const other =
        door.takes === 'request'
          ? { typ: PROOF_TYPE, claims: proofClaims(caller, { path: '/v1/requests' }, when) }
          : {
              typ: REQUEST_TYPE,
              claims: { ...requestEnvelope(caller, when), ...claimsOf('family-4-marriage') },
            }
      return caller.sign(headerOf(caller, other.typ), other.claims)
    },
  },
  {
    name: "another system's key under one's own kid",
    code: 'signature',
    forge: ({ gateway, header, claims }) => gateway.caller(SERVICE_CENTRE).sign(header(), claims()),
  },
  {
    name: "another system's key and kid",
    code: 'unknown-key',
    forge: ({ gateway, header, claims }) => {
      const centre = gateway.caller(SERVICE_CENTRE)
      return centre.sign(header(centre), claims())
    },
  },
  {
    name: 'a retired key',
    code: 'unknown-key',
    forge: ({ retired, header, claims }) => retired.sign(header(retired), claims(retired)),
  },
  {
    name: 'a revoked key',
    code: 'revoked-key',
    forge: ({ revoked, header, claims }) => revoked.sign(header(revoked), claims(revoked)),
  },
]
