import { generateKeyPairSync } from 'node:crypto'
import { importJWK } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import type { NewKey } from '../../../src/registry/checks/documents.ts'
import type { System } from '../../../src/registry/documents.ts'
import type { Pledge } from '../../../src/registry/pledge.ts'
import type { Registry } from '../../../src/registry/registry.ts'
import { documents, registryOf } from '../seeded.ts'
import { type Case, findings, tryCases } from './checking.ts'

const CIVIL_AFFAIRS = '11990100MB99010327'
const COUNTY = '11990102MB9901104W'
const UNKNOWN = '11990100MB9999999X'

const CALLER: System = {
  id: 'civil-affairs-desk',
  agency: COUNTY,
  names: { zh: '民政窗口', en: 'Civil affairs desk' },
  // Itself, its sub-district, and that one's village.
  actsFor: [COUNTY, '11990102MB9901112P', '54990102MB99013074'],
  roles: ['caller'],
  status: 'active',
  rate: { perSecond: 20, burst: 40 },
}
const PROVIDER: System = {
  ...CALLER,
  roles: ['provider'],
  endpoint: 'https://answers.tingnan.example/assist',
}

describe('a system that is to join', () => {
  tryCases('system', [
    ['an unknown agency', { ...CALLER, agency: UNKNOWN }, 'owner', 'block', '/agency'],
    ['another agency’s id', { ...CALLER, id: 'housing-bureau' }, 'owner', 'block', '/id'],
    [
      'an unknown agency to act for',
      { ...CALLER, actsFor: [UNKNOWN] },
      'acts-for',
      'block',
      '/actsFor/0',
    ],
    [
      'a neighbour to act for',
      { ...CALLER, actsFor: [COUNTY, CIVIL_AFFAIRS] },
      'acts-for',
      'reason',
      '/actsFor/1',
    ],
    [
      'a caller that audits',
      { ...CALLER, roles: ['caller', 'auditor'] },
      'roles',
      'block',
      '/roles',
    ],
    ['a sandbox', { ...CALLER, roles: ['caller', 'sandbox'] }, 'roles', 'block', '/roles'],
    [
      'no address to answer at',
      { ...CALLER, roles: ['provider'] },
      'endpoint',
      'block',
      '/endpoint',
    ],
    [
      'no TLS',
      { ...PROVIDER, endpoint: 'http://answers.example/' },
      'endpoint',
      'reason',
      '/endpoint',
    ],
    [
      'a number for a name',
      { ...PROVIDER, endpoint: 'https://10.1.2.3/' },
      'endpoint',
      'reason',
      '/endpoint',
    ],
    [
      'a number of the other kind',
      { ...PROVIDER, endpoint: 'https://[::1]/' },
      'endpoint',
      'reason',
      '/endpoint',
    ],
    [
      'a number in disguise',
      { ...PROVIDER, endpoint: 'https://0x7f000001/' },
      'endpoint',
      'reason',
      '/endpoint',
    ],
    [
      'a password in it',
      { ...PROVIDER, endpoint: 'https://a:b@x.example/' },
      'endpoint',
      'block',
      '/endpoint',
    ],
    [
      'an address of a caller',
      { ...PROVIDER, roles: ['caller'] },
      'endpoint',
      'question',
      '/endpoint',
    ],
  ])

  test.each([CALLER, PROVIDER])('passes whole where nothing is wrong: $roles', (system) => {
    expect(findings('system', system).filter(({ level }) => level !== 'pass')).toEqual([])
  })
})

type Jwk = Readonly<Record<string, unknown>>

const jwkOf = (type: 'ec' | 'ed25519', more: Jwk = {}): { own: Jwk; secret: Jwk } => {
  const pair =
    type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('ed25519')
  const alg = type === 'ec' ? 'ES256' : 'Ed25519'
  return {
    own: { ...pair.publicKey.export({ format: 'jwk' }), alg, kid: 'k1', ...more },
    secret: { ...pair.privateKey.export({ format: 'jwk' }) },
  }
}
const held = jwkOf('ec')
const NEW: NewKey = { system: 'housing-bureau', jwk: jwkOf('ec', { kid: 'k2' }).own }
const registry: { current?: Registry } = {}

/** Filled before the tests run: a key of the registry carries its imported form. */
const holding = new Proxy({} as Registry, {
  get: (_, member) => (registry.current as Registry)[member as keyof Registry],
})

beforeAll(async () => {
  const verifier = (await importJWK(held.own, 'ES256')) as CryptoKey
  const key = {
    system: 'housing-bureau',
    kid: 'k1',
    alg: 'ES256' as const,
    jwk: held.own,
    verifier,
  }
  registry.current = registryOf({}, [{ ...key, validFrom: 0, validTo: null, revokedAt: null }])
})

describe('a key that is to be registered', () => {
  const cases: readonly Case<NewKey>[] = [
    ['its private half', { ...NEW, jwk: held.secret }, 'key-form', 'block', '/jwk'],
    [
      'another algorithm',
      { ...NEW, jwk: { ...NEW.jwk, alg: 'RS256' } },
      'key-form',
      'block',
      '/jwk/alg',
    ],
    [
      'the algorithm of another curve',
      { ...NEW, jwk: { ...NEW.jwk, alg: 'Ed25519' } },
      'key-form',
      'block',
      '/jwk/alg',
    ],
    ['another use', { ...NEW, jwk: { ...NEW.jwk, use: 'enc' } }, 'key-form', 'block', '/jwk/alg'],
    [
      'a member of every object',
      { ...NEW, jwk: { kty: 'EC', crv: 'P-256', alg: 'constructor' } },
      'key-form',
      'block',
      '/jwk/alg',
    ],
    ['no system', { ...NEW, system: 'nobody' }, 'key-owner', 'block', '/system'],
    ['a suspended system', { ...NEW, system: 'retired-kiosk' }, 'key-owner', 'block', '/system'],
    [
      'the same key again',
      { ...NEW, jwk: { ...held.own, kid: 'other' } },
      'key-owner',
      'block',
      '/jwk',
      { registry: holding },
    ],
    [
      'the same key of another system',
      { system: 'subdistrict', jwk: held.own },
      'key-owner',
      'block',
      '/jwk',
      { registry: holding },
    ],
    [
      'a name that is taken',
      { ...NEW, jwk: { ...NEW.jwk, kid: 'k1' } },
      'key-owner',
      'block',
      '/jwk/kid',
      { registry: holding },
    ],
  ]
  tryCases('key', cases)

  test.each(['ec', 'ed25519'] as const)('passes whole: %s', (type) => {
    const { own } = jwkOf(type, { kid: 'k3' })
    const { alg: _, ...unnamed } = own
    for (const jwk of [own, unnamed])
      expect(
        findings('key', { ...NEW, jwk }, { registry: holding }).map(({ level }) => level),
      ).toEqual(['pass', 'pass'])
  })
})

describe('a nil-report pledge that is proposed', () => {
  const [pledge] = documents.pledges as [Pledge]
  tryCases('pledge', [
    ['an unknown agency', { ...pledge, agency: UNKNOWN }, 'pledged', 'block', '/agency'],
    [
      'an agency that offers items',
      { ...pledge, agency: CIVIL_AFFAIRS },
      'pledged',
      'block',
      '/agency',
    ],
    [
      'tomorrow’s signature',
      { ...pledge, signedOn: '2026-11-24' },
      'pledged',
      'block',
      '/signedOn',
    ],
    [
      'a period to come',
      { ...pledge, from: '2027-01-01', to: '2027-12-31' },
      'pledged',
      'reason',
      '/from',
    ],
  ])

  test('passes whole where it is true', () => {
    expect(findings('pledge', pledge).map(({ level }) => level)).toEqual(['pass'])
  })
})
