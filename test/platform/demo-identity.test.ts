import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { mayRunDemoIdentity, startDemoIdentity } from '../../src/platform/demo-identity.ts'
import { baseOf } from '../../src/platform/gateway.ts'

const SRC = join(import.meta.dirname, '../../src')
const PRODUCTION = { NODE_ENV: 'production', ISSUER: 'https://gateway.example' }
const OIDC = { OIDC_ISSUER: 'https://sso.example', OIDC_CLIENT_ID: 'mianzheng' }

describe('the development identity provider', () => {
  test.each([
    [true, {}],
    [true, { ISSUER: 'http://127.0.0.1:8787' }],
    [false, PRODUCTION],
    [false, { ...PRODUCTION, SEED: 'demo' }],
    [false, { ...PRODUCTION, SEED: 'demo', ISSUER: 'https://localhost' }],
    [false, { SEED: 'none' }],
    [false, OIDC],
    [false, { ISSUER: 'https://gateway.example' }],
    [false, { ISSUER: 'http://gateway.example' }],
    [false, { ISSUER: 'http://10.0.0.5:8787' }],
  ])('may run: %s with %j', (may, env) => {
    const config = readConfig(env)
    expect(mayRunDemoIdentity(config, baseOf(config))).toBe(may)
  })

  test('is named by the command that starts it, and by nothing that Workers bundle', () => {
    const naming = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
      .filter((name) => /oidc-provider|demo-identity/.test(readFileSync(join(SRC, name), 'utf8')))
      .map((name) => name.replaceAll('\\', '/'))
    expect(naming.filter((name) => !name.startsWith('platform/demo-')).sort()).toEqual([
      'cli/serve.ts',
    ])
  })

  test('listens on this machine alone, on its own port, and ends', async () => {
    const people = async () => []
    const one = await startDemoIdentity({ base: 'http://localhost:8787', people })
    const { issuer = '', realm } = one?.settings ?? {}
    expect(realm).toBe('demo')
    const { port } = new URL(issuer)
    // Where its port is taken it takes another.
    const other = await startDemoIdentity({
      base: 'http://localhost:8787',
      people,
      port: Number(port),
    })
    expect(other?.settings.issuer).not.toBe(issuer)
    other?.stop()
    const metadata = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()
    expect(metadata).toMatchObject({ issuer, code_challenge_methods_supported: ['S256'] })
    one?.stop()
    await expect(fetch(issuer)).rejects.toThrow()
  })

  test('says what became of a choice that nobody began', async () => {
    const people = async () => []
    const one = await startDemoIdentity({ base: 'http://localhost:8787', people })
    const page = await fetch(`${one?.settings.issuer}/interaction/abc`)
    expect(page.status).toBe(400)
    expect(await page.text()).toContain('这次登录已失效')
    one?.stop()
  })
})
