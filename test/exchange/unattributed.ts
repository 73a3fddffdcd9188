import { randomUUID } from 'node:crypto'
import type { Code, Party } from '../../src/errors.ts'
import { generateSigningKey } from '../../src/keys/generate.ts'
import { SANDBOX_AGENCY } from '../../src/registry/sandbox.ts'
import {
  callerWith,
  encode,
  HOUSING,
  headerOf,
  PROOF_TYPE,
  REQUEST_TYPE,
  requestEnvelope,
  SERVICE_CENTRE,
} from '../caller.ts'
import { claimsOf } from '../city.ts'
import { ISSUER, type TestGateway } from '../harness.ts'
import { fillSandbox, newcomer, register, registration } from '../newcomer.ts'
import { peopleOf, personOf } from '../people.ts'
import { type Reply, replyOf } from '../reply.ts'

/** A way to be refused, what the caller must be told, and how to get there. */
export type Case = {
  readonly code: Code
  readonly when: string
  readonly status: number
  readonly party: Party
  /** The last reply of what it sends is the refusal. */
  refuse(gateway: TestGateway): Promise<Reply>
}

const marriage = claimsOf('family-4-marriage')
const KIB = 1024

/** Checks 1 to 6: nobody is known yet, so nothing may be recorded. */
export const UNATTRIBUTED: readonly Case[] = [
  {
    code: 'too-large',
    when: 'the body is one byte over 64 KiB',
    status: 413,
    party: 'caller',
    refuse: (gateway) => gateway.send('A'.repeat(64 * KIB + 1)),
  },
  {
    code: 'media-type',
    when: 'a good request comes as JSON',
    status: 415,
    party: 'caller',
    refuse: (gateway) =>
      gateway.send(gateway.request(HOUSING, marriage), { 'content-type': 'application/json' }),
  },
  {
    code: 'malformed',
    when: 'a good request is followed by a line feed',
    status: 400,
    party: 'caller',
    refuse: (gateway) => gateway.send(`${gateway.request(HOUSING, marriage)}\n`),
  },
  {
    code: 'malformed',
    when: 'the payload is a JSON array',
    status: 400,
    party: 'caller',
    refuse: (gateway) => {
      const housing = gateway.caller(HOUSING)
      return gateway.send(housing.sign(headerOf(housing, REQUEST_TYPE), '[]'))
    },
  },
  {
    code: 'header',
    when: 'the header brings a jku',
    status: 400,
    party: 'caller',
    refuse: (gateway) =>
      gateway.send(gateway.request(HOUSING, marriage, { jku: 'https://keys.example/jwks.json' })),
  },
  {
    code: 'wrong-type',
    when: 'a proof is sent as a request',
    status: 400,
    party: 'caller',
    refuse: (gateway) => gateway.send(gateway.request(HOUSING, marriage, { typ: PROOF_TYPE })),
  },
  {
    code: 'unknown-key',
    when: 'nobody registered that system',
    status: 401,
    party: 'caller',
    refuse: (gateway) =>
      gateway.send(gateway.request(HOUSING, { ...marriage, iss: 'harbour-office' })),
  },
  {
    code: 'unknown-key',
    when: 'a system names the key of another system',
    status: 401,
    party: 'caller',
    refuse: (gateway) => {
      const { kid } = gateway.caller(SERVICE_CENTRE)
      return gateway.send(gateway.request(HOUSING, marriage, { kid }))
    },
  },
  {
    code: 'unknown-key',
    when: 'the key is valid from tomorrow on',
    status: 401,
    party: 'caller',
    refuse: async (gateway) => {
      await gateway.amendKey(HOUSING, { valid_from: gateway.clock.now + 86_400_000 })
      return gateway.ask(HOUSING, marriage)
    },
  },
  {
    code: 'unknown-key',
    when: 'the key was retired this very millisecond',
    status: 401,
    party: 'caller',
    refuse: async (gateway) => {
      await gateway.amendKey(HOUSING, { valid_to: gateway.clock.now + 1000 })
      return gateway.ask(HOUSING, marriage)
    },
  },
  {
    code: 'revoked-key',
    when: 'the key was revoked this very millisecond',
    status: 401,
    party: 'caller',
    refuse: async (gateway) => {
      await gateway.amendKey(HOUSING, { revoked_at: gateway.clock.now + 1000 })
      return gateway.ask(HOUSING, marriage)
    },
  },
  {
    code: 'algorithm',
    when: 'alg is a good one, but not that of the registered key',
    status: 401,
    party: 'caller',
    refuse: (gateway) => gateway.send(gateway.request(HOUSING, marriage, { alg: 'Ed25519' })),
  },
  {
    code: 'signature',
    when: 'a thief signs with a key of his own under a registered kid',
    status: 401,
    party: 'caller',
    refuse: async (gateway) => {
      const { kid } = gateway.caller(HOUSING)
      const thief = callerWith(HOUSING, { ...(await generateSigningKey('ES256')), kid })
      const nowMillis = gateway.clock.now
      const claims = { ...requestEnvelope(thief, { issuer: ISSUER, nowMillis }), ...marriage }
      return gateway.send(thief.sign(headerOf(thief, REQUEST_TYPE), claims))
    },
  },
  {
    code: 'signature',
    when: 'the payload was changed after signing',
    status: 401,
    party: 'caller',
    refuse: (gateway) => {
      const [header, , signature] = gateway.request(HOUSING, marriage).split('.')
      const envelope = requestEnvelope(gateway.caller(HOUSING), {
        issuer: ISSUER,
        nowMillis: gateway.clock.now,
      })
      const payload = encode({ ...envelope, ...marriage, case: 'ZB-2026-9999' })
      return gateway.send(`${header}.${payload}.${signature}`)
    },
  },
  {
    code: 'audience',
    when: 'it was signed for the gateway of another city',
    status: 401,
    party: 'caller',
    refuse: (gateway) =>
      gateway.ask(HOUSING, { ...marriage, aud: 'https://gateway.linjiang.example' }),
  },
  {
    code: 'audience',
    when: 'aud is a list that names this gateway among others',
    status: 401,
    party: 'caller',
    refuse: (gateway) =>
      gateway.ask(HOUSING, { ...marriage, aud: [ISSUER, 'https://gateway.linjiang.example'] }),
  },
]

/** Reads and routes: refused without a record, since a read leaves none. */
export const ROUTES: readonly Case[] = [
  {
    code: 'proof',
    when: 'a read brings no proof',
    status: 401,
    party: 'caller',
    refuse: (gateway) => gateway.get(`/v1/requests/${randomUUID()}`),
  },
  {
    code: 'proof-replayed',
    when: 'a proof is used again by whoever overheard it',
    status: 401,
    party: 'caller',
    refuse: async (gateway) => {
      const path = `/v1/requests/${randomUUID()}`
      const proof = gateway.proof(HOUSING, path)
      await gateway.get(path, { authorization: `Bearer ${proof}` })
      return gateway.get(path, { authorization: `Bearer ${proof}` })
    },
  },
  {
    code: 'role',
    when: 'a caller reads log entries, which are for auditors',
    status: 403,
    party: 'authority',
    refuse: (gateway) => gateway.read(HOUSING, '/log/tile/entries/000.p/1'),
  },
  {
    code: 'signed-out',
    when: 'nobody is signed in',
    status: 401,
    party: 'caller',
    refuse: (gateway) => gateway.get('/v1/admin/me'),
  },
  {
    code: 'forbidden',
    when: "somebody ends the sessions of another agency's person",
    status: 403,
    party: 'authority',
    refuse: async (gateway) => {
      const { signIn, as } = peopleOf(gateway)
      const path = `/v1/admin/people/${personOf('fan').id}/sessions`
      return replyOf('', await as(await signIn('gao'))('DELETE', path))
    },
  },
  {
    code: 'cross-site',
    when: 'a form of another site brings the cookie along',
    status: 403,
    party: 'caller',
    refuse: async (gateway) => {
      const headers = {
        cookie: await peopleOf(gateway).signIn('ann'),
        origin: 'https://evil.example',
      }
      const path = '/v1/admin/me/sessions'
      return replyOf('', await gateway.app.request(path, { method: 'DELETE', headers }))
    },
  },
  {
    code: 'sandbox-off',
    when: 'a newcomer registers where the sandbox agency is suspended',
    status: 403,
    party: 'gateway',
    refuse: async (gateway) => {
      await gateway.amend('agency', SANDBOX_AGENCY, { status: 'suspended' })
      return register(gateway, await registration(await newcomer(), gateway.clock.now))
    },
  },
  {
    code: 'sandbox-full',
    when: 'a newcomer comes after a thousand others',
    status: 403,
    party: 'gateway',
    refuse: async (gateway) => {
      await fillSandbox(gateway)
      return register(gateway, await registration(await newcomer(), gateway.clock.now))
    },
  },
  {
    code: 'no-calendar',
    when: 'a due date lies in a year whose days off nobody knows yet',
    status: 409,
    party: 'gateway',
    refuse: (gateway) => gateway.get('/v1/catalog/deadline?from=2026-12-31&days=1'),
  },
  {
    code: 'not-found',
    when: 'there is no such address',
    status: 404,
    party: 'caller',
    refuse: (gateway) => gateway.get('/v1/citizens'),
  },
  {
    code: 'parameters',
    when: 'the jti of a read is not a UUID',
    status: 400,
    party: 'caller',
    refuse: (gateway) => gateway.read(HOUSING, '/v1/requests/42'),
  },
]
