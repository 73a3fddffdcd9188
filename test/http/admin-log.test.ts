import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseLeaf } from '../../src/log/entry.ts'
import { verifyEntry } from '../../src/log/verify-entry.ts'
import { nodeSha256 } from '../../src/platform/crypto.ts'
import { HOUSING, SCHOOLS } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog } from '../harness.ts'
import { openWithPeople, PEOPLE } from '../people.ts'

/** The whole of a page of fifty rows, as it is sent. */
const PAGE_BYTES_MAX = 60 * 1024

type People = Awaited<ReturnType<typeof openWithPeople>>
type Get = (path: string, headers?: Record<string, string>) => Promise<Response>

const [auditor] = PEOPLE.filter(({ roles }) => roles.some(({ role }) => role === 'auditor'))

let people: People
let get: Get
let answered: number

beforeAll(async () => {
  people = await openWithPeople()
  const { gateway, as, signIn } = people
  await gateway.ask(HOUSING, claimsOf('family-4-marriage'))
  answered = gateway.size() - 1
  await gateway.ask(SCHOOLS, claimsOf('refused-no-agreement'))
  const send = as(await signIn(auditor?.subject ?? ''))
  get = (path, more = {}) => send('GET', path, { more })
})

afterAll(checkWholeLog)

const PATHS = [
  '/v1/admin/log',
  '/v1/admin/log/3',
  '/console/log',
  '/console/log/3',
  '/console/log/3/record.json',
  '/console/log/3/receipt.tlog-proof',
]

/** What the log has gained, entry by entry. */
async function gained(work: () => Promise<unknown>) {
  const { deps, size } = people.gateway
  const before = size()
  await work()
  const numbers = Array.from({ length: size() - before }, (_, i) => before + i)
  return Promise.all(numbers.map(async (n) => parseLeaf(String(await deps.store.readLeaf(n)))))
}

describe('security: the log is read', () => {
  test.each(PATHS)('by nobody who is not signed in: %s', async (path) => {
    const reading = async () => {
      const { status, problem } = await people.gateway.get(path)
      expect({ status, code: problem?.code }).toEqual({ status: 401, code: 'signed-out' })
    }
    expect(await gained(reading)).toEqual([])
  })

  test.each(
    PEOPLE.filter(({ roles }) => !roles.some(({ role }) => role === 'auditor')).flatMap(
      ({ subject, roles }) =>
        PATHS.map((path) => [roles.map(({ role }) => role).join(), path, subject] as const),
    ),
  )('not by whoever is %s: %s (%s)', async (_, path, subject) => {
    const reading = async () => {
      const response = await people.as(await people.signIn(subject))('GET', path)
      expect(response.status).toBe(403)
      expect(await response.json()).toMatchObject({ code: 'forbidden' })
    }
    expect(await gained(reading)).toEqual([])
  })

  test('by an auditor’s token as by his browser, and never by a system’s proof', async () => {
    const token = await people.tokenOf(auditor?.subject ?? '')
    expect((await people.with(token)('GET', '/v1/admin/log')).status).toBe(200)
    const proof = people.gateway.proof('audit-office', '/v1/admin/log')
    const { status } = await people.gateway.get('/v1/admin/log', {
      authorization: `Bearer ${proof}`,
    })
    expect(status).toBe(401)
  })

  test('and kept by nobody on the way', async () => {
    for (const path of PATHS)
      expect((await get(path)).headers.get('cache-control')).toBe('no-store')
  })
})

describe('every reading is an entry with who and what', () => {
  test.each([
    ['/v1/admin/log', 'log.open', ''],
    ['/console/log', 'log.open', ''],
    ['/console/log?lang=en&utm_source=mail&kind=', 'log.open', ''],
    [
      '/console/log?kind=refusal&caller=housing-bureau',
      'log.search',
      'caller=housing-bureau&kind=refusal',
    ],
    ['/v1/admin/log?before=7', 'log.search', 'before=7'],
    ['/v1/admin/log/3', 'log.read', '3'],
    ['/console/log/3', 'log.read', '3'],
    ['/console/log/3/record.json', 'log.read', '3'],
    ['/console/log/3/receipt.tlog-proof', 'log.read', '3'],
  ])('%s', async (path, what, id) => {
    const acts = await gained(async () => expect((await get(path)).status).toBe(200))
    expect(acts.map(({ kind, act }) => ({ kind, act }))).toEqual([
      { kind: 'act', act: { what, id, by: auditor?.id } },
    ])
  })

  test.each([
    '/console/log?caller=990101199003078514',
    '/console/log?requester=990101199003078514',
    '/v1/admin/log?caller=%E5%BC%A0%E4%B8%89',
    '/v1/admin/log?nobody=knows',
    '/console/log/999999',
    '/v1/admin/log/999999',
    '/console/log/x',
    '/console/log/3/other',
    '/console/log/3/constructor',
  ])('error: nothing was read by %s, so nothing is written', async (path) => {
    const acts = await gained(async () => {
      const { status } = await get(path)
      expect([400, 404]).toContain(status)
    })
    expect(acts).toEqual([])
  })
})

describe('as JSON', () => {
  test('the newest records come first; the next page goes on where the first ended', async () => {
    const first = await (await get('/v1/admin/log')).json()
    expect(first.entries[0]).toMatchObject({ entry: { kind: 'act' } })
    expect(first.entries).toHaveLength(50)
    const next = await (await get(`/v1/admin/log?before=${first.next}`)).json()
    expect(next.entries[0].number).toBe(first.next - 1)
  })

  test('filters narrow it', async () => {
    const { entries, next, from, to } = await (
      await get(
        '/v1/admin/log?kind=refusal&result=no-agreement&requester=11990100MB9901120M&item=MAR-01',
      )
    ).json()
    expect(entries).toMatchObject([{ number: answered + 1, entry: { check: 'no-agreement' } }])
    expect({ next, from }).toEqual({ next: null, from: 0 })
    expect(to).toBeGreaterThan(answered)
  })

  test('error: what is wrong is named, never repeated', async () => {
    const response = await get('/v1/admin/log?from=yesterday&first=9&last=2&caller=zhang-san')
    expect(response.status).toBe(400)
    const problem = await response.json()
    expect(problem).toMatchObject({ code: 'parameters', pointers: ['/from', '/caller', '/last'] })
    expect(JSON.stringify(problem)).not.toContain('zhang-san')
  })

  test('a record has its receipt, which anybody verifies', async () => {
    const { deps, gateway } = people.gateway
    const record = await (await get(`/v1/admin/log/${answered}`)).json()
    expect(record).toMatchObject({ number: answered, content: 'sealed' })
    const trust = { log: [gateway.own.logIdentity, ...deps.log.past] }
    expect(await verifyEntry(record, trust, nodeSha256)).toMatchObject({ ok: true })
    const file = await (await get(`/console/log/${answered}/record.json`)).json()
    expect(Object.keys(file)).toEqual(['entry', 'receipt'])
    expect(await verifyEntry(file, trust, nodeSha256)).toMatchObject({ ok: true })
  })
})

describe('as pages', () => {
  const html = async (path: string, lang = 'zh-CN') =>
    (await get(path, { 'accept-language': lang, accept: 'text/html' })).text()

  test('the list names people, agencies, items and results in the reader’s language', async () => {
    const [zh, en] = await Promise.all([html('/console/log'), html('/console/log', 'en')])
    for (const text of [auditor?.name, '云汀市教育局', '婚姻登记信息核验', '没有生效的共享约定'])
      expect(zh).toContain(text)
    for (const text of [
      'Yunting Municipal Education Bureau',
      'No agreement in force',
      'Registry change',
    ])
      expect(en).toContain(text)
  })

  test('fifty full rows are at most 60 KB', async () => {
    const { gateway } = people
    for (let round = 0; round < 25; round++) {
      await gateway.ask(HOUSING, claimsOf('family-4-marriage'))
      await gateway.ask(HOUSING, claimsOf('refused-purpose'))
    }
    for (const lang of ['zh-CN', 'en']) {
      const page = await html('/console/log', lang)
      expect(page.match(/<tr role="row">/g)).toHaveLength(51)
      expect(new TextEncoder().encode(page).length).toBeLessThan(PAGE_BYTES_MAX)
    }
  })

  test('a search that found nothing says why, and how far it looked', async () => {
    const page = await html('/console/log?kind=erasure')
    expect(page).toContain('没有符合条件的记录')
    expect(page).toContain(`本页查看了`)
    expect(page).toContain('去掉条件：类别：内容销毁')
  })

  test('error: each wrong filter is said beside its field and at the top; nothing is listed', async () => {
    const page = await html('/console/log?from=2026-02-30&to=2026-11-23&first=b')
    expect(page).toContain(
      '<a href="#from">起（日期）：请写成 2026-11-23 这样的日期，且确有这一天</a>',
    )
    expect(page).toMatch(/id="first-error">请只写数字/)
    expect(page).not.toContain('<table')
  })

  test('security: what is given comes back as text', async () => {
    const page = await html(
      `/console/log?item=${encodeURIComponent('"><script>alert(1)</script>')}`,
    )
    expect(page).not.toContain('<script>alert')
    expect(page).toContain('&quot;&gt;&lt;script&gt;')
  })

  test('a refusal shows which check failed, its meaning and whose move it is', async () => {
    const page = await html(`/console/log/${answered + 1}`)
    expect(page).toContain('没有生效的共享约定')
    expect(page).toContain('须由共享主管部门处理')
    expect(page.match(/未通过<\/span>/g)).toHaveLength(1)
    expect(page).toContain('href="/items/MAR-01"')
    expect(page).toContain('href="/agencies/11990100MB9901120M"')
  })

  test('whoever is not signed in is led there, and back', async () => {
    const { app } = people.gateway
    const asked = await app.request('/console/log?kind=refusal', {
      headers: { accept: 'text/html' },
    })
    expect(asked.status).toBe(303)
    expect(asked.headers.get('location')).toBe('/sign-in?return=%2Fconsole%2Flog%3Fkind%3Drefusal')
  })

  test('a record claims nothing of its proof before it is checked', async () => {
    const page = await html(`/console/log/${answered}`)
    expect(page).toContain('尚未验证')
    const shown = page.replace(/<div data-verdict="[^"]+" hidden>.*?<\/svg><\/div>/gs, '')
    expect(shown).not.toContain('已验证</span>')
    expect(page).toContain(`mianzheng verify record-${answered}.json --entry --trust trust.json`)
  })
})
