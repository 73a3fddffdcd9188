import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mianzheng, type Served, served, temporary } from './cli.ts'

const { dir, remove } = temporary()
let gateway: Served
let closed: Served

beforeAll(async () => {
  gateway = await served(join(dir, 'data'))
  closed = await served(join(dir, 'closed'), { SANDBOX: 'off' })
}, 60_000)

afterAll(async () => {
  await gateway.stop()
  await closed.stop()
  remove()
})

const out = join(dir, 'onboard')
const onboard = (...args: string[]) => mianzheng(['onboard', '--gateway', gateway.url, ...args])

describe('onboard', () => {
  it('ends with an answer whose evidence another process verifies offline', async () => {
    const { code, out: said, err } = await onboard('--out', out, '--json', '--name', '民政业务系统')
    expect({ code, err: err.split('\n').length }).toEqual({ code: 0, err: 6 })
    expect(JSON.parse(said)).toMatchObject({
      ok: true,
      isNew: true,
      system: expect.stringMatching(/^sandbox-[0-9a-f]{16}$/),
      outcome: 'ANSWERED',
      claims: { greeting: { value: 'Hello, this is Mianzheng.' }, language: { result: 'MATCH' } },
    })
    expect(statSync(join(out, 'key.jwk.json')).mode & 0o777).toBe(0o600)
    const args = [
      'verify',
      join(out, 'evidence.json'),
      '--trust',
      join(out, 'trust.json'),
      '--json',
    ]
    const verified = await mianzheng(args)
    expect(verified.code).toBe(0)
    expect(JSON.parse(verified.out).results[0].entry).toMatchObject({ item: 'ECHO-00@1' })
  })

  it('a second time is the same system with the same key, and says what comes next', async () => {
    const key = readFileSync(join(out, 'key.jwk.json'), 'utf8')
    const { code, out: said } = await onboard('--out', out)
    expect(code).toBe(0)
    for (const text of [
      '5/5',
      '早已登记',
      'was registered before',
      '下一步 Next',
      'verify',
      '20 and 21',
    ])
      expect(said).toContain(text)
    expect(said).not.toContain(JSON.parse(key).d)
    expect(readFileSync(join(out, 'key.jwk.json'), 'utf8')).toBe(key)
  })

  it('shows the newcomer in the catalogue, by the name it gave', async () => {
    const { systems } = (await (await fetch(`${gateway.url}/v1/catalog/systems`)).json()) as {
      systems: { id: string; names: { zh: string } }[]
    }
    const own = systems.filter(({ id }) => id.startsWith('sandbox-'))
    expect(own.map(({ names }) => names.zh)).toEqual(['民政业务系统'])
  })
})

describe('onboard says what to do when', () => {
  it('the sandbox is closed', async () => {
    const args = ['onboard', '--gateway', closed.url, '--out', join(dir, 'shut')]
    const { code, err } = await mianzheng(args)
    expect(code).toBe(1)
    expect(err).toContain('sandbox-off')
    expect(err).toContain('ask its operator to register your public key')
    expect(existsSync(join(dir, 'shut/evidence.json'))).toBe(false)
  })

  it('the agency is no USCC', async () => {
    const { code, err } = await onboard('--out', join(dir, 'odd'), '--agency', 'nobody')
    expect(code).toBe(1)
    expect(err).toContain('/agency')
  })

  it('the key file holds something else', async () => {
    const folder = join(dir, 'spoilt')
    await onboard('--out', folder)
    writeFileSync(join(folder, 'key.jwk.json'), '{}')
    const { code, err } = await onboard('--out', folder)
    expect(code).toBe(2)
    expect(err).toContain('--out')
  })

  it('the folder belongs to another gateway: keys that differ are never overwritten', async () => {
    const other = await served(join(dir, 'other'))
    const before = readFileSync(join(out, 'trust.json'), 'utf8')
    const { code, err } = await mianzheng(['onboard', '--gateway', other.url, '--out', out])
    await other.stop()
    expect(code).toBe(2)
    expect(err).toContain('another gateway')
    expect(readFileSync(join(out, 'trust.json'), 'utf8')).toBe(before)
  })

  it('nobody answers', async () => {
    const { code, err } = await mianzheng([
      'onboard',
      '--gateway',
      'http://127.0.0.1:9',
      '--out',
      join(dir, 'none'),
    ])
    expect(code).toBe(1)
    expect(err).toContain('npm start')
  })
})
