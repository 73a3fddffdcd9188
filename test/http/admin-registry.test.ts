import { afterEach, describe, expect, test } from 'vitest'
import { checkWholeLog } from '../harness.ts'
import { openWithPeople } from '../people.ts'
import { CIVIL } from '../proposing.ts'

afterEach(checkWholeLog)

const HOUSING_BUREAU = '11990100MB9901075L'
const PATH = '/v1/admin/registry'

type Page = { documents: Record<string, unknown>[]; total: number; next?: string; version: number }

async function opened() {
  const { gateway, with: by, tokenOf } = await openWithPeople()
  const read = async (subject: string, query: string) => {
    const send = by(await tokenOf(subject))
    const reply = await send('GET', query.startsWith('/') ? query : `${PATH}?${query}`)
    return { status: reply.status, headers: reply.headers, body: (await reply.json()) as Page }
  }
  return { gateway, read }
}

describe('the documents in force', () => {
  test('come page by page, each once, of one version', async () => {
    const { gateway, read } = await opened()
    const seen: unknown[] = []
    let next: string | undefined = 'kind=item&limit=7'
    while (next) {
      const { body, headers } = await read('ding', next)
      expect(body.version).toBe((await gateway.deps.registry.view()).version)
      expect(headers.get('cache-control')).toBe('no-store')
      seen.push(...body.documents.map(({ code, version }) => `${code}@${version}`))
      next = body.next
      if (!next) expect(seen).toHaveLength(body.total)
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toEqual(expect.arrayContaining(['ENT-01@1', 'ENT-01@2', 'MAR-01@1']))
  })

  test('show a connection to its provider, the authority and auditors alone', async () => {
    const { read } = await opened()
    const connectorFor = async (subject: string) => {
      const { documents } = (await read(subject, 'kind=item&limit=100')).body
      return documents.find(({ code }) => code === 'MAR-01')?.connector
    }
    for (const subject of ['ding', 'ann', 'ning'])
      expect(await connectorFor(subject)).toMatchObject({ register: 'marriage' })
    expect(await connectorFor('gao')).toBeNull()
  })

  test('are of agreements and systems those that somebody may see', async () => {
    const { read } = await opened()
    const all = (await read('ning', 'kind=agreement')).body
    const own = (await read('gao', 'kind=agreement')).body
    expect(own.total).toBeGreaterThan(0)
    expect(own.total).toBeLessThan(all.total)
    const systems = (await read('ji', 'kind=system')).body.documents
    expect(new Set(systems.map(({ agency }) => agency))).toEqual(new Set([HOUSING_BUREAU]))
    expect((await read('gao', 'kind=agency')).body.documents.map(({ uscc }) => uscc)).toContain(
      CIVIL,
    )
  })

  test.each(['kind=person', 'kind=item&limit=0', 'kind=item&all=1', ''])(
    'bad input: %s',
    async (query) => {
      const { read } = await opened()
      expect((await read('ann', query)).status).toBe(400)
    },
  )
})
