import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mianzheng, type Served, served, temporary } from '../cli/cli.ts'

const run = promisify(execFile)
const HOME = fileURLToPath(new URL('../../', import.meta.url))
const TSC = join(HOME, 'node_modules/typescript/bin/tsc')

const { dir, remove } = temporary()
const built = join(dir, 'package')
const consumer = join(dir, 'consumer')
let gateway: Served

/** Built and packed as `npm run client:build` and `npm pack` do it, but outside the working tree. */
async function pack(): Promise<string> {
  await run(process.execPath, [TSC, '-p', join(HOME, 'src/client'), '--outDir', join(built, 'js')])
  cpSync(join(HOME, 'src/client/package.json'), join(built, 'package.json'))
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', dir], { cwd: built })
  return join(dir, 'mianzheng-client-0.1.0.tgz')
}

/** From the tarball and the jose that is here: no registry is asked. */
async function install(tarball: string): Promise<void> {
  mkdirSync(join(consumer, 'node_modules'), { recursive: true })
  const jose = `file:${join(HOME, 'node_modules/jose')}`
  const dependencies = { jose, 'mianzheng-client': `file:${tarball}` }
  writeFileSync(
    join(consumer, 'package.json'),
    JSON.stringify({ type: 'module', private: true, dependencies }),
  )
  await run('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: consumer,
  })
}

beforeAll(async () => {
  const [tarball, started] = await Promise.all([pack(), served(join(dir, 'data'))])
  gateway = started
  await install(tarball)
}, 240_000)

afterAll(async () => {
  await gateway?.stop()
  remove()
})

const runScript = (file: string, ...args: string[]) =>
  run(process.execPath, [join(consumer, file), ...args], { cwd: consumer })

describe('the package, installed elsewhere,', { timeout: 60_000 }, () => {
  test('asks ENT-01 of a live gateway and returns a verified answer', async () => {
    const script = `
      import { readFileSync } from 'node:fs'
      import { createClient, Refused } from 'mianzheng-client'
      const [gateway, keyFile] = process.argv.slice(2)
      const key = JSON.parse(readFileSync(keyFile, 'utf8'))
      const client = await createClient({ gateway, system: 'housing-bureau', key })
      const question = {
        item: 'ENT-01', requester: '11990100MB9901075L',
        purpose: { service: 'S04', basis: 'PRH-MEASURES', scenario: 'eligibility-review' },
        case: 'ZB-2026-0311', official: { id: 'ZJ-0417' },
        authorization: { kind: 'consent', ref: 'ZB-2026-0311' },
        subject: { uscc: '91990102MA00000070' },
        ask: [{ claim: 'name' , equals: '云汀市听澜文化传播有限公司' }, { claim: 'status', equals: 'IN_BUSINESS' }],
      }
      const { outcome, claims, verifiedWith } = await client.ask(question)
      const refused = await client.ask({ ...question, item: 'ZZ-99' }).catch((error) => error)
      console.log(JSON.stringify({ outcome, claims, verifiedWith, code: refused instanceof Refused && refused.code }))
    `
    writeFileSync(join(consumer, 'ent.js'), script)
    const { stdout } = await runScript(
      'ent.js',
      gateway.url,
      join(dir, 'data/demo-keys/housing-bureau.jwk.json'),
    )
    expect(JSON.parse(stdout)).toEqual({
      outcome: 'ANSWERED',
      claims: { name: { result: 'MATCH' }, status: { result: 'MATCH' } },
      verifiedWith: 'first-use',
      code: 'unknown-item',
    })
  })

  test('runs the twenty lines of docs/sdk.md, word for word', async () => {
    const page = readFileSync(join(HOME, 'docs/sdk.md'), 'utf8')
    const [, script = ''] = /```js first-answer\n([\s\S]*?)```/.exec(page) ?? []
    expect(script.trim().split('\n').length).toBeLessThanOrEqual(20)
    writeFileSync(join(consumer, 'first.js'), script)
    const folder = join(dir, 'onboard')
    const joined = await mianzheng(['onboard', '--gateway', gateway.url, '--out', folder, '--json'])
    const { stdout } = await runScript(
      'first.js',
      gateway.url,
      JSON.parse(joined.out).system,
      folder,
    )
    expect(stdout).toMatch(/^ANSWERED 你好，这里是免证。 MATCH \d+\n$/)
  })

  test('brings types that know each item', async () => {
    symlinkSync(
      join(HOME, 'node_modules/typescript'),
      join(consumer, 'node_modules/typescript'),
      'dir',
    )
    const good = `
      import { createClient, type Answer, type ClientKey } from 'mianzheng-client'
      declare const key: ClientKey
      const client = await createClient({ gateway: 'https://gateway.example', system: 's', key })
      declare const footing: Omit<Parameters<typeof client.ask<'ENT-01'>>[0], 'item' | 'subject' | 'ask'>
      const answer: Answer<'ENT-01'> = await client.ask({ ...footing, item: 'ENT-01', subject: { uscc: 'x' }, ask: [{ claim: 'name' }] })
      export const name: string | undefined = answer.claims.name?.value
    `
    const bad = good.replace("ask: [{ claim: 'name' }]", "ask: [{ claim: 'legalRepresentative' }]")
    writeFileSync(join(consumer, 'good.ts'), good)
    writeFileSync(join(consumer, 'bad.ts'), bad)
    const options = [
      '--noEmit',
      '--strict',
      '--target',
      'es2022',
      '--module',
      'nodenext',
      '--lib',
      'es2022,dom',
    ]
    const check = (file: string) =>
      run(process.execPath, [TSC, '--ignoreConfig', ...options, file], { cwd: consumer }).then(
        () => 'compiles',
        (error: { stdout: string }) => error.stdout,
      )
    expect(await check('good.ts')).toBe('compiles')
    expect(await check('bad.ts')).toContain('legalRepresentative')
  }, 180_000)

  test('needs nothing but jose and what browsers have too', () => {
    const root = join(consumer, 'node_modules/mianzheng-client/js')
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.js'),
    )
    expect(files.length).toBeGreaterThan(15)
    for (const file of files) {
      const text = readFileSync(join(root, file), 'utf8')
      const imports = [
        ...text.matchAll(/\bfrom\s+['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g),
      ]
      for (const [, one, other] of imports)
        expect(one ?? other).toMatch(/^(jose|\.\.?\/[\w./-]+\.js)$/)
      expect(text).not.toMatch(/\b(Buffer|process|require|__dirname|global)\b[.([]/)
    }
  })
})
