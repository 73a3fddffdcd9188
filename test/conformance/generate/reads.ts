import { randomUUID } from 'node:crypto'
import { ISSUER } from '../gateway.ts'
import type { ReadVector } from '../vectors.ts'
import {
  AUDIT,
  at,
  HOUSING,
  LICENCE,
  LICENCES,
  proof,
  REQUEST_TYPE,
  request,
  seconds,
} from './sign.ts'

type Short = Pick<ReadVector, 'name' | 'note' | 'path' | 'expect'> &
  Partial<ReadVector> & { readonly bearer?: string }

function read({ bearer, ...one }: Short): ReadVector {
  const headers: Record<string, string> = bearer ? { authorization: `Bearer ${bearer}` } : {}
  return { state: 'as-registered', now: at(0), headers, ...one }
}

const refused = (status: number, code: string) => ({ status, code })

/** Every GET by a system brings an agency proof: for this method and address, once. */
export function reads(): ReadVector[] {
  const jti = randomUUID()
  const earlier = [{ now: at(0), body: request(LICENCES, LICENCE, { claims: { jti } }) }]
  const path = `/v1/requests/${jti}`
  const entries = '/log/tile/entries/000.p/1'
  const own = (name: string, zh: string, en: string, how: Partial<Short>): ReadVector =>
    read({ name, note: { zh, en }, path, earlier, expect: refused(401, 'proof'), ...how })
  return [
    own('outcome', '读取自己的答复，逐字节相同', "one's own answer, the same bytes", {
      bearer: proof(LICENCES, path),
      expect: { status: 200, type: 'application/jwt', same: 0 },
    }),
    own('evidence', '读取存证包', "one's own evidence bundle", {
      path: `${path}/evidence`,
      bearer: proof(LICENCES, `${path}/evidence`),
      expect: { status: 200, type: 'application/json', outcome: 'ANSWERED' },
    }),
    own('entries', '审计系统读取日志条目', 'an auditor reads entries', {
      path: entries,
      bearer: proof(AUDIT, entries),
      expect: { status: 200, type: 'application/octet-stream' },
    }),
    own('no-proof', '没有凭证', 'no proof', {}),
    own('other-method', '凭证用于另一方法', 'a proof for another method', {
      bearer: proof(LICENCES, path, { htm: 'POST' }),
    }),
    own('other-path', '凭证用于另一地址', 'a proof for another address', {
      bearer: proof(LICENCES, `${path}/evidence`),
    }),
    own('other-host', '凭证用于另一网关的地址', 'a proof for the address of another gateway', {
      bearer: proof(LICENCES, path, { htu: `https://gateway.linjiang.example${path}` }),
    }),
    own('lives-too-long', '有效期 61 秒', 'it lives for 61 s', {
      bearer: proof(LICENCES, path, { exp: seconds + 61 }),
    }),
    own('short-jti', 'jti 太短', 'its jti is too short', {
      bearer: proof(LICENCES, path, { jti: '1' }),
    }),
    own('unknown-member', '未知成员', 'an unknown member', {
      bearer: proof(LICENCES, path, { scope: 'all' }),
    }),
    own('expired', 'exp 之后 30 秒', '30 s after exp', {
      bearer: proof(LICENCES, path),
      now: at(90),
      expect: refused(401, 'expired'),
    }),
    own('audience', '签给另一网关', 'signed for another gateway', {
      bearer: proof(LICENCES, path, { aud: `${ISSUER}/` }),
      expect: refused(401, 'audience'),
    }),
    own('request-as-proof', '以请求充凭证', 'a request in place of a proof', {
      bearer: proof(LICENCES, path, {}, { typ: REQUEST_TYPE }),
      expect: refused(400, 'wrong-type'),
    }),
    own('replayed', '凭证用了两次', 'a proof used twice', {
      bearer: proof(LICENCES, path),
      times: 2,
      expect: refused(401, 'proof-replayed'),
    }),
    own('of-another', '别人的记录与没有的记录无异', "another's record looks like none", {
      bearer: proof(HOUSING, path),
      expect: refused(404, 'not-found'),
    }),
    own('erased', '记录已删除', 'the record was erased', {
      state: 'erased',
      bearer: proof(LICENCES, path),
      expect: refused(410, 'answer-erased'),
    }),
    own('not-an-auditor', '非审计系统读取条目', 'entries, read by no auditor', {
      path: entries,
      bearer: proof(LICENCES, entries),
      expect: refused(403, 'role'),
    }),
    own('parameters', 'jti 不是 UUID', 'the jti is no UUID', {
      path: '/v1/requests/42',
      bearer: proof(LICENCES, '/v1/requests/42'),
      expect: refused(400, 'parameters'),
    }),
  ]
}
