import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mianzheng, type Served, served, temporary } from './cli.ts'

const { dir, remove } = temporary()
const data = join(dir, 'data')
let gateway: Served

const run = async (...args: string[]) => {
  const { code, out, err } = await mianzheng([...args, '--json'])
  return { code, err, ...JSON.parse(out || '{}') }
}
const keys = (...args: string[]) => run('keys', ...args, '--data', data)
const statesOf = async (of: string) => {
  const { keys: lines } = await keys('list')
  const own = lines.filter((line: { of: string }) => line.of === of)
  return own.map((line: { state: string }) => line.state)
}
const ask = (name: string) => {
  const evidence = join(dir, `${name}.json`)
  const args = ['--gateway', gateway.url, '--data', data, '--evidence', evidence]
  return mianzheng(['ask', '--example', 'family-4-marriage', ...args])
}
const trust = (name: string) =>
  mianzheng(['trust', '--gateway', gateway.url, '--out', join(dir, `${name}.json`)])
const verify = (evidence: string, trusted: string) =>
  run('verify', join(dir, `${evidence}.json`), '--trust', join(dir, `${trusted}.json`))

beforeAll(async () => {
  gateway = await served(data)
}, 180_000)
afterAll(async () => {
  await gateway.stop()
  remove()
})

describe('while the gateway serves', () => {
  it('an answer key is rotated: old and new evidence verify by a renewed trust file', async () => {
    expect((await ask('one')).code).toBe(0)
    await trust('before')
    const [old] = (await keys('list')).keys
    const { code, kid } = await keys('rotate', '--now')
    expect(code).toBe(0)
    await pause(1000)
    expect((await ask('two')).code).toBe(0)
    await trust('after')
    expect((await verify('one', 'after')).ok).toBe(true)
    expect((await verify('two', 'after')).ok).toBe(true)
    const outdated = await verify('two', 'before')
    expect(outdated.code).toBe(1)
    expect(JSON.stringify(outdated)).toContain('obtain it anew')

    expect(await keys('retire', old.kid)).toMatchObject({ code: 0, step: 'retire' })
    expect(await statesOf('answer')).toEqual(['overlapping', 'active'])
    expect((await keys('retire', kid)).code).toBe(1)
    expect(await keys('revoke', old.kid, '--yes')).toMatchObject({ code: 0, step: 'revoke' })
    expect(await statesOf('answer')).toEqual(['revoked', 'active'])
  }, 180_000)

  it('what cannot be undone is not done without a yes', async () => {
    const { code, err } = await keys('revoke', 'any')
    expect(code).toBe(2)
    expect(err).toContain('--yes')
  })

  it('a system gets a second key, asks with it, and loses the first', async () => {
    const secret = join(dir, 'second.jwk.json')
    const { out } = await mianzheng(['keygen', '--out', secret, '--json'])
    const pub = join(dir, 'second.pub.json')
    writeFileSync(pub, out)
    const added = await keys('add', '--system', 'housing-bureau', '--jwk', pub)
    expect(added).toMatchObject({ code: 0, system: 'housing-bureau' })
    await pause(1000)
    const own = ['--gateway', gateway.url, '--data', data]
    const asking = ['ask', '--example', 'family-4-marriage', ...own]
    expect((await mianzheng([...asking, '--key', secret])).code).toBe(0)

    const demo = join(data, 'demo-keys', 'housing-bureau.jwk.json')
    const { kid } = JSON.parse(readFileSync(demo, 'utf8'))
    const ended = await keys('revoke', kid, '--system', 'housing-bureau', '--yes')
    expect(ended).toMatchObject({ code: 0, kid, step: 'revoke' })
    await pause(1000)
    expect((await mianzheng(asking)).code).toBe(1)
    expect((await mianzheng([...asking, '--key', secret])).code).toBe(0)
    expect(await statesOf('housing-bureau')).toEqual(expect.arrayContaining(['active', 'revoked']))
  }, 180_000)

  it('a private key is not registered, and its owner is told what that means', async () => {
    const secret = join(dir, 'third.jwk.json')
    await mianzheng(['keygen', '--out', secret])
    const { d } = JSON.parse(readFileSync(secret, 'utf8'))
    const { code, err } = await keys('add', '--system', 'subdistrict', '--jwk', secret)
    expect(code).toBe(2)
    expect(err).toContain('私钥')
    expect(err).not.toContain(d)
  })

  it('records are brought under a new sealing key', async () => {
    const { kid } = await keys('rotate-sealing')
    expect(kid).toBe('sealing-2')
    const done = await keys('rewrap')
    expect(done).toMatchObject({ code: 0, kek: 'sealing-2', unopened: [] })
    expect(done.rewrapped).toBeGreaterThan(0)
    expect((await keys('destroy', 'sealing-1', '--yes')).err).toContain('仍在使用')
    const check = await run('log', 'check', '--data', data)
    expect(check).toMatchObject({ code: 0, ok: true })
  }, 180_000)
})

it('there must be a gateway', async () => {
  const { code, err } = await run('keys', 'list', '--data', join(dir, 'nowhere'))
  expect(code).toBe(2)
  expect(err).toContain('mianzheng seed')
})
