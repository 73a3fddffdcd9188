import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openCheckpoint } from '../../src/log/checkpoint.ts'
import { leafHash, verifyInclusion } from '../../src/log/merkle.ts'
import { inclusionProof, rootAt } from '../../src/log/proof.ts'
import { decodeEntryBundle, tilePath } from '../../src/log/tile.ts'
import { nodeSha256 } from '../../src/platform/crypto.ts'
import { AUDIT_OFFICE, HOUSING, payloadOf } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, ISSUER, openTestGateway, type TestGateway } from '../harness.ts'
import type { Reply } from '../reply.ts'
import { fill, inNewShard } from '../shards.ts'

/** One full tile and a partial one in shard 1, a partial one in shard 2. */
const FIRST = 300
const marriage = claimsOf('family-4-marriage')

let gateway: TestGateway
let old: Reply

beforeAll(async () => {
  const first = await openTestGateway()
  old = await first.ask(HOUSING, marriage)
  await fill(first, FIRST - first.size())
  gateway = await inNewShard(first)
  await gateway.ask(HOUSING, marriage)
})

afterAll(checkWholeLog)

const getJson = async (path: string) => (await gateway.app.request(path)).json()

async function tile(log: string, level: number, n: number, width: number): Promise<Uint8Array> {
  const response = await gateway.app.request(`/${log}/${tilePath({ level, n, width })}`)
  expect(response.status).toBe(200)
  return new Uint8Array(await response.arrayBuffer())
}

describe('the metadata', () => {
  test('names the current log, and the past one with where its numbers and its entries end', async () => {
    const { log, pastLogs, endpoints } = await getJson('/.well-known/mianzheng')
    expect(log).toMatchObject({ origin: 'gateway.yunting.example/log-2', base: FIRST })
    expect(endpoints.log).toBe(`${ISSUER}/log-2`)
    const [past, ...more] = pastLogs
    expect(more).toEqual([])
    expect(Object.keys(past)).toEqual(['origin', 'vkey', 'base', 'size', 'checkpoint'])
    expect(past).toMatchObject({ origin: 'gateway.yunting.example/log', base: 0, size: FIRST })
    expect((await openCheckpoint(past.checkpoint, past))?.size).toBe(FIRST)
    expect(past.vkey.split('+').at(-1)).toBe(log.vkey.split('+').at(-1))
    expect(past.vkey).not.toBe(log.vkey)
  })

  test('of a gateway in its first shard says no more than ever', async () => {
    const first = await openTestGateway()
    const metadata = await (await first.app.request('/.well-known/mianzheng')).json()
    expect(Object.keys(metadata.log)).toEqual(['origin', 'vkey'])
    expect(metadata.pastLogs).toEqual([])
    expect(metadata.endpoints.log).toBe(`${ISSUER}/log`)
  })
})

describe('each log is read under its own name', () => {
  test.each([
    ['log', FIRST],
    ['log-2', 2],
  ])('/%s has its checkpoint, and the tiles that give its root', async (name, size) => {
    const { log, pastLogs } = await getJson('/.well-known/mianzheng')
    const identity = [log, ...pastLogs].find(({ origin }) => origin.endsWith(`/${name}`))
    const response = await gateway.app.request(`/${name}/checkpoint`)
    expect(response.headers.get('cache-control')).toBe('no-cache')
    const signed = await openCheckpoint(await response.text(), identity)
    expect(signed?.size).toBe(size)
    const read = (level: number, n: number, width: number) => tile(name, level, n, width)
    expect(Uint8Array.from(await rootAt(nodeSha256, read, size))).toEqual(signed?.root)
  })

  test('partial tiles of the closed one at every width it had, none beyond', async () => {
    const whole = await tile('log', 0, 1, FIRST - 256)
    expect(await tile('log', 0, 1, 7)).toEqual(whole.subarray(0, 7 * 32))
    for (const path of ['tile/0/001.p/45', 'tile/0/001', 'tile/0/002.p/1', 'tile/2/000.p/1'])
      expect((await gateway.get(`/log/${path}`)).problem?.code).toBe('not-found')
    expect((await gateway.get('/log-3/checkpoint')).problem?.code).toBe('not-found')
    expect((await gateway.get('/log-1/checkpoint')).problem?.code).toBe('not-found')
  })

  test('entries for auditors alone; an old record is where its receipt says', async () => {
    const path = '/log/tile/entries/000'
    expect((await gateway.get(path)).status).toBe(401)
    expect((await gateway.read(HOUSING, path)).status).toBe(403)
    const proof = gateway.proof(AUDIT_OFFICE, path)
    const headers = { authorization: `Bearer ${proof}` }
    const response = await gateway.app.request(path, { headers })
    const entries = decodeEntryBundle(new Uint8Array(await response.arrayBuffer()))
    const index = Number(old.index)
    const { pastLogs } = await getJson('/.well-known/mianzheng')
    const root = (await openCheckpoint(pastLogs[0].checkpoint, pastLogs[0]))?.root as Uint8Array
    const read = (level: number, n: number, width: number) => tile('log', level, n, width)
    const claim = {
      sha256: nodeSha256,
      index,
      size: FIRST,
      leafHash: leafHash(nodeSha256, entries[index] as Uint8Array),
      proof: await inclusionProof(nodeSha256, read, index, FIRST),
      root,
    }
    expect(await verifyInclusion(claim)).toBe(true)
    const evidence = await gateway.read(
      HOUSING,
      `/v1/requests/${payloadOf(old.request).jti}/evidence`,
    )
    expect(JSON.parse(evidence.text).entry).toBe(new TextDecoder().decode(entries[index]))
  })

  test("the newest one's entries begin with what the shard goes on from", async () => {
    const path = '/log-2/tile/entries/000.p/2'
    const headers = { authorization: `Bearer ${gateway.proof(AUDIT_OFFICE, path)}` }
    const response = await gateway.app.request(path, { headers })
    const [first = new Uint8Array()] = decodeEntryBundle(
      new Uint8Array(await response.arrayBuffer()),
    )
    const { kind, shard } = JSON.parse(new TextDecoder().decode(first))
    expect({ kind, base: shard.base, from: shard.predecessor.origin }).toEqual({
      kind: 'shard',
      base: FIRST,
      from: 'gateway.yunting.example/log',
    })
  })

  test('the page for people leads to the current one', async () => {
    const page = await (await gateway.app.request('/')).text()
    expect(page).toContain('href="/log-2/checkpoint"')
    expect(page).not.toContain('"/log/checkpoint"')
  })

  test('and the document describes every one of them', async () => {
    const { paths } = await getJson('/openapi.json')
    for (const name of ['log', 'log-2'])
      expect(Object.keys(paths)).toEqual(
        expect.arrayContaining([`/${name}/checkpoint`, `/${name}/tile/{path}`]),
      )
  })
})
