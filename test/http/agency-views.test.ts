import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'

const CIVIL_AFFAIRS = '11990100MB99010327'
const COUNTY = '11990102MB99012861'
const OTHER_COUNTY = '11990121MB9901315W'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openTestGateway()
})
afterAll(checkWholeLog)

const read = (path: string, headers: Record<string, string> = {}) =>
  gateway.app.request(`/v1/catalog${path}`, { headers })
const json = async (path: string) => (await read(path)).json()

describe('what agencies are missing', () => {
  test('stands for one agency, with what it could take over', async () => {
    const found = await json(`/agencies/${COUNTY}/gaps`)
    expect(found.agency).toMatchObject({ uscc: COUNTY, level: 'county', function: 'civil-affairs' })
    expect(found.services.map(({ adopts }: { adopts: string }) => adopts)).toEqual(['S07', 'S11'])
  })

  test('is summed up for all of them, a figure for what each page lists', async () => {
    const { agencies } = await json('/gaps')
    for (const uscc of [COUNTY, CIVIL_AFFAIRS, OTHER_COUNTY]) {
      const one = await json(`/agencies/${uscc}/gaps`)
      expect(agencies.find((row: { uscc: string }) => row.uscc === uscc)).toMatchObject({
        siblings: one.siblings.length,
        materials: one.materials.length,
        services: one.services.length,
        items: one.items.length,
        pledge: one.pledge,
      })
    }
  })

  test('a pledge is owed from the day after its last one, by the gateway’s own clock', async () => {
    const pledge = async () => (await json(`/agencies/${OTHER_COUNTY}/gaps`)).pledge
    expect(await pledge()).toBe('signed')
    const before = gateway.clock.now
    // Midnight in Shanghai.
    gateway.clock.now = Date.parse('2026-12-31T15:59:59Z')
    expect(await pledge()).toBe('signed')
    gateway.clock.now = Date.parse('2026-12-31T16:00:00Z')
    expect(await pledge()).toBe('owed')
    gateway.clock.now = before
  })
})

test('the three lists of an agency', async () => {
  const found = await json(`/agencies/${COUNTY}/lists`)
  const codes = (list: { code: string }[]) => list.map(({ code }) => code)
  expect(codes(found.power)).toEqual(['LOWTN-02', 'S03.tingnan'])
  expect(codes(found.approval)).toEqual(['LOWTN-02', 'S03.tingnan'])
  expect(codes(found.responsibility)).toEqual(['LOWTN-02', 'S03.tingnan'])
  expect(JSON.stringify(found)).not.toContain('connector')
})

describe.each(['/gaps', `/agencies/${COUNTY}/gaps`, `/agencies/${COUNTY}/lists`])('%s', (path) => {
  test('is not sent again where nothing changed', async () => {
    const etag = (await read(path)).headers.get('etag') ?? ''
    expect(etag).not.toBe('')
    const again = await read(path, { 'If-None-Match': etag })
    expect([again.status, await again.text()]).toEqual([304, ''])
  })
})

test.each([
  ['11990100MB9999999X', 404, 'not-found'],
  ['11990100', 400, 'parameters'],
  ['%2e%2e%2fitems', 400, 'parameters'],
])('%s is no agency: %i', async (uscc, status, code) => {
  for (const view of ['gaps', 'lists']) {
    const reply = await gateway.get(`/v1/catalog/agencies/${uscc}/${view}`)
    expect([reply.status, reply.problem?.code]).toEqual([status, code])
  }
})
