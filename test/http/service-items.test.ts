import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { applyServices, MOVING } from '../service-items.ts'

let gateway: TestGateway

beforeAll(async () => {
  gateway = await openTestGateway()
  await applyServices(gateway.deps, [
    MOVING,
    { ...MOVING, code: 'T02', state: 'draft' },
    { ...MOVING, code: 'T03', state: 'suspended' },
  ])
})

afterAll(checkWholeLog)

const LIST = '/v1/catalog/services'
const MAY = '/v1/catalog/not-demandable'
const getJson = async (path: string) => (await gateway.app.request(path)).json()
const ask = (q: string) => getJson(`${MAY}?q=${encodeURIComponent(q)}`)

describe('the services', () => {
  test('are listed with who leads them and their papers before and after', async () => {
    const { services } = await getJson(LIST)
    const moving = services.find(({ code }: { code: string }) => code === 'T01')
    expect(moving).toEqual({
      code: 'T01',
      names: MOVING.names,
      state: 'published',
      lead: { uscc: MOVING.lead, names: expect.objectContaining({ en: expect.any(String) }) },
      coLeads: [],
      counts: { before: 7, after: 2, proven: 3, pending: 1, committed: 1, abolished: 1, kept: 1 },
    })
  })

  test('add up to the total, drafts left out and what is adopted counted once', async () => {
    const { services, total } = await getJson(LIST)
    const codes = services.map(({ code }: { code: string }) => code)
    expect(codes).toEqual(expect.arrayContaining(['T01', 'T03']))
    expect(codes).not.toContain('T02')
    const defined = services.filter((one: { adopts?: unknown }) => one.adopts === undefined)
    expect(defined.length).toBeLessThan(services.length)
    for (const part of Object.keys(total)) {
      const parts = defined.map(({ counts }: { counts: Record<string, number> }) => counts[part])
      expect(parts.reduce((a: number, b: number) => a + b, 0)).toBe(total[part])
    }
  })

  test('one tells of each material what stands for it, why, and by what law', async () => {
    const { materials, counts } = await getJson(`${LIST}/T01`)
    expect(counts).toMatchObject({ before: 7, after: 2 })
    expect(materials[1]).toMatchObject({
      id: 'T01-02',
      standing: 'proven',
      decision: { kind: 'replaced' },
      items: [
        { code: 'ID-01', names: { zh: '居民身份信息核验' }, kind: 'verification' },
        { code: 'HK-01', names: { en: expect.any(String) }, state: 'published' },
      ],
      tests: { obtainable: true },
      law: [{ title: '政务数据共享条例', mark: 'read' }],
    })
    expect(materials[3]).toMatchObject({ standing: 'pending', items: [{}, { code: 'KIN-01' }] })
    expect(materials[4]).toMatchObject({ standing: 'committed', items: [{ code: 'RE-01' }] })
    expect(JSON.stringify(materials)).not.toContain('connector')
  })

  test('follow their items: what is suspended has to be brought again', async () => {
    const own = await openTestGateway()
    await applyServices(own.deps, [MOVING])
    const brought = async () => (await (await own.app.request(`${LIST}/T01`)).json()).counts.after
    expect(await brought()).toBe(2)
    await own.amend('item', 'MAR-01', { state: 'suspended' })
    expect(await brought()).toBe(3)
  })

  test.each(['T02', 'S99', 'nope'])('%s is not found', async (code) => {
    expect((await gateway.get(`${LIST}/${code}`)).problem?.code).toBe('not-found')
  })
})

describe('may this proof be demanded', () => {
  test('tells verdict, reasons and citation', async () => {
    const found = await ask('邻里意见')
    expect(found.verdict).toBe('NOT_DEMANDABLE')
    expect(found.matches[0]).toMatchObject({
      match: 'exact',
      ground: 'abolished',
      service: { code: 'T01' },
      reason: { zh: '理由' },
      law: [{ title: '政务数据共享条例' }],
    })
  })

  test('knows the national lists, with where they were read', async () => {
    const { matches } = await ask('证件遗失证明')
    const listed = matches.find(({ ground }: { ground: string }) => ground === 'listed')
    expect(listed).toMatchObject({ match: 'exact', list: { id: 'GRASS-ROOTS-2020' } })
    expect(listed.list.sources[0]).toMatch(/^http/)
  })

  test('never takes "not found" for leave to demand', async () => {
    expect(await ask('登月体验登记单')).toMatchObject({
      verdict: 'NOT_LISTED',
      total: 0,
      matches: [],
    })
  })

  test.each([
    ['nothing', ''],
    ['an empty name', '?q='],
    ['one character', `?q=${encodeURIComponent('证')}`],
    ['spaces and dots only', `?q=${encodeURIComponent(' · ·\u200b ')}`],
    ['a name beyond all measure', `?q=${'a'.repeat(101)}`],
    ['an unknown parameter', '?q=abc&limit=100000'],
    ['a name twice', '?q=abc&q=abd'],
  ])('refuses %s', async (_, query) => {
    const reply = await gateway.get(`${MAY}${query}`)
    expect(reply.problem?.code).toBe('parameters')
  })

  test.each([
    '<script>alert(1)</script>',
    "' OR 1=1 --",
    '%_%',
    '.*证明',
    '__proto__',
    '\ud800证明',
  ])('takes %s for a name and nothing else', async (asked) => {
    const response = await gateway.app.request(
      `${MAY}?q=${encodeURIComponent(asked.toWellFormed())}`,
    )
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('application/json')
    const text = await response.text()
    expect(JSON.parse(text).verdict).toBe('NOT_LISTED')
    expect(text).not.toContain(asked)
  })
})

describe('the catalogue in a cache', () => {
  test.each([LIST, `${LIST}/T01`, `${MAY}?q=abc`])('%s is kept until it changes', async (path) => {
    const first = await gateway.app.request(path)
    expect(first.headers.get('cache-control')).toBe('public, max-age=300')
    const tag = String(first.headers.get('etag'))
    const again = await gateway.app.request(path, { headers: { 'If-None-Match': tag } })
    expect(again.status).toBe(304)
    expect(again.headers.get('cache-control')).toBe('public, max-age=300')
    expect(await again.text()).toBe('')
    const other = await gateway.app.request(path, { headers: { 'If-None-Match': '"other"' } })
    expect(other.status).toBe(200)
  })

  test('a refusal is not kept', async () => {
    for (const path of [`${LIST}/S99`, MAY]) {
      const { headers } = await gateway.app.request(path)
      expect(headers.get('cache-control')).toBeNull()
      expect(headers.get('etag')).toBeNull()
    }
  })
})
