import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'

let gateway: TestGateway

beforeAll(async () => {
  gateway = await openTestGateway()
})

afterAll(checkWholeLog)

const getJson = async (path: string) => (await gateway.app.request(path)).json()

/** Every page by its `next`, as a program reads them. */
async function pages(path: string): Promise<Record<string, unknown[]>[]> {
  const read = []
  for (let next: string | undefined = path; next !== undefined; ) {
    const page = await getJson(next)
    read.push(page)
    next = page.next
    expect(read.length).toBeLessThan(100)
  }
  return read
}

describe.each([
  ['items', 'code'],
  ['services', 'code'],
  ['agencies', 'uscc'],
])('the list of %s', (name, key) => {
  const keysOf = (read: readonly Record<string, unknown[]>[]) =>
    read.flatMap((page) => (page[name] ?? []).map((one) => (one as Record<string, string>)[key]))

  test.each([1, 7, 100])(
    'read %d at a time is the whole list, in order, nothing twice',
    async (limit) => {
      const whole = keysOf(await pages(`/v1/catalog/${name}`))
      const read = await pages(`/v1/catalog/${name}?limit=${limit}`)
      expect(keysOf(read)).toEqual(whole)
      expect(whole).toEqual(whole.toSorted())
      for (const page of read) expect(new Set(keysOf([page])).size).toBeLessThanOrEqual(limit)
    },
  )

  test('says in a Link header too where it goes on', async () => {
    const path = `/v1/catalog/${name}?limit=2`
    const { next } = await getJson(path)
    const { headers } = await gateway.app.request(path)
    expect(headers.get('link')).toBe(`<${next}>; rel="next"`)
    expect(next).toContain('limit=2')
  })

  test('is asked about by its ETag, and not sent twice', async () => {
    const path = `/v1/catalog/${name}?limit=3`
    const first = await gateway.app.request(path)
    const etag = String(first.headers.get('etag'))
    const again = await gateway.app.request(path, { headers: { 'If-None-Match': etag } })
    expect(again.status).toBe(304)
    expect(await again.text()).toBe('')
    const other = await gateway.app.request(path.replace('3', '4'), {
      headers: { 'If-None-Match': etag },
    })
    expect(other.status).toBe(200)
  })

  test.each([
    'limit=0',
    'limit=101',
    'limit=-1',
    'limit=1.5',
    'limit=x',
    'limit=1e9',
    'cursor=..%2f',
    `cursor=${'A'.repeat(300)}`,
    'cursor=%00',
    'other=1',
  ])('%s is refused with the place that does not fit', async (query) => {
    const { problem } = await gateway.get(`/v1/catalog/${name}?${query}`)
    expect(problem).toMatchObject({ status: 400, code: 'parameters' })
  })

  test('behind its end is empty, not an error', async () => {
    const last = keysOf(await pages(`/v1/catalog/${name}`)).at(-1)
    const page = await getJson(`/v1/catalog/${name}?cursor=${last}`)
    expect(page[name]).toEqual([])
    expect(page).not.toHaveProperty('next')
  })
})

describe('the items', () => {
  test('are narrowed as on the page', async () => {
    const { items, total, all } = await getJson('/v1/catalog/items?kind=inquiry')
    const known = (await gateway.deps.registry.view()).items
    const inquiries = [...known.values()].filter(([newest]) => newest?.kind === 'inquiry')
    expect(items.map(({ code }: { code: string }) => code)).toEqual(
      inquiries.map(([newest]) => newest?.code).sort(),
    )
    expect({ total, all }).toEqual({ total: inquiries.length, all: known.size })
    const found = await getJson(`/v1/catalog/items?q=${encodeURIComponent('结婚证')}`)
    expect(found.items).toHaveLength(1)
  })

  test('come with all their public versions on one page', async () => {
    const { items } = await getJson('/v1/catalog/items?q=ENT-01&limit=1')
    expect(items.map(({ version }: { version: number }) => version)).toEqual([2, 1])
  })

  test.each([
    'kind=none',
    'sharing=all',
    'state=draft',
    'level=province',
    'agency=1',
    `q=${'x'.repeat(101)}`,
  ])('a filter that is none (%s) is refused', async (query) => {
    expect((await gateway.get(`/v1/catalog/items?${query}`)).problem?.code).toBe('parameters')
  })

  test('an empty filter, as forms send it, is none', async () => {
    const { total } = await getJson('/v1/catalog/items?q=&kind=&agency=&sharing=&state=&level=')
    expect(total).toBe((await gateway.deps.registry.view()).items.size)
  })
})

describe('an agency', () => {
  test('is told with what it answers and leads', async () => {
    const { items, services, names } = await getJson('/v1/catalog/agencies/11990100MB9901075L')
    expect(names.zh).toBe('云汀市住房和城乡建设局')
    expect(items.map(({ code }: { code: string }) => code)).toContain('CON-01')
    expect(services.map(({ code }: { code: string }) => code)).toContain('S04')
  })

  test.each([
    ['11990100MB9909999Z', 'parameters'],
    ['119901', 'parameters'],
    ['11990100MB99099999', 'not-found'],
  ])('%s is none', async (uscc, code) => {
    expect((await gateway.get(`/v1/catalog/agencies/${uscc}`)).problem?.code).toBe(code)
  })
})

test('the statistics are what the lists add up to', async () => {
  const { papers, services } = await getJson('/v1/catalog/statistics')
  const { total } = await getJson('/v1/catalog/services')
  expect(papers).toEqual(total)
  const defined = [...(await gateway.deps.registry.view()).services.values()].filter(
    ({ adopts }) => adopts === undefined,
  )
  expect(services).toHaveLength(defined.length)
})
