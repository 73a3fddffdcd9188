import { describe, expect, test } from 'vitest'
import type { Item } from '../../../src/registry/documents.ts'
import { documents, registryOf } from '../seeded.ts'
import { type Case, findings, of, tryCases } from './checking.ts'

const itemOf = (code: string): Item => {
  const newest = documents.items.find((one) => one.code === code && one.state === 'published')
  if (!newest) throw new Error(`no item ${code}`)
  return { ...newest, version: newest.version + 1, state: 'draft' }
}
const BIRTH = itemOf('BIR-01')
const MARRIAGE = itemOf('MAR-01')
const PENSION = itemOf('SOC-01')
const KINSHIP = itemOf('KIN-01')
const ADOPTED = itemOf('LOWTN-02')
const POLICE = '11990100MB9901024C'

const limit = (promised: Partial<Item['timeLimit']['promised']>, item = BIRTH): Item => ({
  ...item,
  timeLimit: { ...item.timeLimit, promised: { ...item.timeLimit.promised, ...promised } },
})
const statutory = (members: Partial<Item['timeLimit']['statutory']>, item = BIRTH): Item => ({
  ...item,
  timeLimit: { ...item.timeLimit, statutory: { ...item.timeLimit.statutory, ...members } },
})
const bound = (members: object): Item => ({
  ...MARRIAGE,
  connector: { ...MARRIAGE.connector, ...members } as Item['connector'],
})
const text = (zh: string, en = 'text that says something') => ({ zh, en })
const suspendedProvider = registryOf({
  agencies: documents.agencies
    .filter(({ uscc }) => uscc === BIRTH.provider)
    .map((agency) => ({ ...agency, status: 'suspended' as const })),
})
const { contract: _, ...rest } = BIRTH

const CASES: readonly Case<Item>[] = [
  [
    'conditions of blanks',
    { ...BIRTH, conditions: text('  ') },
    'seven-fields',
    'block',
    '/conditions/zh',
  ],
  [
    'a procedure to be told later',
    { ...BIRTH, procedure: text('待定') },
    'seven-fields',
    'block',
    '/procedure/zh',
  ],
  [
    'a mode in one language',
    { ...BIRTH, mode: text('在线接口', 'TBD') },
    'seven-fields',
    'block',
    '/mode/en',
  ],
  [
    'no basis of its limit',
    statutory({ basis: '-' }),
    'seven-fields',
    'block',
    '/timeLimit/statutory/basis',
  ],
  [
    'no impact assessment',
    { ...BIRTH, data: { ...BIRTH.data, impactAssessment: text('暂无') } },
    'catalogue-fields',
    'block',
    '/data/impactAssessment/zh',
  ],
  [
    'an update “now and then”',
    { ...BIRTH, data: { ...BIRTH.data, updateFrequency: '不定期' } },
    'catalogue-fields',
    'block',
    '/data/updateFrequency',
  ],
  [
    'no statute for not sharing',
    { ...BIRTH, sharing: { ...BIRTH.sharing, class: 'NOT_SHARED' } },
    'not-shared',
    'block',
    '/sharing/statute',
  ],
  [
    'an internal notice for not sharing',
    {
      ...BIRTH,
      sharing: { ...BIRTH.sharing, class: 'NOT_SHARED', statute: '本局内部管理办法第三条' },
    },
    'not-shared',
    'block',
    '/sharing/statute',
  ],
  [
    'a scope that is not listed',
    { ...BIRTH, sharing: { ...BIRTH.sharing, scope: text('略') } },
    'conditional',
    'block',
    '/sharing/scope/zh',
  ],
  [
    'a promise longer than the law',
    limit({ n: 11, unit: 'WORKING_DAY' }),
    'promised-limit',
    'block',
    '/timeLimit/promised',
  ],
  [
    'a promise of other days',
    limit({ n: 11, unit: 'NATURAL_DAY' }),
    'promised-limit',
    'question',
    '/timeLimit/promised',
  ],
  ['eleven working days', statutory({ n: 11 }), 'answer-limit', 'reason', '/timeLimit/statutory'],
  [
    'an unknown provider',
    { ...BIRTH, provider: '11990100MB9999999X' },
    'provider',
    'block',
    '/provider',
  ],
  [
    'a suspended provider',
    BIRTH,
    'provider',
    'block',
    '/provider',
    { registry: suspendedProvider },
  ],
  ['another agency’s code', { ...BIRTH, provider: POLICE }, 'provider', 'block', '/code'],
  ['no contract', { ...BIRTH, contract: null }, 'contract', 'block', '/contract'],
  [
    'a contract that is not there',
    { ...BIRTH, contract: 'NO-99' },
    'contract',
    'block',
    '/contract',
  ],
  ['no connector', { ...BIRTH, connector: null }, 'contract', 'block', '/connector'],
  ['a contract for officers', { ...KINSHIP, contract: 'BIR-01' }, 'contract', 'block', '/contract'],
  [
    'an unknown register',
    bound({ register: 'nowhere' }),
    'connector-fit',
    'block',
    '/connector/register',
  ],
  [
    'another agency’s register',
    bound({ register: 'resident' }),
    'connector-fit',
    'block',
    '/connector/register',
  ],
  [
    'a claim that is not bound',
    bound({ claims: {} }),
    'connector-fit',
    'block',
    '/connector/claims',
  ],
  [
    'a claim beyond the contract',
    bound({
      claims: { ...(MARRIAGE.connector as { claims: object }).claims, dowry: { column: 'status' } },
    }),
    'connector-fit',
    'block',
    '/connector/claims/dowry',
  ],
  [
    'a look-up by what nobody gives',
    bound({ lookup: [{ subject: 'shoeSize', column: 'id_no' }] }),
    'connector-fit',
    'block',
    '/connector/lookup/0/subject',
  ],
  [
    'a look-up by a column that is no key',
    bound({ lookup: [{ subject: 'idNo', column: 'status' }] }),
    'connector-fit',
    'block',
    '/connector/lookup/0/column',
  ],
  [
    'an unknown system',
    { ...PENSION, connector: { ...PENSION.connector, system: 'nobody' } as Item['connector'] },
    'connector-fit',
    'block',
    '/connector/system',
  ],
  [
    'a caller’s system to be asked',
    {
      ...PENSION,
      connector: { ...PENSION.connector, system: 'housing-bureau' } as Item['connector'],
    },
    'connector-fit',
    'block',
    '/connector/system',
  ],
  [
    'another agency’s system',
    {
      ...PENSION,
      connector: { ...PENSION.connector, system: 'traffic-police' } as Item['connector'],
    },
    'connector-fit',
    'block',
    '/connector/system',
  ],
  ['the version in force', { ...BIRTH, version: 1 }, 'version', 'block', '/version'],
  [
    'a version that is not there',
    { ...ADOPTED, adopts: { agency: '12990100MB99012786', code: 'LOW-02', version: 9 } },
    'adopted-item',
    'block',
    '/adopts',
  ],
  [
    'a longer limit than above',
    limit({ n: 9 }, ADOPTED),
    'adopted-item',
    'block',
    '/timeLimit/promised',
  ],
  [
    'a condition more than above',
    { ...ADOPTED, conditions: text(`${ADOPTED.conditions.zh}；须经区长批准`) },
    'adopted-item',
    'block',
    '/conditions',
  ],
  ['another kind than above', { ...ADOPTED, kind: 'query' }, 'adopted-item', 'block', '/kind'],
  [
    'less sharing than above',
    { ...ADOPTED, sharing: { ...ADOPTED.sharing, class: 'NOT_SHARED', statute: '某某法第一条' } },
    'adopted-item',
    'block',
    '/sharing/class',
  ],
  [
    'another scope than above',
    { ...ADOPTED, sharing: { ...ADOPTED.sharing, scope: text('仅本区民政局') } },
    'adopted-item',
    'question',
    '/sharing/scope',
  ],
  [
    'a lower level that defines',
    { ...ADOPTED, provider: POLICE },
    'adopted-item',
    'block',
    '/adopts/agency',
  ],
  [
    'the paper of another agency’s item',
    { ...BIRTH, replaces: [text('亲属关系证明')] },
    'source-agency',
    'question',
    '/replaces/0',
  ],
  ['no law', { ...BIRTH, law: [] }, 'legal-basis', 'reason', '/law'],
  [
    'laws that nobody read',
    { ...BIRTH, law: [{ title: '某某条例', mark: 'unverified' }] },
    'legal-basis',
    'question',
    '/law',
  ],
  ['a fee', { ...BIRTH, fee: text('每次五元') }, 'fee', 'reason', '/fee'],
  [
    'a secret',
    { ...BIRTH, data: { ...BIRTH.data, classification: text('机密级') } },
    'secrets',
    'block',
    '/data/classification/zh',
  ],
]

describe('an item that is proposed', () => {
  tryCases('item', CASES)

  test.each([BIRTH, MARRIAGE, PENSION, KINSHIP, ADOPTED])(
    '$code passes whole as a new version',
    (item) => {
      const all = findings('item', item)
      expect(all.filter(({ level }) => level !== 'pass')).toEqual([])
      expect(all.length).toBeGreaterThan(8)
    },
  )

  test('without a contract, officer or machine, has its connector judged by nobody', () => {
    expect(of('connector-fit', findings('item', { ...rest, contract: null }))).toEqual([])
    expect(of('adopted-item', findings('item', BIRTH))).toEqual([])
  })

  test('may promise sooner than its definition, and leave conditions out', () => {
    const [first = ''] = ADOPTED.conditions.zh.split('，')
    const zh = `${first}；办理事项以收入或财产限额为条件`
    const defined = {
      ...itemOf('LOW-02'),
      version: 1,
      state: 'published' as const,
      conditions: text(zh),
    }
    const registry = registryOf({ items: [defined] })
    const item = { ...limit({ n: 1 }, ADOPTED), conditions: text(first) }
    expect(of('adopted-item', findings('item', item, { registry }))).toEqual([['pass', '']])
  })

  test('that says it touches no secret is no secret', () => {
    const classification = text('一般数据，不涉及国家秘密、工作秘密')
    const item = { ...BIRTH, data: { ...BIRTH.data, classification } }
    expect(of('secrets', findings('item', item))).toEqual([['pass', '']])
  })
})
