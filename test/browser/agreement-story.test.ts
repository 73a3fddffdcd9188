import { describe, expect, test } from 'vitest'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { servedCity } from './city.ts'
import { telling } from './telling.ts'

/** 住房和城乡建设局's admin and head, 民政局's head, the authority. */
const [ADMIN, HEAD, PROVIDER, AUTHORITY] = ['ji', 'kang', 'er', 'bo'] as const
const ID = 'housing-marriage-2026'
const marriage = claimsOf('family-4-marriage')

const city = await servedCity('an agreement’s story')
const { isMissing } = city

describe.skipIf(isMissing)('an agreement, from the application to its suspension', () => {
  test('applied for, refused to its own admin, approved, consented, used, suspended; all of it in the log', {
    timeout: 120_000,
  }, async () => {
    await city.gateway.amend('agreement', 'housing-mar', { state: 'ended' })
    const { pageOf, press, notice, main, force, logged, acts, follow } = telling(city)
    expect((await city.gateway.ask(HOUSING, marriage)).problem).toMatchObject({
      code: 'no-agreement',
    })
    const before = city.gateway.size()

    const admin = await pageOf(ADMIN, { javaScriptEnabled: false })
    await admin.goto(`${city.url}/console`)
    await follow(admin, '共享约定')
    await follow(admin, '提出申请')
    await follow(admin, '申请此项：婚姻登记信息核验')
    await admin.getByLabel('约定编号').fill(ID)
    await admin.getByLabel('使用依据').fill('公共租赁住房管理办法第七条')
    await admin.getByLabel('使用场景').fill('公租房申请资格审核')
    await admin.getByLabel('使用范围').fill('审核科工作人员，逐案核验')
    const code = admin.getByLabel('依据代码 1')
    await code.fill('PRH-MEASURES')
    await press(admin, '加一项用途')
    expect(await admin.getByLabel('使用范围').inputValue()).toBe('审核科工作人员，逐案核验')
    await press(admin, '去掉服务事项 2')
    expect(await admin.getByLabel('依据代码 2').count()).toBe(0)
    await admin.getByLabel('服务事项 1').selectOption('S04')
    await admin.getByLabel('场景代码 1').fill('eligibility-review')
    const status = admin.getByRole('group', { name: '最近一次登记的婚姻状态 status' })
    for (const way of ['读取取值', '只比对（是或否）']) await status.getByLabel(way).check()
    for (const claim of ['登记日期 regDate', '登记的配偶公民身份号码 spouseIdNo'])
      await admin.getByRole('group', { name: claim }).getByLabel('只比对（是或否）').check()
    await admin.getByLabel('当事人同意').check()
    await press(admin, '加一条依据')
    await admin.getByLabel('名称 1').fill('公共租赁住房管理办法')
    // Enter in a field keeps the draft, and works no button of a row.
    await code.press('Enter')
    await admin.waitForLoadState()
    expect(await notice(admin)).toContain('草稿已存好')
    await press(admin, '提交')
    expect(await notice(admin)).toContain('已提交')
    expect(await main(admin)).toContain('同意：您的角色不能办理此事')
    const address = new URL(admin.url()).pathname
    expect(await force(ADMIN, address, { verb: 'approve', revision: '2' })).toBe(403)

    const head = await pageOf(HEAD)
    await head.goto(`${city.url}/console`)
    await follow(head, new RegExp(ID))
    await press(head, '同意')
    expect(await notice(head)).toContain('已同意')
    expect(await main(head)).toContain('还剩 10 个工作日')
    expect(await force(HEAD, address, { verb: 'consent', revision: '3' })).toBe(403)

    const provider = await pageOf(PROVIDER)
    await provider.goto(`${city.url}/console`)
    await follow(provider, new RegExp(ID))
    expect(await provider.locator('.diff').textContent()).toContain('公租房申请资格审核')
    await press(provider, '同意共享')
    expect(await notice(provider)).toContain('已同意共享')
    expect(await main(provider)).toContain('还剩 20 个工作日')

    await admin.goto(`${city.url}/console/agreements?q=${ID}`)
    expect(await main(admin)).toContain('正常')
    const called = await city.gateway.ask(HOUSING, marriage)
    expect(called.status).toBe(200)

    await provider.locator('#suspend-provider-reason').fill('登记库迁移，数据暂不可靠。')
    await press(provider, '中止（提供机关）')
    expect(await notice(provider)).toContain('已中止')
    city.gateway.wait(1)
    const refused = await city.gateway.ask(HOUSING, marriage)
    expect(refused.problem).toMatchObject({ code: 'no-agreement' })

    const authority = await pageOf(AUTHORITY)
    await authority.goto(`${city.url}${address}`)
    expect(await main(authority)).toContain('登记库迁移，数据暂不可靠。')
    const log = await logged(before)
    expect(log.acts).toEqual(
      acts(
        ['agreement.open', ADMIN],
        ['agreement.submit', ADMIN],
        ['agreement.approve', HEAD],
        ['agreement.consent', PROVIDER],
        ['agreement.suspend-provider', PROVIDER],
      ),
    )
    expect(log.others).toEqual(['exchange', 'refusal'])
  })
})
