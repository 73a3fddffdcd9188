import { afterEach, describe, expect, test } from 'vitest'
import { openSheetFile } from '../../src/registry/sheet/open-file.ts'
import { checkWholeLog, ISSUER, openTestGateway } from '../harness.ts'
import { openWithPeople } from '../people.ts'
import { CIVIL } from '../proposing.ts'

afterEach(checkWholeLog)

const PATH = '/v1/catalog/export'

async function opened() {
  const gateway = await openTestGateway()
  const get = (path: string, headers: Record<string, string> = {}) =>
    gateway.app.request(`${ISSUER}${path}`, { headers })
  return { gateway, get }
}

async function rowsIn(reply: Response) {
  expect(reply.status).toBe(200)
  const read = await openSheetFile(new Uint8Array(await reply.arrayBuffer()))
  if ('wrong' in read) throw new Error(read.wrong.en)
  const [code] = read.given.headings
  return {
    code,
    codes: read.given.rows.map(({ cells }) => cells[0]),
    headings: read.given.headings,
  }
}

describe('the catalogue as a file', () => {
  test('is what the list of it holds, in each form, and never how a provider is reached', async () => {
    const { get } = await opened()
    const { total } = await (await get('/v1/catalog/items?limit=1')).json()
    for (const form of ['csv', 'xlsx']) {
      const { code, codes } = await rowsIn(await get(`${PATH}/items?form=${form}`))
      expect(code).toBe('事项编码')
      expect(codes).toHaveLength(total)
      expect(codes).toEqual([...codes].sort())
    }
    const text = await (await get(`${PATH}/items?form=json`)).text()
    expect(JSON.parse(text).documents).toHaveLength(total)
    expect(text).not.toMatch(/"(connector|register|lookup|confirm)":/)
  })

  test('takes the filters of its pages, and the language of its headings', async () => {
    const { get } = await opened()
    const civil = await rowsIn(await get(`${PATH}/items?agency=${CIVIL}&lang=en`))
    expect(civil).toMatchObject({ code: 'Item code', codes: expect.arrayContaining(['MAR-01']) })
    expect(civil.codes).not.toContain('ID-01')
    const services = await rowsIn(await get(`${PATH}/services?q=${encodeURIComponent('公共租赁')}`))
    expect(new Set(services.codes)).toEqual(new Set(['S04']))
  })

  test('has a name in Chinese with the day, another for whoever cannot read that, and its own media type', async () => {
    const { get } = await opened()
    const { headers } = await get(`${PATH}/items?form=xlsx`)
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="items-2026-11-23.xlsx"; filename*=UTF-8''${encodeURIComponent('协助事项-2026-11-23.xlsx')}`,
    )
    expect(headers.get('content-type')).toMatch(/spreadsheetml/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('is not sent again while the registry is the same', async () => {
    const { gateway, get } = await opened()
    const tag = (await get(`${PATH}/items`)).headers.get('etag') as string
    expect((await get(`${PATH}/items`, { 'if-none-match': tag })).status).toBe(304)
    await gateway.amend('item', 'MAR-01', { fee: { zh: '免费', en: 'Free' } })
    const changed = await get(`${PATH}/items`, { 'if-none-match': tag })
    expect(changed.status).toBe(200)
    expect(await changed.text()).toContain('免费')
  })

  test('holds nothing that was not published, or is no longer', async () => {
    const { gateway, get } = await opened()
    await gateway.amend('item', 'MAR-01', { state: 'retired' })
    expect((await rowsIn(await get(`${PATH}/items`))).codes).not.toContain('MAR-01')
  })

  test('is a template where no rows are wanted', async () => {
    const { get } = await opened()
    const { headings, codes } = await rowsIn(await get(`${PATH}/services?rows=template&lang=en`))
    expect(codes).toEqual([])
    expect(headings).toContain('Material')
  })

  test.each([
    ['another form', 'items?form=pdf'],
    ['a filter that there is not', 'items?owner=x'],
    ['an agency that is none', 'items?agency=x'],
    ['words beyond all bounds', `services?q=${'x'.repeat(101)}`],
    ['agreements, which are not public', 'agreements'],
  ])('refuses %s', async (_, asked) => {
    const { get } = await opened()
    const reply = await get(`${PATH}/${asked}`)
    expect([400, 404]).toContain(reply.status)
    expect(reply.headers.get('content-type')).toBe('application/problem+json')
  })
})

describe('what somebody has business with, as a file', () => {
  const agreementsOf = async (subject: string) => {
    const { signIn, as } = await openWithPeople()
    const get = as(await signIn(subject))
    return rowsIn(await get('GET', '/v1/admin/export/agreements'))
  }

  test('is each one’s own: his agency’s agreements, and those of its items', async () => {
    expect((await agreementsOf('ji')).codes).toContain('housing-mar')
    const civil = (await agreementsOf('ding')).codes
    expect(civil).toContain('housing-mar')
    expect(civil).not.toContain('housing-ent')
    expect((await agreementsOf('ning')).codes.length).toBeGreaterThan(civil.length)
  })

  test('is nobody’s who is not signed in, and nobody keeps it', async () => {
    const { gateway, signIn, as } = await openWithPeople()
    const path = '/v1/admin/export/items'
    expect((await gateway.app.request(`${ISSUER}${path}`)).status).toBe(401)
    const reply = await as(await signIn('ding'))('GET', path)
    expect(reply.headers.get('cache-control')).toBe('no-store')
    const { codes } = await rowsIn(reply)
    expect(codes).toContain('MAR-01')
    expect(codes).not.toContain('ID-01')
  })
})
