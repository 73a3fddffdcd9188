import { afterEach, describe, expect, test } from 'vitest'
import { claimsOf } from '../city.ts'
import { checkWholeLog } from '../harness.ts'
import { agreementOf, applicationOf } from '../proposal/applying.ts'
import { opened, valuesIn } from './forms.ts'

afterEach(checkWholeLog)

const NEW = '/console/agreements/new'
const DAY = 86_400
const WORDS = {
  'application.basis': '公共租赁住房管理办法第七条',
  'application.scenario': '公租房申请资格审核',
  'application.scope': '审核科工作人员，逐案核验',
  'purposes.0.service': 'S04',
  'purposes.0.basis': 'PRH-MEASURES',
  'purposes.0.scenario': 'eligibility-review',
  'claims.status.predicate': 'yes',
  'authorization.consent': 'yes',
  'law.0.title': '政务数据共享条例',
}

type All = Awaited<ReturnType<typeof opened>>

/** 住房's admin applies for an item by the form, as it is shown. */
async function drafted({ by }: All, changed: Record<string, string> = {}, item = 'MAR-01') {
  const admin = await by('ji')
  const { text } = await admin.get(`${NEW}?item=${item}`)
  const sent = await admin.post(NEW, { ...valuesIn(text), id: 'housing-new', ...WORDS, ...changed })
  return { admin, sent, path: sent.to.split('?', 1)[0] as string }
}

/** The number that a form on the page sends along. */
const revisionOf = (text: string) => /name="revision" value="(\d+)"/.exec(text)?.[1] ?? ''

/** Somebody opens the page and presses a button; what review asks for is answered. */
async function act(
  { by }: All,
  subject: string,
  [path, verb, more = {}]: [string, string, object?],
) {
  const browser = await by(subject)
  const { text } = await browser.get(path)
  const asked = Object.keys(valuesIn(text)).filter((name) => /^(?:reasons|answers):/.test(name))
  const answers = Object.fromEntries(asked.map((name) => [name, '已核实']))
  return browser.post(path, { revision: revisionOf(text), verb, ...answers, ...more })
}

/** Submitted and approved by its own head: the provider has it. */
async function applied(all: All, changed = {}) {
  const { admin, path } = await drafted(all, changed)
  expect((await act(all, 'ji', [path, 'submit'])).status).toBe(303)
  expect((await act(all, 'kang', [path, 'approve'])).status).toBe(303)
  return { admin, path }
}

const standing = async ({ gateway }: All) =>
  agreementOf(gateway, { proposal: { target: 'housing-new' } } as never)

describe('an application by form', () => {
  test('is what was written; its own head approves, the provider’s consents, and requests are answered', async () => {
    const all = await opened()
    const { gateway } = all
    await gateway.amend('agreement', 'housing-mar', { state: 'ended' })
    const { path } = await applied(all)
    const consented = await act(all, 'er', [path, 'consent'])
    expect(consented.status).toBe(303)
    expect(await standing(all)).toEqual({
      ...{ id: 'housing-new', item: 'MAR-01', state: 'active', dailyQuota: 1000 },
      requesters: ['11990100MB9901075L'],
      purposes: [{ service: 'S04', basis: 'PRH-MEASURES', scenario: 'eligibility-review' }],
      claims: { status: ['predicate'] },
      ...{ authorization: ['consent'], regions: ['990100'] },
      ...{ validFrom: '2026-11-23', validTo: '2027-11-23' },
      law: [{ title: '政务数据共享条例', mark: 'unverified' }],
    })
    const { text } = await (await all.by('ji')).get('/console/agreements')
    expect(text).toContain(path)
    expect(text).toContain('housing-new')
  })

  test('for what is shared unconditionally is in force on filing; nobody is offered to approve it', async () => {
    const all = await opened()
    const view = await all.gateway.deps.registry.view()
    const item = [...view.items.values()]
      .flat()
      .find(({ sharing, contract }) => sharing.class === 'UNCONDITIONAL' && contract !== null)
    const code = item?.code ?? ''
    const { text: form } = await (await all.by('ji')).get(`${NEW}?item=${code}`)
    const claim = /name="(claims\.\w+\.predicate)"/.exec(form)?.[1] ?? ''
    const { path } = await drafted(all, { 'claims.status.predicate': '', [claim]: 'yes' }, code)
    await act(all, 'ji', [path, 'submit'])
    const head = await all.by('kang')
    const { text } = await head.get(path)
    expect(text).toContain('value="file"')
    expect(text).not.toContain('value="approve"')
    expect((await act(all, 'kang', [path, 'file'])).status).toBe(303)
    expect(await standing(all)).toMatchObject({ state: 'active' })
  })

  test('rows are added and taken away by buttons, and nothing that was written is lost', async () => {
    const all = await opened()
    const admin = await all.by('ji')
    const { text } = await admin.get(`${NEW}?item=MAR-01`)
    const size = all.gateway.size()
    const more = await admin.post(NEW, { ...valuesIn(text), ...WORDS, do: 'add:purposes' })
    expect(more.status).toBe(200)
    const two = { ...valuesIn(more.text), 'purposes.1.service': 'S01', 'purposes.1.basis': 'X-1' }
    expect(two).toMatchObject(WORDS)
    const less = await admin.post(NEW, { ...two, do: 'remove:purposes.0' })
    const values = valuesIn(less.text)
    expect(values['purposes.0.service']).toBe('S01')
    expect(values['purposes.1.service']).toBeUndefined()
    expect(all.gateway.size()).toBe(size)
  })

  test('while it is to be corrected, it is amended and submitted again; the clock stands still', async () => {
    const all = await opened()
    const { path } = await applied(all)
    all.gateway.wait(DAY)
    const bare = await act(all, 'fan', [path, 'correct', { reason: '' }])
    expect(bare.status).toBe(400)
    expect(bare.text).toContain('id="correct-reason-error"')
    const reason = '请写明审核科有几人可以查看。'
    expect((await act(all, 'fan', [path, 'correct', { reason }])).status).toBe(303)
    // A day later everybody has signed in again.
    const admin = await all.by('ji')
    const shown = await admin.get(path)
    expect(shown.text).toContain('停表')
    expect(shown.text).toContain(`href="${path}/edit"`)
    const { text } = await admin.get(`${path}/edit`)
    const values = { ...valuesIn(text), 'application.scope': '审核科三名工作人员' }
    const amended = await admin.post(`${path}/edit`, values)
    expect(amended.to).toBe(`${path}?done=amend`)
    expect((await act(all, 'kang', [path, 'resubmit'])).status).toBe(303)
    const again = await (await all.by('fan')).get(path)
    expect(again.text).toContain('只能办理一次')
    expect(again.text).toContain('审核科三名工作人员')
  })
})

describe('the moves of an application', () => {
  test('a refusal names its ground, its law and what the ground asks for', async () => {
    const all = await opened()
    const { path } = await applied(all)
    const R05 = { 'details:code': 'R05', 'details:law': '个人信息保护法第六条', reason: '比对即可' }
    const short = await act(all, 'er', [path, 'refuse', R05])
    expect(short.status).toBe(400)
    expect(short.text).toContain('id="refuse-details:narrower-error"')
    expect(short.text).toContain('比对即可')
    const given = { ...R05, 'details:narrower': 'status（比对）' }
    expect((await act(all, 'er', [path, 'refuse', given])).status).toBe(303)
    const { text } = await (await all.by('ji')).get(path)
    expect(text).toContain('R05 超出必要范围')
    expect(text).toContain('status（比对）')
    expect((await act(all, 'kang', [path, 'dispute', { reason: '须读取日期' }])).status).toBe(303)
    expect((await act(all, 'er', [path, 'coordinate', { reason: '协商不成' }])).status).toBe(303)
    expect((await act(all, 'bo', [path, 'order', { reason: '应予共享' }])).status).toBe(303)
    expect(await standing(all)).toMatchObject({ state: 'active' })
  })

  test('more time is asked for in whole days, and granted by the authority; the clock says so', async () => {
    const all = await opened()
    const { path } = await applied(all)
    const reason = '须核对历史档案'
    const far = await act(all, 'fan', [path, 'ask-extension', { reason, 'details:days': '11' }])
    expect(far.status).toBe(400)
    expect(far.text).toContain('请填 1 至 10 的整数')
    const days = { reason, 'details:days': '5' }
    expect((await act(all, 'fan', [path, 'ask-extension', days])).status).toBe(303)
    expect((await act(all, 'bo', [path, 'extend'])).status).toBe(303)
    const { text } = await (await all.by('ji')).get(path)
    expect(text).toContain('经同意延长 5 个工作日')
    expect(text).toContain('第 15 个工作日')
  })

  test('each of three suspends for itself; while one holds, no request is answered', async () => {
    const all = await opened()
    const { gateway } = all
    await gateway.amend('agreement', 'housing-mar', { state: 'ended' })
    const { path } = await applied(all, {
      'claims.status.read': 'yes',
      'claims.regDate.read': 'yes',
    })
    await act(all, 'er', [path, 'consent'])
    const reason = '数据有误'
    for (const [who, side] of [
      ['kang', 'requester'],
      ['er', 'provider'],
      ['bo', 'authority'],
    ] as const)
      expect((await act(all, who, [path, `suspend-${side}`, { reason }])).status).toBe(303)
    const { text } = await (await all.by('er')).get(path)
    expect(text).toContain('申请机关、提供机关、主管部门')
    expect(text).not.toContain('value="suspend-provider"')
    expect(
      (await gateway.ask('housing-bureau', claimsOf('family-4-marriage'))).problem,
    ).toMatchObject({ code: 'no-agreement' })
    for (const [who, side] of [
      ['kang', 'requester'],
      ['er', 'provider'],
    ] as const)
      await act(all, who, [path, `resume-${side}`, { reason }])
    expect(await standing(all)).toMatchObject({ state: 'suspended' })
    await act(all, 'bo', [path, 'resume-authority', { reason }])
    expect(await standing(all)).toMatchObject({ state: 'active' })
  })
})

describe('bad input', () => {
  test.each([
    ['a day that there is not', { validTo: '2027-02-30' }, 'validTo'],
    ['a quota of words', { dailyQuota: '很多' }, 'dailyQuota'],
    ['a region that is none', { regions: '云汀市' }, 'regions'],
    ['an id with spaces', { id: 'a b' }, 'id'],
    ['no way to authorise', { 'authorization.consent': '' }, 'authorization'],
    ['a purpose without its basis', { 'purposes.0.basis': '' }, 'purposes.0.basis'],
    ['an id that is in use', { id: 'housing-mar' }, 'id'],
    ['script in a code', { 'purposes.0.scenario': '<script>1</script>' }, 'purposes.0.scenario'],
    ['words without end', { 'application.scope': '长'.repeat(2001) }, 'application.scope'],
  ])('%s is said beside its field and at the top, and nothing is kept', async (_, wrong, name) => {
    const all = await opened()
    const size = all.gateway.size()
    const { sent } = await drafted(all, wrong)
    expect(sent.status).toBe(400)
    expect(sent.text).toContain(`href="#${name}"`)
    expect(sent.text).toContain(`id="${name}`)
    expect(sent.text).not.toContain('<script>1')
    expect(all.gateway.size()).toBe(size)
  })

  test('what ends before it begins waits in the draft, and is not submitted', async () => {
    const all = await opened()
    const { path } = await drafted(all, { validTo: '2026-01-01' })
    const sent = await act(all, 'ji', [path, 'submit'])
    expect(sent.status).toBe(422)
    expect(sent.text).toContain('终止日早于起始日')
  })

  test('an item that there is not, or no item at all', async () => {
    const all = await opened()
    const admin = await all.by('ji')
    expect((await admin.get(`${NEW}?item=XXX-99`)).status).toBe(404)
    expect((await admin.post(NEW, { item: 'XXX-99' })).status).toBe(404)
    expect((await admin.post(NEW, {})).status).toBe(400)
    expect((await admin.get(`${NEW}?item=<b>`)).status).toBe(400)
  })
})

describe('security', () => {
  test('nobody applies for another agency, and strangers see neither the application nor the agreement', async () => {
    const all = await opened()
    const { path } = await drafted(all, { requester: '11990100MB99010402' })
    expect(path).toBe('')
    const own = await drafted(all)
    const stranger = await all.by('lin')
    expect((await stranger.get(own.path)).status).toBe(404)
    const { text } = await stranger.get('/console/agreements')
    expect(text).not.toContain('housing-new')
    expect(text).not.toContain('housing-mar')
  })

  test('whoever administers nothing applies for nothing', async () => {
    const all = await opened()
    for (const subject of ['kang', 'bo', 'ning', 'fan'])
      expect((await (await all.by(subject)).get(`${NEW}?item=MAR-01`)).status).toBe(403)
  })

  test('an amendment on what another has changed meanwhile shows both, and keeps one’s own words', async () => {
    const all = await opened()
    const { admin, path } = await drafted(all)
    const { text } = await admin.get(`${path}/edit`)
    const mine = { ...valuesIn(text), 'application.scope': '甲的写法，三人' }
    const theirs = { ...valuesIn(text), 'application.scope': '乙的写法，五人' }
    expect((await admin.post(`${path}/edit`, theirs)).status).toBe(303)
    const late = await admin.post(`${path}/edit`, mine)
    expect(late.status).toBe(412)
    expect(late.text).toContain('乙的写法，五人')
    expect(valuesIn(late.text)['application.scope']).toBe('甲的写法，三人')
  })
})

test('a page in English has every word', async () => {
  const all = await opened()
  const doc = await applicationOf(all.gateway, 'housing-mar')
  expect(doc.agreement.item).toBe('MAR-01')
  const { path } = await applied(all)
  const admin = await all.by('ji')
  for (const page of ['/console/agreements', NEW, `${NEW}?item=MAR-01`, path])
    expect((await admin.get(`${page}${page.includes('?') ? '&' : '?'}lang=en`)).status).toBe(200)
  const { text } = await admin.get(`${path}?lang=en`)
  expect(text).toContain('Answer (shared conditionally)')
  expect(text).toContain('counted from 2026-11-23')
})

describe('an agreement that the operator loaded', () => {
  const LOADED = '/console/agreements/housing-mar'
  const WHY = { basis: '公共租赁住房管理办法', scenario: '资格审核', scope: '审核科' }

  test('is shown to both sides; a head takes it on record, and may then suspend it', async () => {
    const all = await opened()
    const head = await all.by('er')
    expect((await head.get('/console/agreements')).text).toContain(`href="${LOADED}"`)
    expect((await head.get(LOADED)).text).toContain('政务数据共享')
    const sent = await head.post(LOADED, WHY)
    expect(sent.to).toMatch(/^\/console\/proposals\/[\w-]+\?done=adopt$/)
    const { text } = await head.get(sent.to)
    expect(text).toContain('已登记在案')
    expect(text).toContain('value="suspend-provider"')
    expect((await head.get(LOADED)).status).toBe(303)
    expect((await head.post(LOADED, WHY)).status).toBe(409)
  })

  test('is not taken on record without words, with an old sign-in, or by an admin', async () => {
    const all = await opened()
    const size = all.gateway.size()
    const bare = await (await all.by('er')).post(LOADED, { ...WHY, scope: ' ' })
    expect(bare.status).toBe(400)
    expect(bare.text).toContain('id="scope-error"')
    expect(bare.text).toContain(WHY.scenario)
    const old = await all.by('er', { steppedUp: false })
    expect((await old.get(LOADED)).text).toContain('step-up')
    const late = await old.post(LOADED, WHY)
    expect(late.status).toBe(403)
    expect(late.text).toContain(WHY.scenario)
    const admin = await all.by('ji')
    expect((await admin.get(LOADED)).text).not.toContain('<form class="act"')
    expect((await admin.post(LOADED, WHY)).status).toBe(403)
    expect((await (await all.by('ann')).get('/console/agreements/nothing')).status).toBe(404)
    expect(all.gateway.size()).toBe(size)
  })
})
