import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import { generateSigningKey } from '../../src/keys/generate.ts'
import { publicJwk } from '../../src/keys/signer.ts'
import { callerWith, HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { servedCity } from './city.ts'
import { telling } from './telling.ts'

/** 住房和城乡建设局's admin and head. */
const [ADMIN, HEAD] = ['ji', 'kang'] as const
const SYSTEM = 'housing-window'
const HOUSES = '11990100MB9901075L'

const city = await servedCity('a key’s story')
const { isMissing } = city

describe.skipIf(isMissing)('a new system’s key, from its fingerprint to its revocation', () => {
  test('proposed, refused before its second person, approved, first call shown, revoked; all of it in the log', {
    timeout: 120_000,
  }, async () => {
    const { pageOf, press, main, force, logged, acts, follow } = telling(city)
    const secret = await generateSigningKey('ES256')
    /** The housing system's own question, asked by the new one. */
    const ask = () => {
      const asked = decodeJwt(city.gateway.request(HOUSING, claimsOf('family-4-marriage')))
      const header = { alg: 'ES256', kid: secret.kid, typ: 'assistance-request+jwt' }
      return city.gateway.send(callerWith(SYSTEM, secret).sign(header, { ...asked, iss: SYSTEM }))
    }
    const before = city.gateway.size()

    const admin = await pageOf(ADMIN, { javaScriptEnabled: false })
    await admin.goto(`${city.url}/console`)
    await follow(admin, '接入系统')
    await follow(admin, '新系统接入')
    await admin.getByLabel('系统标识').fill(SYSTEM)
    await admin.getByLabel('中文名称').fill('住房保障窗口')
    await admin.getByLabel('英文名称').fill('Housing window')
    await admin.getByLabel('公钥：粘贴').fill(JSON.stringify(await publicJwk(secret)))
    await press(admin, '下一步：核对')
    expect(await main(admin)).toContain(secret.kid)
    await press(admin, '指纹一致，提交')
    expect(await main(admin)).toContain('待第二人同意')
    expect((await ask()).problem).toMatchObject({ code: 'unknown-key' })
    await follow(admin, '业务系统')
    const address = new URL(admin.url()).pathname
    expect(await force(ADMIN, address, { verb: 'approve', revision: '2' })).toBe(403)

    const head = await pageOf(HEAD)
    await head.goto(`${city.url}/console`)
    await follow(head, new RegExp(SYSTEM))
    expect(await head.locator('.diff').textContent()).toContain(HOUSES)
    await press(head, '同意')
    await admin.goto(`${city.url}/console/systems/${SYSTEM}`)
    expect(await main(admin)).toContain('还没有看到调用')

    expect((await ask()).status).toBe(200)
    await follow(admin, '重新查看')
    expect(await main(admin)).not.toContain('还没有看到调用')
    expect(await admin.locator('main').getByText('MAR-01').count()).toBeGreaterThan(0)

    await head.goto(`${city.url}/console/systems/${SYSTEM}`)
    await head.getByText('停用或作废此密钥').click()
    await head.getByLabel('理由').fill('窗口电脑失窃')
    await press(head, '作废')
    expect((await ask()).problem).toMatchObject({ code: 'revoked-key' })

    const log = await logged(before)
    expect(log.acts).toEqual(
      acts(
        ['system.open', ADMIN],
        ['system.submit', ADMIN],
        ['system.approve', HEAD],
        ['key-end.revoke', HEAD],
      ),
    )
    // Who cannot be told by his key is counted, not logged: before the approval, and after the revocation.
    expect(log.others).toEqual(['exchange'])
  })
})
