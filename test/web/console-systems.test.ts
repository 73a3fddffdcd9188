import { calculateJwkThumbprint, exportSPKI, importJWK } from 'jose'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import type { Deps } from '../../src/deps.ts'
import { generateSigningKey } from '../../src/keys/generate.ts'
import { publicJwk } from '../../src/keys/signer.ts'
import { nodeOutbound } from '../../src/platform/outbound.ts'
import { keysAt } from '../../src/registry/keys-at.ts'
import { callerWith, HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, type Options, type TestGateway } from '../harness.ts'
import { peopleOf } from '../people.ts'
import { serve } from '../provider.ts'
import { openedForVisits } from './forms.ts'

afterEach(checkWholeLog)

const HOUSES = '11990100MB9901075L'
const MARRIAGE = claimsOf('family-4-marriage')
const NEW = '/console/systems/new'

async function opened(subject = 'ji', options: Options = {}) {
  const { gateway, visit } = await openedForVisits(options)
  return { gateway, visit, by: await visit(subject) }
}

const filled = {
  ...{ agency: HOUSES, id: 'housing-two', nameZh: '第二系统', nameEn: 'Second' },
  ...{ actsFor: HOUSES, roles: 'caller', perSecond: '5', burst: '10' },
}

/** The second person says yes, on the proposal's own address. */
async function approve({ deps, app }: TestGateway, who: string): Promise<void> {
  const { id } = await deps.store.db
    .selectFrom('proposal')
    .select('id')
    .where('state', '=', 'submitted')
    .executeTakeFirstOrThrow()
  const people = peopleOf({ deps, app, clock: { now: deps.clock() } })
  const send = people.as(await people.signIn(who))
  const more = { 'if-match': '"2"' }
  const done = await send('POST', `/v1/admin/proposals/${id}/approve`, { body: {}, more })
  expect(done.status).toBe(200)
}

describe('a system', () => {
  test('joins: form, fingerprint, second person, first call', async () => {
    const { gateway, by } = await opened()
    const secret = await generateSigningKey('ES256')
    const key = JSON.stringify(await publicJwk(secret))
    expect((await by('GET', NEW)).text).toContain('新系统接入')
    const confirm = await by('POST', NEW, { ...filled, key })
    expect(confirm.text).toContain(`<code>${secret.kid}</code>`)
    const sent = await by('POST', NEW, { ...filled, key, step: 'send' })
    expect(sent).toMatchObject({ status: 303, at: '/console/systems/housing-two?done=sent' })
    const pending = (await by('GET', sent.at as string)).text
    expect(pending).toContain('待第二人同意')
    const [change = ''] = /\/console\/proposals\/[0-9a-f-]{36}/.exec(pending) ?? []
    const { text } = await by('GET', change)
    for (const word of ['所属机关', '每秒请求上限', '公钥']) expect(text).toContain(word)
    const print = await calculateJwkThumbprint(JSON.parse(key))
    expect(text).toContain(`<code>${print}</code>`)
    expect(text).toContain('与系统负责人核对指纹')
    expect(text).not.toMatch(/>\/(?:system|keys)/)
    await approve(gateway, 'kang')
    const page = '/console/systems/housing-two'
    expect((await by('GET', page)).text).toContain('还没有看到调用')
    const caller = callerWith('housing-two', secret)
    const request = caller.sign(
      { alg: 'ES256', kid: secret.kid, typ: 'assistance-request+jwt' },
      {
        ...JSON.parse(
          Buffer.from(
            gateway.request(HOUSING, MARRIAGE).split('.')[1] ?? '',
            'base64url',
          ).toString(),
        ),
        iss: 'housing-two',
      },
    )
    expect((await gateway.send(request)).status).toBe(200)
    const after = (await by('GET', page)).text
    expect(after).not.toContain('还没有看到调用')
    expect(after).toContain('ANSWERED')
  })

  test('is shown with its keys and what it may call; a revocation asks for a reason and is done at once', async () => {
    const { gateway, by } = await opened()
    expect((await by('GET', '/console/systems')).text).toContain(HOUSING)
    const path = `/console/systems/${HOUSING}`
    expect((await by('GET', path)).text).toContain('MAR-01')
    const { kid } = gateway.caller(HOUSING)
    const none = await by('POST', `${path}/key-end`, { kid, verb: 'revoke', reason: ' ' })
    expect(none.status).toBe(400)
    const done = await by('POST', `${path}/key-end`, { kid, verb: 'revoke', reason: '外泄' })
    expect(done).toMatchObject({ status: 303, at: `${path}?done=ended` })
    expect((await gateway.ask(HOUSING, MARRIAGE)).problem?.code).toBe('revoked-key')
  })

  test('that is limited to items asks no others', async () => {
    const { gateway } = await opened()
    await gateway.amend('system', HOUSING, { items: ['ENT-01'] })
    expect((await gateway.ask(HOUSING, MARRIAGE)).problem?.code).toBe('no-agreement')
    await gateway.amend('system', HOUSING, { items: ['ENT-01', MARRIAGE.item] })
    expect((await gateway.ask(HOUSING, MARRIAGE)).status).toBe(200)
  })

  test('gets another key, as PEM', async () => {
    const { by } = await opened()
    const jwk = await publicJwk(await generateSigningKey('Ed25519'))
    const key = await exportSPKI(
      (await importJWK(jwk, 'Ed25519', { extractable: true })) as CryptoKey,
    )
    const sent = await by('POST', `/console/systems/${HOUSING}/keys/new`, { key, step: 'send' })
    expect(sent).toMatchObject({ status: 303, at: `/console/systems/${HOUSING}?done=sent` })
    const { text: pending } = await by('GET', sent.at as string)
    const [change = ''] = /\/console\/proposals\/[0-9a-f-]{36}/.exec(pending) ?? []
    const print = await calculateJwkThumbprint(jwk)
    expect((await by('GET', change)).text).toContain(`<code>${print}</code>`)
  })
})

describe('a JWKS address', () => {
  /** In development this machine is allowed; here it is not, as in production. */
  const closed = () => {
    const outbound = nodeOutbound({ networks: [], plain: true })
    onTestFinished(() => outbound.close())
    return { bend: (deps: Deps): Deps => ({ ...deps, keysAt: keysAt(outbound.get) }) }
  }
  const offered = async (count: number) => {
    const made = Array.from({ length: count }, () => generateSigningKey('ES256'))
    const keys = await Promise.all((await Promise.all(made)).map(publicJwk))
    const body = JSON.stringify({ keys })
    const address = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/jwk-set+json' }).end(body)
    })
    return { keys, address: `${address}/jwks.json`, key: body }
  }

  test('is asked once; of its keys those are proposed that were chosen by fingerprint', async () => {
    const { gateway, by } = await opened()
    const { keys, address } = await offered(3)
    expect((await by('GET', NEW)).text).toContain('name="address"')
    const confirm = await by('POST', NEW, { ...filled, address })
    expect(confirm.status).toBe(200)
    for (const { kid } of keys) expect(confirm.text).toContain(`name="chosen" value="${kid}"`)
    expect(confirm.text).not.toContain(address)
    const key = JSON.stringify({ keys })
    const chosen = keys[1]?.kid as string
    const sent = await by('POST', NEW, { ...filled, key, chosen, step: 'send' })
    expect(sent.status).toBe(303)
    const { doc } = await gateway.deps.store.db
      .selectFrom('proposal')
      .select('doc')
      .executeTakeFirstOrThrow()
    expect(JSON.parse(doc).keys.map(({ kid }: { kid: string }) => kid)).toEqual([chosen])
  })

  test.each([
    ['none', {}],
    ['one that is not there', { chosen: 'A'.repeat(43) }],
  ])('with several keys and %s chosen proposes nothing', async (_, choice) => {
    const { gateway, by } = await opened()
    const size = gateway.size()
    const { key } = await offered(2)
    const back = await by('POST', NEW, { ...filled, key, ...choice, step: 'send' })
    expect(back.status).toBe(400)
    expect(back.text).toContain('请选 1 至 5 把公钥')
    const path = `/console/systems/${HOUSING}/keys/new`
    expect((await by('POST', path, { key, ...choice, step: 'send' })).text).toContain(
      '请选一把公钥',
    )
    expect(gateway.size()).toBe(size)
  })

  test('that leads inside this machine is not reached, and no more is said than that', async () => {
    const { gateway, by } = await opened('ji', closed())
    const size = gateway.size()
    const { address } = await offered(1)
    const back = await by('POST', NEW, { ...filled, address })
    expect(back.status).toBe(400)
    expect(back.text).toContain('没有取到公钥')
    expect(back.text).not.toMatch(/PROVIDER_NETWORKS|ECONNREFUSED/)
    expect(gateway.size()).toBe(size)
  })
})

describe('bad input', () => {
  test.each([
    ['no key', { key: '' }, '请用一种方式'],
    ['a text that is no key', { key: 'hello' }, '不是可用的签名公钥'],
    ['an id with capitals', { id: 'Housing' }, '系统标识须为'],
    ['an id that is taken', { id: HOUSING }, '已经有系统使用'],
    ['a rate of words', { perSecond: 'many' }, '大于 0'],
    ['an item that there is not', { items: 'XXX-99' }, '须已在目录中'],
    ['script as an agency', { actsFor: '<script>alert(1)</script>' }, '18 位'],
  ])('%s is said beside its field, and nothing is kept', async (_, wrong, said) => {
    const { gateway, by } = await opened()
    const size = gateway.size()
    const key = JSON.stringify(await publicJwk(await generateSigningKey('ES256')))
    const back = await by('POST', NEW, { ...filled, key, ...wrong, step: 'send' })
    expect(back.status).toBe(400)
    expect(back.text).toContain(said)
    expect(back.text).not.toContain('<script>alert')
    expect(gateway.size()).toBe(size)
  })

  test('a private key is refused: it may not be used any more', async () => {
    const { gateway, by } = await opened()
    const size = gateway.size()
    const key = JSON.stringify(await generateSigningKey('ES256'))
    const back = await by('POST', NEW, { ...filled, key, step: 'send' })
    expect(back).toMatchObject({ status: 400 })
    expect(back.text).toContain('不得再使用')
    expect(gateway.size()).toBe(size)
  })

  test('a key that another system has is refused', async () => {
    const { gateway, by } = await opened()
    const key = JSON.stringify(await publicJwk(gateway.caller(HOUSING).jwk as never))
    const back = await by('POST', NEW, { ...filled, key, step: 'send' })
    expect(back.status).toBe(400)
    expect(back.text).toContain('已经登记过')
  })
})

describe('security', () => {
  test('another agency’s admin sees none of it and changes nothing', async () => {
    const { gateway, by } = await opened('gao')
    expect((await by('GET', '/console/systems')).text).not.toContain(HOUSING)
    for (const path of [HOUSING, `${HOUSING}/keys/new`, 'none'])
      expect((await by('GET', `/console/systems/${path}`)).status).toBe(404)
    const { kid } = gateway.caller(HOUSING)
    const fields = { kid, verb: 'revoke', reason: '测试' }
    expect((await by('POST', `/console/systems/${HOUSING}/key-end`, fields)).status).toBe(403)
    const key = JSON.stringify(await publicJwk(await generateSigningKey('ES256')))
    expect((await by('POST', NEW, { ...filled, key, step: 'send' })).status).toBe(403)
    expect((await gateway.ask(HOUSING, MARRIAGE)).status).toBe(200)
  })
})
