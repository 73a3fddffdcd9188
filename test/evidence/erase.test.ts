import { createHash, randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { eraseRecord } from '../../src/evidence/erase.ts'
import { EraseError } from '../../src/evidence/erase-error.ts'
import { parseLeaf } from '../../src/log/entry.ts'
import { verifyEvidence } from '../../src/log/verify.ts'
import { HOUSING, SERVICE_CENTRE } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { refuseEntries } from '../engine.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'

afterEach(checkWholeLog)

const marriage = claimsOf('family-4-marriage')

async function evidenceRow({ deps }: TestGateway, index: number) {
  return deps.store.db
    .selectFrom('evidence')
    .selectAll()
    .where('idx', '=', index)
    .executeTakeFirstOrThrow()
}

describe('an erased record', () => {
  test('keeps its leaf and every proof; the bundle that the caller kept still verifies', async () => {
    const gateway = await openTestGateway()
    const jti = randomUUID()
    await gateway.ask(HOUSING, { ...marriage, jti })
    const path = `/v1/requests/${jti}/evidence`
    const bundle = JSON.parse((await gateway.read(HOUSING, path)).text)
    const size = gateway.size()
    const erased = await eraseRecord(gateway.deps, { jti })
    expect(erased).toEqual({
      erased: size - 1,
      records: [size - 1],
      entry: size,
      system: HOUSING,
    })
    const leaf = parseLeaf(String(await gateway.deps.store.readLeaf(size)))
    expect(leaf).toMatchObject({ kind: 'erasure', erases: [size - 1] })
    expect(JSON.stringify(leaf)).not.toContain(jti)
    const trust = await gateway.trust()
    const verdict = await verifyEvidence(bundle, trust, gateway.deps.crypto.sha256)
    expect(verdict.ok).toBe(true)
  })

  test('is gone: strings, data key, pseudonyms; its request is never executed again', async () => {
    const gateway = await openTestGateway()
    const jti = randomUUID()
    const request = gateway.request(HOUSING, { ...marriage, jti })
    const { index } = await gateway.send(request)
    await eraseRecord(gateway.deps, { jti })
    const { idx, erased_at, ...rest } = await evidenceRow(gateway, Number(index))
    expect(Object.values(rest).every((value) => value === null)).toBe(true)
    expect(erased_at).toBe(gateway.clock.now)
    for (let i = 0; i < 2; i++)
      expect((await gateway.send(request)).problem?.code).toBe('answer-erased')
    expect((await gateway.read(HOUSING, `/v1/requests/${jti}`)).problem?.code).toBe('answer-erased')
    expect((await gateway.read(HOUSING, `/v1/requests/${jti}/evidence`)).status).toBe(410)
    expect(gateway.calls.provider).toBe(1)
  })

  test.each(['unknown', 'already', 'ambiguous'] as const)('%s is told apart', async (code) => {
    const gateway = await openTestGateway()
    const jti = randomUUID()
    if (code !== 'unknown') await gateway.ask(HOUSING, { ...marriage, jti })
    if (code === 'already') await eraseRecord(gateway.deps, { jti })
    const caterer = claimsOf('ent-licence-of-a-caterer')
    if (code === 'ambiguous') await gateway.ask(SERVICE_CENTRE, { ...caterer, jti })
    const size = gateway.size()
    const failed = await eraseRecord(gateway.deps, { jti }).catch((error) => error)
    expect(failed).toBeInstanceOf(EraseError)
    expect(failed).toMatchObject({ code })
    expect(gateway.size()).toBe(size)
    if (code !== 'ambiguous') return
    expect(await eraseRecord(gateway.deps, { jti, system: HOUSING })).toMatchObject({
      system: HOUSING,
    })
  })

  test('is not erased where that cannot be recorded', async () => {
    const gateway = await openTestGateway()
    const jti = randomUUID()
    const request = gateway.request(HOUSING, { ...marriage, jti })
    const { text } = await gateway.send(request)
    const accept = await refuseEntries(gateway)
    await expect(eraseRecord(gateway.deps, { jti })).rejects.toThrow()
    await accept()
    expect((await gateway.send(request)).text).toBe(text)
  })
})

describe('what is stored about a request', () => {
  test('is sealed: nothing of it can be read in the file', async () => {
    const gateway = await openTestGateway()
    const { index } = await gateway.ask(HOUSING, marriage)
    const row = await evidenceRow(gateway, Number(index))
    const bytes = Buffer.concat(
      Object.values(row).flatMap((value) => (value instanceof Uint8Array ? [value] : [])),
    ).toString('latin1')
    const { idNo } = marriage.subject
    for (const secret of [idNo, 'eyJ', HOUSING, 'ZB-2026']) expect(bytes).not.toContain(secret)
  })

  test('is bound to its leaf by the salted hash, and equal people stay linkable for auditors', async () => {
    const gateway = await openTestGateway()
    const one = await gateway.ask(HOUSING, marriage)
    const other = await gateway.ask(HOUSING, { ...marriage, case: 'ZB-2026-0999' })
    const rows = []
    for (const { index } of [one, other]) {
      const row = await evidenceRow(gateway, Number(index))
      const leaf = parseLeaf(String(await gateway.deps.store.readLeaf(Number(index))))
      const { salt, subject, case_no, official } = row
      const bound = createHash('sha256').update([salt, subject, case_no, official].join('.'))
      expect(leaf.indexHash).toBe(bound.digest('base64url'))
      rows.push(row)
    }
    expect(rows[0]?.subject).toEqual(rows[1]?.subject)
    expect(rows[0]?.case_no).not.toEqual(rows[1]?.case_no)
    expect(rows[0]?.salt).not.toEqual(rows[1]?.salt)
  })

  test('cannot be exchanged with the record of another request', async () => {
    const gateway = await openTestGateway()
    const jti = randomUUID()
    const one = await gateway.ask(HOUSING, { ...marriage, jti })
    const other = await gateway.ask(HOUSING, marriage)
    const foreign = await evidenceRow(gateway, Number(other.index))
    const { sealed, data_key, kek } = foreign
    await gateway.deps.store.db
      .updateTable('evidence')
      .set({ sealed, data_key, kek })
      .where('idx', '=', Number(one.index))
      .execute()
    const reply = await gateway.read(HOUSING, `/v1/requests/${jti}`)
    expect(reply.status).toBe(500)
    expect(reply.text).not.toContain(String(other.text))
  })
})
