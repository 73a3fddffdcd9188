import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../src/config.ts'
import { checkWholeLog, openTestGateway } from '../harness.ts'

afterEach(checkWholeLog)

const OIDC = { OIDC_ISSUER: 'https://sso.example', OIDC_CLIENT_ID: 'mianzheng' }
const PRODUCTION = { NODE_ENV: 'production', ISSUER: 'https://gateway.example' }
const inProduction = (issuer: string): [string, Record<string, string>] => [
  'OIDC_ISSUER',
  { ...PRODUCTION, ...OIDC, OIDC_ISSUER: issuer },
]

describe('the environment', () => {
  test('may be empty', () => {
    expect(readConfig({})).toMatchObject({
      port: 8787,
      host: '127.0.0.1',
      dataDir: './data',
      anchorDir: './data/anchor',
      issuer: undefined,
      seed: 'demo',
      sandbox: true,
      production: false,
    })
  })

  test.each([
    ['PORT', { PORT: 'eighty' }],
    ['PORT', { PORT: '70000' }],
    ['ISSUER', { ISSUER: 'gateway.example' }],
    ['ISSUER', { ISSUER: 'ftp://gateway.example' }],
    ['ISSUER', { ISSUER: 'https://gateway.example/' }],
    ['ISSUER', { ISSUER: 'https://gateway.example?a' }],
    ['SEED', { SEED: 'all' }],
    ['SANDBOX', { SANDBOX: 'yes' }],
    ['SANDBOX', { NODE_ENV: 'production', ISSUER: 'https://gateway.example', SANDBOX: 'on' }],
    ['DATA_DIR', { DATA_DIR: '' }],
    ['METRICS_PORT', { METRICS_PORT: '8787' }],
    ['METRICS_PORT', { METRICS_PORT: 'many' }],
    ['METRICS_TOKEN', { METRICS_TOKEN: 'short' }],
    ['METRICS_TOKEN', { METRICS_TOKEN: '' }],
    ['METRICS_TOKEN', { METRICS_TOKEN: 'with a space in between' }],
    ['LOG_REQUESTS', { LOG_REQUESTS: 'yes' }],
    ['ISSUER', { NODE_ENV: 'production' }],
    ['ISSUER', { NODE_ENV: 'production', ISSUER: 'http://gateway.example' }],
    ['OIDC_ISSUER', { OIDC_ISSUER: 'sso.example' }],
    ['OIDC_CLIENT_ID', { OIDC_ISSUER: 'https://sso.example' }],
    ['OIDC_CLIENT_KEY_FILE', { ...OIDC, OIDC_CLIENT_SECRET_FILE: 'a', OIDC_CLIENT_KEY_FILE: 'b' }],
    ...['http://sso.example', 'https://localhost', 'https://sso.localhost:8443'].map(inProduction),
    ...['https://127.0.0.1', 'https://127.1', 'https://[::1]', 'https://0.0.0.0'].map(inProduction),
  ])('%s: %j stops the start by name', (name, env) => {
    expect(() => readConfig(env)).toThrow(ConfigError)
    expect(() => readConfig(env)).toThrow(name)
  })
})

test.each([
  [false, { NODE_ENV: 'production', ISSUER: 'https://gateway.example' }],
  [false, { NODE_ENV: 'production', ISSUER: 'https://gateway.example', SEED: 'demo' }],
  [false, { SEED: 'none' }],
  [false, { SANDBOX: 'off' }],
  [true, { SEED: 'none', SANDBOX: 'on' }],
])('the sandbox is open: %s with %j', (open, env) => {
  expect(readConfig(env).sandbox).toBe(open)
})

test('a token that does not fit is not repeated', () => {
  const METRICS_TOKEN = 'my secret, which has spaces'
  expect(() => readConfig({ METRICS_TOKEN })).not.toThrow(METRICS_TOKEN)
})

test('nothing is watched unless somebody says so', () => {
  expect(readConfig({})).toMatchObject({ metrics: undefined, logRequests: false })
  const own = readConfig({ METRICS_PORT: '9464' })
  expect(own.metrics).toEqual({ port: 9464, token: undefined })
})

test('private keys are for their owner only', async () => {
  const { dir } = await openTestGateway()
  const files = ['answer', 'log', 'sealing', 'pseudonym'].map((name) => `keys/${name}.jwk.json`)
  for (const file of [...files, 'demo-keys/housing-bureau.jwk.json'])
    expect(statSync(join(dir, file)).mode & 0o777).toBe(0o600)
})
