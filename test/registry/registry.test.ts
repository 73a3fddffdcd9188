import { afterEach, describe, expect, test } from 'vitest'
import { applyDocuments, RegistryError, readDocuments } from '../../src/registry/apply.ts'
import { bumpVersion } from '../../src/registry/registry.ts'
import { HOUSING, SUBDISTRICT } from '../caller.ts'
import { amend, claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway } from '../harness.ts'

afterEach(checkWholeLog)

const NOTHING = {
  agencies: [],
  systems: [],
  items: [],
  agreements: [],
  registers: [],
  contracts: [],
  services: [],
  blacklists: [],
  pledges: [],
}
const HOUSING_AGENCY = '11990100MB9901075L'

describe('the view of the registry', () => {
  test('is one version to the end; a change by another process is seen within half a second', async () => {
    const gateway = await openTestGateway()
    const before = await gateway.deps.registry.view()
    await amend(gateway.deps, 'system', { id: HOUSING, members: { status: 'suspended' } })
    gateway.clock.now += 499
    expect(await gateway.deps.registry.view()).toBe(before)
    gateway.clock.now += 1
    const after = await gateway.deps.registry.view()
    expect(after.version).toBeGreaterThan(before.version)
    expect(after.systems.get(HOUSING)?.status).toBe('suspended')
    expect(before.systems.get(HOUSING)?.status).toBe('active')
  })

  test('is read once however many ask for it at once', async () => {
    const gateway = await openTestGateway()
    await bumpVersion(gateway.deps.store.db)
    gateway.wait(1)
    const views = await Promise.all(Array.from({ length: 50 }, () => gateway.deps.registry.view()))
    expect(new Set(views).size).toBe(1)
  })

  test('that cannot be read again judges nobody: what is in memory may lack a revocation', async () => {
    const gateway = await openTestGateway()
    const { raw } = gateway.gateway
    raw.exec('ALTER TABLE meta RENAME TO away')
    gateway.clock.now += 500
    for (let i = 0; i < 3; i++) await expect(gateway.deps.registry.view()).rejects.toThrow()
    raw.exec('ALTER TABLE away RENAME TO meta')
    await gateway.deps.registry.view()
  })

  test('that changed makes remembered decisions void', async () => {
    const gateway = await openTestGateway()
    const claims = claimsOf('re-one-certificate')
    expect((await gateway.ask(HOUSING, claims)).status).toBe(200)
    await gateway.amend('agency', HOUSING_AGENCY, { kind: 'grass-roots' })
    const refused = await gateway.ask(HOUSING, claims)
    expect(refused.problem).toMatchObject({
      code: 'policy',
      policies: ['grass-roots-compare-only'],
    })
    await gateway.amend('agency', HOUSING_AGENCY, { kind: 'organ' })
    expect((await gateway.ask(HOUSING, claims)).status).toBe(200)
  })

  test('keeps the key that a request was signed with until it is revoked, not longer', async () => {
    const gateway = await openTestGateway()
    const claims = claimsOf('mar-rare-character')
    const answered = await gateway.ask(SUBDISTRICT, claims)
    expect(answered.status).toBe(200)
    await gateway.amendKey(SUBDISTRICT, { revoked_at: gateway.clock.now + 1000 })
    expect((await gateway.ask(SUBDISTRICT, claims)).problem?.code).toBe('revoked-key')
    // What was answered before still proves: evidence is judged as of its entry's time.
    expect((await gateway.verify(answered)).ok).toBe(true)
  })
})

describe('documents that do not fit', () => {
  test.each([
    ['no documents at all', null],
    ['an unknown collection', { ...NOTHING, citizens: [] }],
    ['an item of an unknown provider', { ...NOTHING, agreements: [{ id: 'x' }] }],
    ['a contract without a code', { ...NOTHING, contracts: [{}] }],
  ])('%s are refused before anything is written', (_, documents) => {
    expect(() => readDocuments(documents)).toThrow(RegistryError)
  })

  test('a row schema that could run away is refused by its place', () => {
    const register = {
      id: 'vehicle',
      provider: '11990100MB9901024C',
      names: { zh: '库', en: 'Register' },
      keys: ['plate_no'],
      updateFrequency: 'P30D',
      row: { type: 'object', properties: { plate_no: { type: 'string', pattern: '^(A+)+$' } } },
    }
    expect(() => readDocuments({ ...NOTHING, registers: [register] })).toThrow(
      '/registers/0/row/properties/plate_no/pattern: repeats what itself varies',
    )
  })

  test('a write that fails half-way leaves the registry as it was', async () => {
    const gateway = await openTestGateway()
    const { db } = gateway.deps.store
    const before = await db.selectFrom('agency').selectAll().orderBy('uscc').execute()
    const agency = { ...JSON.parse(String(before[0]?.doc)), status: 'suspended' }
    const broken = { id: 'x', item: null }
    const documents = { ...NOTHING, agencies: [agency], agreements: [broken] }
    await expect(applyDocuments(db, documents as never, [])).rejects.toThrow()
    expect(await db.selectFrom('agency').selectAll().orderBy('uscc').execute()).toEqual(before)
  })
})
