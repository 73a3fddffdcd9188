import { afterEach, describe, expect, test } from 'vitest'
import { parseLeaf } from '../../src/log/entry.ts'
import { HOUSING, type Members } from '../caller.ts'
import { claimsOf, EXAMPLES } from '../city.ts'
import { checkWholeLog, ISSUER, openTestGateway } from '../harness.ts'

afterEach(checkWholeLog)

const ANSWERED = EXAMPLES.filter(({ expect }) => expect.outcome !== undefined)
const marriage = claimsOf('family-4-marriage')

describe('what is asked for lawfully is answered, signed, recorded and provable', () => {
  test.each(ANSWERED)('$name', async ({ system, claims, expect: { outcome }, results }) => {
    const gateway = await openTestGateway()
    const reply = await gateway.ask(system, claims)
    expect(reply.status).toBe(200)
    expect(reply.answer).toMatchObject({ iss: ISSUER, aud: system, outcome })
    expect(reply.answer?.claims).toEqual(results)
    expect(reply.answer).not.toHaveProperty('sub')
    expect(reply.answer).not.toHaveProperty('exp')
    const leaf = parseLeaf(String(await gateway.deps.store.readLeaf(Number(reply.index))))
    expect(leaf).toMatchObject({ kind: 'exchange', caller: system, outcome })
    expect(await gateway.verify(reply)).toMatchObject({ ok: true, entry: { outcome } })
    expect(gateway.calls.provider).toBe(1)
  })
})

test('the answer says which request it belongs to, and nothing of it says more than was asked', async () => {
  const gateway = await openTestGateway()
  const request = gateway.request(HOUSING, marriage)
  const { answer } = await gateway.send(request)
  expect(Object.keys(answer ?? {}).sort()).toEqual(
    [
      'asOf',
      'aud',
      'claims',
      'iat',
      'iss',
      'item',
      'jti',
      'outcome',
      'provider',
      'request',
      'source',
    ].sort(),
  )
  const hash = Buffer.from(gateway.deps.crypto.sha256(Buffer.from(request))).toString('base64url')
  expect(answer?.request).toMatchObject({ hash })
})

test('the log keeps nothing personal: not the subject, the case, the official or the jti', async () => {
  const gateway = await openTestGateway()
  const request = gateway.request(HOUSING, marriage)
  const { index } = await gateway.send(request)
  const leaf = String(await gateway.deps.store.readLeaf(Number(index)))
  const payload = JSON.parse(Buffer.from(request.split('.')[1] ?? '', 'base64url').toString())
  const { idNo, name } = payload.subject
  for (const secret of [idNo, name, payload.case, payload.official.id, payload.jti])
    expect(leaf).not.toContain(secret)
})

test('whoever asks for JSON gets the evidence bundle that verifies as it stands', async () => {
  const gateway = await openTestGateway()
  const request = gateway.request(HOUSING, marriage)
  const reply = await gateway.send(request, { accept: 'application/json' })
  const bundle = JSON.parse(reply.text) as Members
  expect(Object.keys(bundle).sort()).toEqual(['answer', 'entry', 'receipt', 'request'])
  expect(bundle.request).toBe(request)
  const again = await gateway.send(request, { accept: 'application/json' })
  expect(JSON.parse(again.text).answer).toBe(bundle.answer)
})
