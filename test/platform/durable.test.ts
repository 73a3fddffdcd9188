import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../src/platform/serve.ts'
import { type LocalWorker, startWrangler } from '../../src/platform/wrangler.ts'
import { checkWholeLog, temporaryFolder } from '../harness.ts'
import { describeWorkerd } from './workerd.ts'

const FILE = fileURLToPath(new URL('./durable/wrangler.toml', import.meta.url))

describeWorkerd("a Durable Object's SQLite, in workerd", () => {
  let worker: LocalWorker
  beforeAll(async () => {
    const dataDir = temporaryFolder()
    const port = await freePort('127.0.0.1')
    worker = await startWrangler({ dataDir, port, worker: { file: FILE, ready: '/' } })
  }, 120_000)
  afterAll(async () => {
    await worker?.stop()
    await checkWholeLog()
  })

  const probe = async (name: string) => (await fetch(`${worker.url}/${name}`)).json()

  test('a transaction that the database refuses half-way leaves nothing', async () => {
    const { error, left } = await probe('transaction-fails')
    expect(error).toContain('UNIQUE')
    expect(left).toEqual([])
  })

  test('a transaction whose own code throws leaves nothing', async () => {
    const { error, left } = await probe('transaction-thrown')
    expect(error).toContain('changed my mind')
    expect(left).toEqual([])
  })

  test('one that ends well leaves all of it', async () => {
    expect(await probe('transaction-holds')).toEqual(['KEPT-1', 'KEPT-2'])
  })

  test('transactions take turns: one connection', async () => {
    const steps = ['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`])
    expect(await probe('transactions-take-turns')).toEqual(steps)
  })

  test('an append that fails after its entries were written leaves no entry and no head', async () => {
    const { error, entries, head } = await probe('append-fails')
    expect(error).toContain('UNIQUE')
    expect(entries).toBe(0)
    expect(head).toMatchObject({ size: 0, checkpoint: '', timeAt: 0 })
  })

  test('64-bit keys are kept and found exactly', async () => {
    const found = await probe('wide-keys')
    const keys = [-(2n ** 63n), -1n, 0n, 2n ** 53n + 1n, 2n ** 63n - 1n]
    expect(found).toEqual(keys.map((key, idx) => ({ t: 'integer', k: String(key), idx })))
  })

  test('bytes come back as bytes', async () => {
    expect(await probe('blobs')).toEqual({ isBytes: true, bytes: [1, 254, 255] })
  })

  test('who was first, and how many were changed, is told', async () => {
    expect(await probe('counts')).toEqual({ first: 1, again: 0, updated: 1, id: 1 })
  })
})
