import { afterEach, expect, test } from 'vitest'
import { checkWholeLog, openTestGateway } from '../harness.ts'
import { inNewShard } from '../shards.ts'
import { altered, clientOf, questionOf } from './asking.ts'

afterEach(checkWholeLog)

const marriage = questionOf('family-4-marriage')

/** A client that met the gateway in its first shard; `show` alters the metadata that it fetches later. */
async function acquainted(show: (metadata: Record<string, unknown>) => unknown) {
  const first = await openTestGateway()
  let serving = first
  let isLater = false
  const client = await clientOf(first, {
    wire: async (url, init) => {
      const { pathname } = new URL(url)
      const response = await serving.app.request(pathname, init)
      return isLater && pathname === '/.well-known/mianzheng' ? altered(response, show) : response
    },
  })
  await client.ask(marriage)
  serving = await inNewShard(first)
  isLater = true
  return client
}

test('a client that met the old log goes on with the new one, which is shown beside it', async () => {
  const client = await acquainted((same) => same)
  expect((await client.ask(marriage)).outcome).toBe('ANSWERED')
  expect((await client.trust()).log.map(({ origin }) => origin)).toEqual([
    'gateway.yunting.example/log-2',
    'gateway.yunting.example/log',
  ])
})

test.each<[string, (metadata: Record<string, unknown>) => unknown]>([
  ['is not shown any more', (metadata) => ({ ...metadata, pastLogs: [] })],
  [
    'has another key now',
    ({ pastLogs, ...metadata }) => ({
      ...metadata,
      pastLogs: [{ ...Object(pastLogs)[0], vkey: Object(metadata.log).vkey }],
    }),
  ],
])('a log that it knew and that %s makes it stop', async (_, show) => {
  const client = await acquainted(show)
  await expect(client.ask(marriage)).rejects.toMatchObject({ name: 'Unverified' })
})
