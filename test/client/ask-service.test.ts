import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { createClient, type People, PlanError, type ServiceCase } from '../../src/client/index.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { clientOf, GATEWAY, type Wire } from './asking.ts'

afterEach(checkWholeLog)

const names = { zh: '材料', en: 'Paper' }
const paper = (id: string, kind: string, items?: readonly string[]) => ({
  id,
  names,
  decision: items ? { kind, items } : { kind },
})

/** Public rental housing as the catalogue has it, here with the items that this gateway answers. */
const MATERIALS = [
  paper('application', 'kept'),
  paper('id-cards', 'replaced', ['ID-01']),
  paper('household-book', 'replaced', ['HK-01']),
  paper('marriage', 'replaced', ['MAR-01']),
  paper('kinship', 'replaced', ['KIN-01']),
  paper('no-house', 'replaced', ['RE-01']),
  paper('income-promise', 'committed'),
  paper('residence', 'abolished'),
]

/** The catalogue's page of a service, for a gateway whose registry has no services yet. */
const serving =
  (materials: readonly unknown[], next: Wire = (_, __, pass) => pass()): Wire =>
  async (url, init, pass) => {
    if (!url.endsWith('/v1/catalog/services/S04')) return next(url, init, pass)
    return Response.json({ code: 'S04', names, materials })
  }

const husband = claimsOf('family-1-husband-identity').subject
const wife = claimsOf('family-2-wife-identity').subject
const PEOPLE: People = { husband: { ...husband, telephone: '000' }, wife }
const { requester, official, authorization } = claimsOf(
  'family-4-marriage',
) as unknown as ServiceCase

const CASE: ServiceCase = {
  requester,
  official,
  authorization,
  case: 'ZB-2026-0311',
  basis: 'PRH-MEASURES',
  scenario: 'eligibility-review',
  plan: {
    'ID-01': [{ ask: [{ claim: 'match', equals: true }] }],
    'HK-01': [{ ask: [{ claim: 'status', equals: 'ACTIVE' }] }],
    'MAR-01': [
      {
        who: 'husband',
        ask: [
          { claim: 'status', equals: 'REGISTERED' },
          { claim: 'spouseIdNo', equals: String(wife.idNo) },
        ],
      },
    ],
    'RE-01': [
      {
        subject: claimsOf('family-5-no-property-registered').subject,
        ask: [{ claim: 'count' }],
        provenBy: 'no-record',
      },
    ],
  },
}

async function asked(gateway: TestGateway, about: Partial<ServiceCase> = {}, wire?: Wire) {
  const client = await clientOf(gateway, { wire: serving(MATERIALS, wire) })
  return client.askService('S04', { ...CASE, ...about }, PEOPLE)
}

const statuses = (answer: Awaited<ReturnType<typeof asked>>) =>
  Object.fromEntries(answer.materials.map(({ id, status }) => [id, status]))

describe('askService', () => {
  test('asks everything, and says what the citizen still brings', async () => {
    const gateway = await openTestGateway()
    const answer = await asked(gateway)
    expect(statuses(answer)).toEqual({
      application: 'citizen',
      'id-cards': 'proven',
      'household-book': 'proven',
      marriage: 'proven',
      kinship: 'pending',
      'no-house': 'proven',
      'income-promise': 'committed',
      residence: 'abolished',
    })
    expect(answer).toMatchObject({ service: 'S04', before: 8, after: 2 })
    const cards = answer.materials.find(({ id }) => id === 'id-cards')
    expect(cards?.asked.map(({ who }) => who)).toEqual(['husband', 'wife'])
    for (const one of cards?.asked ?? []) expect(one.answer?.entry).toBe(one.entry)
    const kinship = answer.materials.find(({ id }) => id === 'kinship')
    expect(kinship?.asked).toEqual([{ item: 'KIN-01', verdict: 'pending', why: 'needs-officer' }])
    expect(gateway.calls.provider).toBe(6)
  })

  test('has never more on their way than it may', async () => {
    let [now, most] = [0, 0]
    const counting: Wire = async (url, _, pass) => {
      if (!url.endsWith('/v1/requests')) return pass()
      now += 1
      most = Math.max(most, now)
      await new Promise((resolve) => setTimeout(resolve, 20))
      return pass().finally(() => {
        now -= 1
      })
    }
    await asked(await openTestGateway(), { parallel: 2 }, counting)
    expect(most).toBe(2)
  })
})

describe('a paper is not proven by', () => {
  const only = (item: string, planned: ServiceCase['plan'][string]) => ({
    plan: { [item]: planned },
  })
  const MAR = { who: 'husband', ask: [{ claim: 'status', equals: 'DISSOLVED' }] } as const
  test.each([
    ['a mismatch', 'marriage', 'citizen', 'mismatch', only('MAR-01', [MAR])],
    [
      'no record',
      'no-house',
      'citizen',
      'no-record',
      only('RE-01', [
        { subject: claimsOf('family-5-no-property-registered').subject, ask: [{ claim: 'count' }] },
      ]),
    ],
    [
      'a record where there should be none',
      'marriage',
      'citizen',
      'record-found',
      only('MAR-01', [{ ...MAR, provenBy: 'no-record' }]),
    ],
    [
      'a final refusal',
      'marriage',
      'citizen',
      'claims',
      only('MAR-01', [{ who: 'husband', ask: [{ claim: 'regDate' }] }]),
    ],
    ['nobody having asked', 'id-cards', 'citizen', 'not-asked', { plan: {} }],
    [
      'a name that nobody can compare',
      'marriage',
      'pending',
      'undetermined',
      only('MAR-01', [{ ...MAR, subject: { name: '戴\ue000远' } }]),
    ],
  ] as const)('%s', async (_, id, status, why, about) => {
    const answer = await asked(await openTestGateway(), about)
    const material = answer.materials.find((one) => one.id === id)
    expect(material).toMatchObject({ status, asked: [{ why }] })
  })

  test('silence, which leaves it pending', async () => {
    const down: Wire = async (url, _, pass) => {
      if (!url.endsWith('/v1/requests')) return pass()
      throw new TypeError('fetch failed')
    }
    const gateway = await openTestGateway()
    const client = await clientOf(gateway, { wire: serving(MATERIALS, down), deadlineMillis: 100 })
    const answer = await client.askService('S04', CASE, PEOPLE)
    const marriage = answer.materials.find(({ id }) => id === 'marriage')
    expect(marriage).toMatchObject({ status: 'pending', asked: [{ why: 'no-answer' }] })
  })
})

describe('nothing is asked at all when', () => {
  test.each([
    [
      'the plan names an item of no paper',
      { plan: { 'ENT-01': [{ ask: [{ claim: 'name' }] }] } },
      'ENT-01',
    ],
    [
      'the plan names nobody',
      { plan: { 'ID-01': [{ who: 'uncle', ask: [{ claim: 'match', equals: true }] }] } },
      'uncle',
    ],
    [
      'a subject lacks what the contract needs',
      { plan: { 'RE-01': [{ who: 'wife', ask: [{ claim: 'count' }] }] } },
      'region',
    ],
    ['a question is empty', { plan: { 'ID-01': [{ ask: [] }] } }, 'ID-01'],
  ])('%s', async (_, about, place) => {
    const gateway = await openTestGateway()
    const failed = asked(gateway, about)
    await expect(failed).rejects.toThrow(PlanError)
    await expect(failed).rejects.toThrow(place)
    expect(gateway.calls.provider).toBe(0)
  })

  test('the catalogue does not say what becomes of a paper', async () => {
    const client = await clientOf(await openTestGateway(), { wire: serving([{ id: 'x', names }]) })
    await expect(client.askService('S04', CASE, PEOPLE)).rejects.toMatchObject({ name: 'NoAnswer' })
  })

  test('the service is in no catalogue', async () => {
    const client = await clientOf(await openTestGateway())
    await expect(client.askService('S99', CASE, PEOPLE)).rejects.toThrow(PlanError)
  })
})

test('a person gives only what the contract has a place for', async () => {
  const gateway = await openTestGateway()
  const subjects: unknown[] = []
  const reading: Wire = async (url, init, pass) => {
    if (url.endsWith('/v1/requests'))
      subjects.push(
        JSON.parse(Buffer.from(String(init.body).split('.')[1] ?? '', 'base64url').toString())
          .subject,
      )
    return pass()
  }
  await asked(gateway, { plan: { 'ID-01': CASE.plan['ID-01'] ?? [] } }, reading)
  // They are asked at once, so neither is first.
  expect(subjects).toHaveLength(2)
  expect(subjects).toEqual(expect.arrayContaining([husband, wife]))
})

test('every paper counts once: before is their number, after what is open of it, whatever the catalogue says', async () => {
  const gateway = await openTestGateway()
  const key = gateway.caller(HOUSING).jwk as never
  const kinds = fc.constantFrom('replaced', 'committed', 'abolished', 'kept', 'a-way-of-tomorrow')
  const materials = fc.array(
    kinds.map((kind) => paper('p', kind, ['ID-01'])),
    { maxLength: 12 },
  )
  await fc.assert(
    fc.asyncProperty(materials, async (all) => {
      const pages = serving(all)
      const fetch = (url: string, init: RequestInit) =>
        pages(url, init, async () => gateway.app.request(new URL(url).pathname, init))
      const client = await createClient({ gateway: GATEWAY, system: HOUSING, key, fetch })
      const { before, after } = await client.askService('S04', { ...CASE, plan: {} }, PEOPLE)
      const closed = all.filter(({ decision }) =>
        ['committed', 'abolished'].includes(decision.kind),
      )
      expect([before, after]).toEqual([all.length, all.length - closed.length])
    }),
    { numRuns: 40 },
  )
})
