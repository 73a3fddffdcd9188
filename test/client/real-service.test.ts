import { afterEach, expect, test } from 'vitest'
import type { ServiceCase } from '../../src/client/index.ts'
import { answersNow, countMaterials } from '../../src/registry/counts.ts'
import { checkWholeLog, openTestGateway } from '../harness.ts'
import { clientOf, questionOf } from './asking.ts'

afterEach(checkWholeLog)

const PEOPLE = { husband: { idNo: '990104197812170016', name: '戴如远' } }

const { requester, official, authorization } = questionOf('family-4-marriage')

/** Of each item what the family's example asks; the empty registers are what those two papers say. */
const PLAN: ServiceCase['plan'] = Object.fromEntries(
  [
    'family-1-husband-identity',
    'family-3-child-household',
    'family-4-marriage',
    'family-5-no-property-registered',
    'family-7-husband-social-insurance',
    'family-9-housing-fund',
    'family-10-no-vehicle-registered',
    'family-11-low-income',
    'family-12-income-needs-officer',
  ].map((name) => {
    const { item, subject, ask } = questionOf(name)
    const provenBy = ['RE-01', 'VEH-01'].includes(item) ? 'no-record' : 'record'
    return [item, [{ subject, ask, provenBy }]]
  }),
)

const CASE: ServiceCase = {
  requester,
  official,
  authorization,
  case: 'ZB-2026-0311',
  basis: 'PRH-MEASURES',
  scenario: 'eligibility-review',
  plan: PLAN,
}

test('the SDK counts the papers of a real service page as the registry does', async () => {
  const gateway = await openTestGateway()
  const client = await clientOf(gateway)
  const answer = await client.askService('S04', CASE, PEOPLE)
  const view = await gateway.deps.registry.view()
  const service = view.services.get('S04')
  const { before, after, proven } = countMaterials(
    service ?? { materials: [] },
    answersNow(view.items),
  )
  expect(answer.names).toEqual(service?.names)
  expect(answer).toMatchObject({ before, after })
  expect(answer.materials.map(({ id }) => id)).toEqual(service?.materials.map(({ id }) => id))
  expect(answer.materials.filter(({ status }) => status === 'proven')).toHaveLength(proven)
})

test('a refusal that leaves a paper pending can be proven afterwards by its jti', async () => {
  const client = await clientOf(await openTestGateway())
  const { materials } = await client.askService('S04', CASE, PEOPLE)
  const [income] = materials.filter(({ status }) => status === 'pending')
  const [asked] = income?.asked ?? []
  expect(asked).toMatchObject({ item: 'LOW-02', why: 'needs-officer' })
  await expect(client.evidence(asked?.jti ?? '')).resolves.toHaveProperty('receipt')
})

test('an answer that a provider signed carries the hash of its statement; a snapshot’s has none', async () => {
  const client = await clientOf(await openTestGateway())
  const { materials } = await client.askService('S04', CASE, PEOPLE)
  const answers = materials.flatMap(({ asked }) => asked).flatMap(({ answer }) => answer ?? [])
  const signed = answers.filter(({ providerStatement }) => providerStatement !== undefined)
  expect(signed.map(({ item }) => item.code).sort()).toEqual(['SOC-01', 'VEH-01'])
  for (const { providerStatement } of signed) expect(providerStatement?.hash).toMatch(/^[\w-]{43}$/)
})
