import { describe, expect, test } from 'vitest'
import { CONDITIONS, EXCLUSIONS } from '../../../src/registry/fitness.ts'
import type { Material, Service } from '../../../src/registry/service-item.ts'
import { material } from '../../service-items.ts'
import { documents, registryOf } from '../seeded.ts'
import { type Case, findings, of, tryCases } from './checking.ts'

const serviceOf = (code: string): Service => {
  const found = documents.services.find((one) => one.code === code)
  if (!found) throw new Error(`no service ${code}`)
  return found
}
const SENIOR = serviceOf('S03')
const ADOPTED = serviceOf('S03.tingnan')
const GRANT = serviceOf('S10')
const FIT = SENIOR.fitness as NonNullable<Service['fitness']>
const LAW = [{ title: '中华人民共和国老年人权益保障法', mark: 'unverified' as const }]

/** A paper beside those that the service has. */
const asking = (
  zh: string,
  decision: Material['decision'] = { kind: 'kept' },
  service = SENIOR,
) => ({
  ...service,
  materials: [
    ...service.materials,
    { ...material(`${service.code}-99`, decision, { zh, en: 'Another paper' }), law: LAW },
  ],
})
const last = `/materials/${SENIOR.materials.length}`
const declared = (how: string, item: string | null = null): Material['decision'] => ({
  kind: 'committed',
  afterCheck: { item, how: { zh: how, en: 'a look at it' }, dueWorkingDays: 10 },
})
const suspended = registryOf({
  agencies: documents.agencies
    .filter(({ uscc }) => uscc === SENIOR.lead)
    .map((agency) => ({ ...agency, status: 'suspended' as const })),
})
const limit = (service: Service, n: number): Service => ({
  ...service,
  timeLimit: service.timeLimit && {
    ...service.timeLimit,
    promised: { ...service.timeLimit.promised, n },
  },
})

const CASES: readonly Case<Service>[] = [
  [
    'an exclusion that applies',
    { ...SENIOR, fitness: { ...FIT, exclusions: { ...FIT.exclusions, internal: true } } },
    'fitness',
    'block',
    '/fitness/exclusions/internal',
  ],
  [
    'a condition that does not hold',
    { ...SENIOR, fitness: { ...FIT, conditions: { ...FIT.conditions, concluded: false } } },
    'fitness',
    'block',
    '/fitness/conditions/concluded',
  ],
  [
    'a question without an answer',
    { ...SENIOR, fitness: { ...FIT, exclusions: {} } },
    'fitness',
    'block',
    '/fitness/exclusions/secret',
  ],
  [
    'a paper kept by a measure of its own',
    {
      ...SENIOR,
      materials: SENIOR.materials.map((one, i) =>
        i === 0 ? { ...one, law: [{ title: '本市优待办法', mark: 'unverified' as const }] } : one,
      ),
    },
    'five-tests',
    'reason',
    '/materials/0/law',
  ],
  [
    'a decision without words',
    {
      ...SENIOR,
      materials: SENIOR.materials.map((one, i) =>
        i === 1 ? { ...one, reason: { zh: '—', en: '—' } } : one,
      ),
    },
    'five-tests',
    'reason',
    '/materials/1/reason',
  ],
  ['a paper that an item replaces', asking('婚姻状况证明'), 'duplicate-collection', 'block', last],
  [
    'a paper that an officer answers for',
    asking('收入证明'),
    'duplicate-collection',
    'block',
    last,
  ],
  [
    'a paper that another service gave up',
    asking('户口簿（本地户籍）'),
    'duplicate-collection',
    'reason',
    last,
  ],
  ['a paper of a like name', asking('本人户籍证明原件'), 'duplicate-collection', 'question', last],
  ['a proof that no village issues', asking('健在证明'), 'blacklists', 'block', last],
  [
    'a declaration of what no village issues',
    asking('健在证明', declared('上门看望')),
    'blacklists',
    'block',
    last,
  ],
  ['a proof like a forbidden one', asking('社区健在证明原件'), 'blacklists', 'question', last],
  [
    'an item that is not there',
    asking('某证', { kind: 'replaced', items: ['NO-99'] }),
    'replaced-by',
    'block',
    `${last}/decision/items/0`,
  ],
  [
    'an item that an officer answers',
    asking('某证', { kind: 'replaced', items: ['LOW-02'] }),
    'replaced-by',
    'reason',
    `${last}/decision/items/0`,
  ],
  [
    'an item that it may not ask',
    asking('某证', { kind: 'replaced', items: ['VEH-01'] }),
    'replaced-by',
    'reason',
    `${last}/decision/items/0`,
  ],
  [
    'a declaration that is never checked',
    asking('某承诺', declared('…')),
    'after-check',
    'reason',
    `${last}/decision/afterCheck/how`,
  ],
  [
    'a declaration checked by nothing',
    asking('某承诺', declared('查询', 'NO-99')),
    'after-check',
    'block',
    `${last}/decision/afterCheck/item`,
  ],
  [
    'a promise longer than the law',
    limit(SENIOR, 30),
    'promised-limit',
    'block',
    '/timeLimit/promised',
  ],
  [
    'a longer limit than above',
    limit(ADOPTED, 11),
    'adopted-service',
    'block',
    '/timeLimit/promised',
  ],
  [
    'no limit where the one above has one',
    (({ timeLimit: _, ...rest }) => rest)(ADOPTED),
    'adopted-service',
    'block',
    '/timeLimit',
  ],
  [
    'a condition more than above',
    { ...ADOPTED, conditions: { zh: `${SENIOR.conditions?.zh}；在本区居住满一年`, en: 'more' } },
    'adopted-service',
    'block',
    '/conditions',
  ],
  [
    'a paper more than above',
    asking('体检表', { kind: 'kept' }, ADOPTED),
    'adopted-service',
    'block',
    `/materials/${ADOPTED.materials.length}`,
  ],
  [
    'a paper that the one above replaces',
    {
      ...ADOPTED,
      materials: ADOPTED.materials.map((one, i) =>
        i === 1 ? { ...one, decision: { kind: 'kept' as const } } : one,
      ),
    },
    'adopted-service',
    'block',
    '/materials/1/decision',
  ],
  [
    'nothing above',
    { ...ADOPTED, adopts: { agency: SENIOR.lead, code: 'S99' } },
    'adopted-service',
    'block',
    '/adopts',
  ],
  ['an unknown lead', { ...SENIOR, lead: '11990100MB9999999X' }, 'handlers', 'block', '/lead'],
  ['another agency’s code', { ...SENIOR, lead: GRANT.lead }, 'handlers', 'block', '/code'],
  ['a suspended lead', SENIOR, 'handlers', 'block', '/lead', { registry: suspended }],
  [
    'a co-lead that nobody knows',
    { ...SENIOR, coLeads: ['11990100MB9999999X'] },
    'handlers',
    'block',
    '/coLeads/0',
  ],
  ['more papers than before', asking('体检表'), 'more-papers', 'reason', '/materials'],
]

describe('a service that is proposed', () => {
  tryCases('service', CASES)

  test('four exclusions and five conditions are asked one by one', () => {
    const { fitness: _, ...unanswered } = SENIOR
    const asked = of('fitness', findings('service', unanswered))
    expect(asked).toHaveLength(9)
    expect(new Set(asked.map(([level]) => level))).toEqual(new Set(['block']))
    expect([Object.keys(EXCLUSIONS).length, Object.keys(CONDITIONS).length]).toEqual([4, 5])
  })

  test('that makes citizens bring as much as before, or less, is not asked why', () => {
    for (const current of [SENIOR, asking('体检表')])
      expect(
        of(
          'more-papers',
          findings('service', SENIOR, { registry: registryOf({ services: [current] }) }),
        ),
      ).toEqual([['pass', '']])
    expect(of('more-papers', findings('service', { ...SENIOR, code: 'S98' }))).toEqual([])
  })

  test('is not measured against itself, nor against those who adopted it', () => {
    const registry = registryOf({ services: [asking('同一张表')] })
    const again = asking('同一张表', declared('查询'))
    expect(of('duplicate-collection', findings('service', again, { registry }))).toEqual([
      ['pass', ''],
    ])
  })

  test('of the seed is blocked nowhere', () => {
    for (const service of documents.services) {
      const blocked = findings('service', service).filter(({ level }) => level === 'block')
      expect([service.code, blocked]).toEqual([service.code, []])
    }
  })
})
