import { afterEach, describe, expect, test } from 'vitest'
import { checkWholeLog } from '../harness.ts'
import { opened, valuesIn } from './forms.ts'

afterEach(checkWholeLog)

const EDIT = '/console/services/S03/edit'
const NEW = '/console/services/new'
const BUREAU = '11990100MB9901016H'
const PLEDGE = `/console/agencies/${BUREAU}/pledge`

type All = Awaited<ReturnType<typeof opened>>

/** 民政局's admin changes its service by the form, as it is shown. */
async function drafted({ by }: All, changed: Record<string, string> = {}) {
  const admin = await by('ding')
  const { text } = await admin.get(EDIT)
  const sent = await admin.post(EDIT, { ...valuesIn(text), ...changed })
  return { admin, sent, path: sent.to.split('?', 1)[0] as string }
}

const documentIn = (text: string) =>
  JSON.parse(/<pre[^>]*id="raw"[^>]*>([^<]*)</.exec(text)?.[1]?.replaceAll('&quot;', '"') ?? '')

describe('the form of a service', () => {
  test('sent as it was shown means the same document', async () => {
    const all = await opened()
    const { sent, admin, path } = await drafted(all)
    expect(sent.status).toBe(303)
    const service = (await all.gateway.deps.registry.view()).services.get('S03')
    expect(documentIn((await admin.get(path)).text)).toEqual(service)
  })

  test('a paper is added by a button, and what becomes of it follows its tests', async () => {
    const all = await opened()
    const admin = await all.by('ding')
    const { text } = await admin.get(EDIT)
    const before = valuesIn(text)
    const n = Object.keys(before).filter((name) => /^materials\.\d+\.id$/.test(name)).length
    const more = await admin.post(EDIT, { ...before, do: 'add:materials' })
    const at = (name: string) => `materials.${n}.${name}`
    expect(valuesIn(more.text)).toMatchObject({ ...before, [at('id')]: '' })
    const written = {
      ...valuesIn(more.text),
      ...{
        [at('id')]: 'S03-99',
        [at('names.zh')]: '无犯罪记录证明',
        [at('names.en')]: 'Clean record',
      },
      ...{ [at('reason.zh')]: '与优待无关，没有依据。', [at('reason.en')]: 'Nothing demands it.' },
      ...{ [at('law.0.title')]: '优化营商环境条例', [at('decision.kind')]: 'kept' },
      [at('tests.noBasis')]: 'yes',
    }
    const wrong = await admin.post(EDIT, written)
    expect(wrong.status).toBe(400)
    expect(wrong.text).toContain(`href="#${at('decision.kind')}"`)
    expect(wrong.text).toContain('去留与五种情形不符')
    const sent = await admin.post(EDIT, {
      ...valuesIn(wrong.text),
      [at('decision.kind')]: 'abolished',
    })
    expect(sent.status).toBe(303)
    const shown = (await admin.get(sent.to)).text
    expect(shown).toContain('材料 S03-99 的没有法律、法规或国务院决定依据')
    expect(documentIn(shown).materials.at(-1)).toEqual({
      ...{ id: 'S03-99', names: { zh: '无犯罪记录证明', en: 'Clean record' } },
      decision: { kind: 'abolished' },
      tests: {
        ...{ noBasis: true, outdated: false, obtainable: false },
        ...{ shiftsDuty: false, provenElsewhere: false },
      },
      reason: { zh: '与优待无关，没有依据。', en: 'Nothing demands it.' },
      law: [{ title: '优化营商环境条例', mark: 'unverified' }],
    })
  })

  test('a paper is taken away by a button, and those after it move up', async () => {
    const all = await opened()
    const admin = await all.by('ding')
    const before = valuesIn((await admin.get(EDIT)).text)
    const less = valuesIn((await admin.post(EDIT, { ...before, do: 'remove:materials.0' })).text)
    expect(less['materials.0.id']).toBe(before['materials.1.id'])
    expect(less['materials.0.law.0.title']).toBe(before['materials.1.law.0.title'])
    const last = Object.keys(before).filter((name) => name.endsWith('.decision.kind')).length - 1
    expect(less[`materials.${last}.id`]).toBeUndefined()
  })

  test('approved and published, it is what the public reads', async () => {
    const all = await opened()
    const { path } = await drafted(all, { 'names.zh': '老年人优待证（新）' })
    const steps = [
      ['ding', 'submit'],
      ['er', 'approve'],
      ['bo', 'publish'],
    ] as const
    for (const [subject, verb] of steps) {
      const browser = await all.by(subject)
      const { text } = await browser.get(path)
      const asked = Object.keys(valuesIn(text)).filter((name) => /^(?:reasons|answers):/.test(name))
      const revision = /name="revision" value="(\d+)"/.exec(text)?.[1] ?? ''
      const words = Object.fromEntries(asked.map((name) => [name, '已核实']))
      const sent = await browser.post(path, { verb, revision, ...words })
      expect([verb, sent.status]).toEqual([verb, 303])
    }
    const { text } = await (await all.by('ding')).get('/services/S03')
    expect(text).toContain('老年人优待证（新）')
  })

  test('each of the nine questions is answered by itself; one left open cannot be submitted', async () => {
    const all = await opened()
    const { admin, path } = await drafted(all, { 'fitness.exclusions.secret': '' })
    const sent = await admin.post(path, { verb: 'submit', revision: '1' })
    expect(sent.status).toBe(422)
    expect(sent.text).toContain('请作答')
    const { text } = await admin.get(`${path}/edit`)
    expect(valuesIn(text)['fitness.exclusions.secret']).toBe('')
    expect(valuesIn(text)['fitness.exclusions.internal']).toBe('false')
  })
})

describe('bad input', () => {
  test.each([
    ['no name', { 'names.zh': '' }, 'names.zh'],
    [
      'no paper',
      Object.fromEntries(['id', 'names.zh', 'names.en'].map((one) => [one, ''])),
      'materials',
    ],
    [
      'a deadline of no days',
      {
        'materials.0.decision.kind': 'committed',
        'materials.0.decision.afterCheck.dueWorkingDays': '0',
      },
      'materials.0.decision.afterCheck.dueWorkingDays',
    ],
    [
      'items that are none',
      { 'materials.0.decision.kind': 'replaced', 'materials.0.decision.items': 'x y' },
      'materials.0.decision.items',
    ],
    ['agencies that are none', { coLeads: '民政局' }, 'coLeads'],
    ['no law', { 'law.0.title': '' }, 'law'],
  ])(
    '%s is said beside its field and at the top, and nothing is kept',
    async (what, wrong, name) => {
      const all = await opened()
      const size = all.gateway.size()
      const admin = await all.by('ding')
      const values = valuesIn((await admin.get(EDIT)).text)
      // Without its papers, or its laws, altogether.
      const gone = what === 'no paper' ? /^materials\./ : what === 'no law' ? /^law\./ : /^$/
      const kept = Object.entries(values).filter(([one]) => !gone.test(one))
      const sent = await admin.post(EDIT, { ...Object.fromEntries(kept), ...wrong })
      expect(sent.status).toBe(400)
      expect(sent.text).toContain(`href="#${name}"`)
      expect(sent.text).toContain(`id="${name}`)
      expect(all.gateway.size()).toBe(size)
    },
  )

  test('a code that is in use registers no second service', async () => {
    const all = await opened()
    const admin = await all.by('ding')
    const values = valuesIn((await admin.get(EDIT)).text)
    const sent = await admin.post(NEW, values)
    expect(sent.status).toBe(400)
    expect(sent.text).toContain('这个代码已经用了')
  })

  test('a form of too many fields is refused as a whole', async () => {
    const all = await opened()
    const size = all.gateway.size()
    const many = Object.fromEntries(
      Array.from({ length: 4001 }, (_, i) => [`materials.${i}.id`, 'x']),
    )
    const sent = await (await all.by('ding')).post(EDIT, many)
    expect(sent.status).toBe(413)
    expect(all.gateway.size()).toBe(size)
  })
})

describe('a pledge', () => {
  const WORDS = {
    ...{
      'text.zh': '经逐项梳理，没有可以提供的协助事项。',
      'text.en': 'We hold nothing to offer.',
    },
    ...{
      'signedBy.name': '池月',
      'signedBy.position.zh': '局长',
      'signedBy.position.en': 'Director',
    },
  }

  test('is drawn up at the agency that offers nothing, and waits for its head', async () => {
    const all = await opened()
    const admin = await all.by('ann')
    expect((await admin.get('/console/services')).text).toContain(`href="${PLEDGE}"`)
    const values = valuesIn((await admin.get(PLEDGE)).text)
    const sent = await admin.post(PLEDGE, { ...values, ...WORDS })
    expect(sent.status).toBe(303)
    const { text } = await admin.get(sent.to)
    expect(documentIn(text)).toEqual({
      agency: BUREAU,
      text: { zh: WORDS['text.zh'], en: WORDS['text.en'] },
      ...{ from: '2026-11-23', to: '2027-11-23', signedOn: '2026-11-23' },
      signedBy: { name: '池月', position: { zh: '局长', en: 'Director' } },
    })
  })

  test.each([
    ['ends before it begins', { to: '2026-01-01' }, 'to', '终止日不能早于起始日'],
    ['nobody signs', { 'signedBy.name': '' }, 'signedBy.name', '请填写'],
  ])('that %s is said beside the field', async (_, wrong, name, words) => {
    const all = await opened()
    const admin = await all.by('ann')
    const values = valuesIn((await admin.get(PLEDGE)).text)
    const sent = await admin.post(PLEDGE, { ...values, ...WORDS, ...wrong })
    expect(sent.status).toBe(400)
    expect(sent.text).toContain(`href="#${name}"`)
    expect(sent.text).toContain(words)
  })

  test('of an agency that offers items cannot be submitted; another agency’s is not drawn up at all', async () => {
    const all = await opened()
    const admin = await all.by('ding')
    const own = '/console/agencies/11990100MB99010327/pledge'
    const values = valuesIn((await admin.get(own)).text)
    const sent = await admin.post(own, { ...values, ...WORDS })
    const [path = ''] = sent.to.split('?', 1)
    const late = await admin.post(path, { verb: 'submit', revision: '1' })
    expect(late.status).toBe(422)
    expect(late.text).toContain('不适用零报告承诺')
    expect((await admin.get(PLEDGE)).status).toBe(403)
  })
})

test('security: only the lead’s admin changes a service; a page in English has every word', async () => {
  const all = await opened()
  for (const subject of ['er', 'bo', 'gao', 'ning'])
    expect((await (await all.by(subject)).get(EDIT)).status).toBe(403)
  const admin = await all.by('ding')
  for (const path of [EDIT, NEW, '/console/services'])
    expect((await admin.get(`${path}?lang=en`)).status).toBe(200)
  expect((await admin.get(`${EDIT}?lang=en`)).text).toContain('Five conditions')
})
