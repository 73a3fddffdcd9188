import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { mianzheng, temporary } from './cli.ts'

const { dir, remove } = temporary()
afterAll(remove)

const COMMANDS = [
  'serve',
  'seed',
  'import',
  'keygen',
  'onboard',
  'ask',
  'verify',
  'trust',
  'log check',
  'log export',
  'migrate-engine',
  'backup',
  'restore',
  'log new-shard',
  'erase',
  'services',
  'gaps',
  'registry export',
  'registry plan',
  'registry apply',
  'calendar load',
  'calendar show',
  'explain',
  'keys list',
  'keys rotate',
  'keys add',
  'people list',
  'people add',
  'people role',
  'people suspend',
  'demo',
  'workers-dev',
]

it('says which version it is', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  const { code, out } = await mianzheng(['--version'])
  expect([code, out.trim()]).toEqual([0, version])
})

describe('help', () => {
  it.concurrent.each(COMMANDS)(
    '%s explains itself in both languages, with an example',
    async (name) => {
      const { code, out } = await mianzheng([...name.split(' '), '--help'])
      expect(code).toBe(0)
      expect(out).toContain('用法 Usage: mianzheng')
      expect(out).toContain('--json')
      expect(out).toContain(`示例 Examples:\n  mianzheng ${name}`)
    },
  )
})

describe('wrong usage ends with 2 and says what mends it', () => {
  it.concurrent.each([
    ['no command', [], '示例 Examples'],
    ['an unknown command', ['bogus'], "unknown command 'bogus'"],
    ['an unknown option', ['explain', '--loud'], "unknown option '--loud'"],
    ['a missing option', ['verify', 'evidence.json'], '--trust'],
    ['no gateway there', ['log', 'check', '--data', join(dir, 'none')], 'mianzheng seed'],
    ['no trust file', ['verify', 'x.json', '--trust', join(dir, 'none.json')], 'mianzheng trust'],
    ['no key', ['ask', '--data', dir, '--system', 'nobody'], '--key'],
    ['an unknown code', ['explain', 'quot'], 'quota'],
    ['a request that is not named', ['erase', '--yes'], '--hash'],
    ['a hash that is none', ['erase', '--hash', '%', '--yes'], '43'],
    ['a request named twice', ['erase', 'jti', '--hash', 'A'.repeat(43), '--yes'], '--hash'],
    ['a move without --yes', ['migrate-engine', '--from', dir, '--to', `${dir}/x`], '--yes'],
    [
      'a place that is none',
      ['migrate-engine', '--from', 'mysql://x/y', '--to', dir],
      'postgres://',
    ],
    [
      'a folder that is no back-up',
      ['restore', '--from', dir, '--data', `${dir}/x`],
      'backup.json',
    ],
    ['a year that is none', ['calendar', 'show', 'next', '--data', dir], 'next'],
    ['an unknown algorithm', ['keygen', '--alg', 'RS256', '--out', join(dir, 'r')], 'ES256'],
  ])('%s', async (_, args, hint) => {
    const { code, out, err } = await mianzheng(args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(hint)
    expect(err).not.toContain('    at ')
  })

  it.concurrent('a bad environment names the variable', async () => {
    const { code, err } = await mianzheng(['serve', '--data', dir], { env: { PORT: 'abc' } })
    expect(code).toBe(2)
    expect(err).toContain('PORT')
  })

  it.concurrent.each([
    ['below a file', join(dir, 'file', 'data')],
    ['where the system makes no folders', '/proc/nope/data'],
    ['that may not be written to', '/proc'],
  ])('a data folder %s ends the start and is named', async (_, data) => {
    if (data.startsWith('/proc') && process.platform !== 'linux') {
      process.stderr.write('SKIPPED: there is no /proc here\n')
      return
    }
    writeFileSync(join(dir, 'file'), '')
    const { code, out, err } = await mianzheng(['serve', '--data', data], { env: { PORT: '0' } })
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(/^错误：配置有误。数据目录 \S+ 不能建立或写入/)
    expect(err).toContain(`The data folder ${data} cannot be made or written to`)
  })

  it.concurrent('with --json the error is one object too', async () => {
    const { code, out } = await mianzheng(['log', 'check', '--data', join(dir, 'none'), '--json'])
    expect(code).toBe(2)
    expect(JSON.parse(out)).toMatchObject({ ok: false, error: { en: expect.any(String) } })
  })

  it.concurrent('nothing listening is said plainly', async () => {
    const gateway = 'http://127.0.0.1:9'
    const { code, err } = await mianzheng(['trust', '--gateway', gateway, '--out', join(dir, 't')])
    expect(code).toBe(1)
    expect(err).toContain('npm start')
  })
})

describe('explain', () => {
  it('gives a row of the closed table in both languages', async () => {
    const { code, out } = await mianzheng(['explain', 'jti-reuse'])
    expect(code).toBe(0)
    expect(out).toContain('jti 已用于另一请求')
    expect(out).toContain('The jti belongs to another request')
    expect(out).toContain('409')
  })

  it('lists every code when asked for none', async () => {
    const { out } = await mianzheng(['explain', '--json'])
    const { codes } = JSON.parse(out) as { codes: { code: string; retryable: boolean }[] }
    expect(codes.length).toBeGreaterThan(30)
    expect(codes).toContainEqual(expect.objectContaining({ code: 'quota', retryable: true }))
  })
})

describe('keygen', () => {
  it.each(['ES256', 'Ed25519'])(
    'writes a private %s key that only its owner reads',
    async (alg) => {
      const path = join(dir, `${alg}.jwk.json`)
      const { code, out } = await mianzheng(['keygen', '--alg', alg, '--out', path, '--json'])
      expect(code).toBe(0)
      const own = JSON.parse(readFileSync(path, 'utf8'))
      const { d, ...rest } = own
      expect(d).toEqual(expect.any(String))
      expect(JSON.parse(out)).toEqual(rest)
      expect(statSync(path).mode & 0o777).toBe(0o600)
    },
  )

  it('never overwrites a key', async () => {
    const path = join(dir, 'kept.jwk.json')
    await mianzheng(['keygen', '--out', path])
    const before = readFileSync(path, 'utf8')
    const { code, out, err } = await mianzheng(['keygen', '--out', path])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(path)
    expect(readFileSync(path, 'utf8')).toBe(before)
  })
})
