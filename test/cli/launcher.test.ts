import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { base64url } from 'jose'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { mianzheng, served, temporary } from './cli.ts'

const REQUESTS = 16

/** Each process and thread says at its end whether it loaded what takes types out of TypeScript. */
const SAYS = `
import { isMainThread } from 'node:worker_threads'
import { writeFileSync } from 'node:fs'
const has = () => process.moduleLoadList.some((name) => name.includes('deps/amaro'))
const say = () => writeFileSync(process.env.SAYS + (isMainThread ? '/process' : '/thread'), String(has()))
isMainThread ? process.on('exit', say) : setInterval(say, 20).unref()
`

/** Requests that are read up to their signature: two at once, and the signing thread starts. */
async function sendMany(url: string, data: string): Promise<void> {
  const key = join(data, 'demo-keys', 'housing-bureau.jwk.json')
  const { kid } = JSON.parse(readFileSync(key, 'utf8'))
  const part = (value: unknown) => base64url.encode(JSON.stringify(value))
  const head = part({ alg: 'ES256', typ: 'assistance-request+jwt', kid })
  const body = `${head}.${part({ iss: 'housing-bureau' })}.${'A'.repeat(86)}`
  const headers = { 'Content-Type': 'application/jwt' }
  const answers = Array.from({ length: REQUESTS }, () =>
    fetch(`${url}/v1/requests`, { method: 'POST', headers, body }),
  )
  for (const { status } of await Promise.all(answers)) expect(status).toBe(401)
}

describe('the launcher', () => {
  test('spares every start but the first, and its threads, what takes types out (happy)', async () => {
    const { dir, remove } = temporary()
    onTestFinished(remove)
    const [hook, cache, data] = [join(dir, 'says.mjs'), join(dir, 'cache'), join(dir, 'data')]
    writeFileSync(hook, SAYS)
    const env = { CACHE_DIRECTORY: cache, SAYS: dir, NODE_OPTIONS: `--import=${hook}` }
    expect(await mianzheng(['seed', '--data', data], { env })).toMatchObject({ code: 0 })
    const said = async () => {
      const gateway = await served(data, env)
      const isThere = async () => {
        await sendMany(gateway.url, data)
        expect(readdirSync(dir)).toContain('thread')
      }
      await vi.waitFor(isThere, { timeout: 10_000 })
      expect(await gateway.stop()).toBe(0)
      return ['process', 'thread'].map((name) => {
        const text = readFileSync(join(dir, name), 'utf8')
        rmSync(join(dir, name))
        return text
      })
    }
    expect(await said()).toEqual(['true', 'true'])
    expect(await said()).toEqual(['false', 'false'])
  })

  test('starts where nothing can be kept (error)', async () => {
    const { dir, remove } = temporary()
    onTestFinished(remove)
    const file = join(dir, 'a-file')
    writeFileSync(file, '')
    const ran = await mianzheng(['explain', 'quota'], { env: { CACHE_DIRECTORY: file } })
    expect(ran).toMatchObject({ code: 0, err: '' })
    expect(readdirSync(dir)).toEqual(['a-file'])
  })
})
