import { describe, expect, test } from 'vitest'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { servedCity } from './city.ts'
import { telling } from './telling.ts'

/** 民政局's admin and head, and the city's authority. */
const [ADMIN, HEAD, AUTHORITY] = ['ding', 'er', 'bo'] as const
const CODE = 'MAR-01'
const marriage = claimsOf('family-4-marriage')

const city = await servedCity('an item’s story')
const { isMissing } = city

/** What the stories are told with, once there is a city.gateway. */
const tell = () => telling(city)

describe.skipIf(isMissing)('an item, from an idea to its suspension', () => {
  test('proposed, refused to its own admin, approved, published, called, suspended; all of it in the log', {
    timeout: 120_000,
  }, async () => {
    const { pageOf, press, notice, main, force, logged, acts } = tell()
    const before = city.gateway.size()

    const admin = await pageOf(ADMIN, { javaScriptEnabled: false })
    await admin.goto(`${city.url}/console`)
    await admin.getByRole('link', { name: '去协助事项' }).click()
    await admin.getByRole('link', { name: '提出新版本：婚姻登记信息核验' }).click()
    await admin.getByLabel('费用（中文）').fill('不收费，也不代收任何费用。')
    await press(admin, '存为草稿')
    expect(await notice(admin)).toContain('草稿已存好')
    expect(await admin.locator('.diff ins').first().textContent()).toBe('2')
    await press(admin, '提交')
    expect(await notice(admin)).toContain('已提交')
    expect(await main(admin)).toContain('同意：您的角色不能办理此事')
    expect(await admin.getByRole('button', { name: '同意', exact: true }).count()).toBe(0)
    const address = new URL(admin.url()).pathname
    expect(await force(ADMIN, address, { verb: 'approve', revision: '2' })).toBe(403)

    const head = await pageOf(HEAD)
    await head.goto(`${city.url}/console`)
    await head.getByRole('link', { name: new RegExp(CODE) }).click()
    expect(await head.locator('.diff').textContent()).toContain('不收费，也不代收任何费用。')
    await press(head, '同意')
    expect(await notice(head)).toContain('已同意')
    expect(await main(head)).toContain('还剩 2 个工作日')

    const authority = await pageOf(AUTHORITY)
    await authority.goto(`${city.url}/console`)
    await authority.getByRole('link', { name: new RegExp(CODE) }).click()
    await press(authority, '发布')
    expect(await notice(authority)).toContain('已发布')

    const anybody = await (await city.browser.newContext({ locale: 'zh-CN' })).newPage()
    await anybody.goto(`${city.url}/items/${CODE}`)
    expect(await anybody.locator('main').textContent()).toContain('不收费，也不代收任何费用。')
    expect(await anybody.locator('main').textContent()).toContain('第 2 版')

    const called = await city.gateway.ask(HOUSING, marriage)
    expect(called.status).toBe(200)
    expect(called.answer).toMatchObject({ item: { code: CODE, version: 2 } })

    await head.goto(`${city.url}/console/items`)
    await head.getByRole('link', { name: '暂停：婚姻登记信息核验' }).click()
    expect(await main(head)).toContain('会来询问的业务系统')
    await head.getByLabel('理由').fill('登记库迁移，数据暂不可靠。')
    await press(head, '立即暂停')
    expect(await notice(head)).toContain('已暂停')
    city.gateway.wait(1)
    const refused = await city.gateway.ask(HOUSING, marriage)
    expect(refused.problem).toMatchObject({ code: 'item-suspended' })

    const log = await logged(before)
    expect(log.acts).toEqual(
      acts(
        ['item.open', ADMIN],
        ['item.submit', ADMIN],
        ['item.approve', HEAD],
        ['item.publish', AUTHORITY],
        ['suspension.suspend', HEAD],
      ),
    )
    expect(log.others).toEqual(['exchange', 'refusal'])
  })
})

describe.skipIf(isMissing)('while others work too', { timeout: 60_000 }, () => {
  test('what was changed meanwhile is shown, and one can go on', async () => {
    const { pageOf, press, notice } = tell()
    const one = await pageOf(ADMIN)
    await one.goto(`${city.url}/console/items`)
    const edit = one.getByRole('link', { name: /^提出新版本/ }).first()
    await edit.click()
    await press(one, '存为草稿')
    const address = one.url().split('?', 1)[0] as string
    const other = await pageOf(ADMIN)
    for (const page of [one, other]) await page.goto(`${address}/edit`)
    await other.getByLabel('方式（中文）', { exact: true }).fill('甲的写法')
    await press(other, '存为草稿')
    await one.getByLabel('方式（中文）', { exact: true }).fill('乙的写法')
    await press(one, '存为草稿')
    expect(await notice(one)).toContain('已被别人改过')
    expect(await one.locator('.diff').textContent()).toContain('甲的写法')
    expect(await one.getByLabel('方式（中文）', { exact: true }).inputValue()).toBe('乙的写法')
    await press(one, '存为草稿')
    expect(await one.locator('.diff').textContent()).toContain('乙的写法')
  })

  test('a form left with unsaved work asks first', async () => {
    const page = await tell().pageOf(ADMIN)
    await page.goto(`${city.url}/console/items/new`)
    await page.getByLabel('代码').fill('CIV-77')
    let asked = ''
    page.on('dialog', async (dialog) => {
      asked = dialog.type()
      await dialog.dismiss()
    })
    await page.getByRole('link', { name: '不改了' }).click()
    await expect.poll(() => asked).toBe('beforeunload')
    expect(page.url()).toContain('/console/items/new')
  })

  test('a sign-in that is too old leads to confirming it, and back to the same page', async () => {
    const head = await tell().pageOf(HEAD, { steppedUp: false })
    await head.goto(`${city.url}/console/items/MAR-01/suspend`)
    const link = head.getByRole('link', { name: '现在确认' })
    const way = new URL(String(await link.getAttribute('href')), city.url)
    expect(way.searchParams.get('return')).toBe('/console/items/MAR-01/suspend')
  })
})
