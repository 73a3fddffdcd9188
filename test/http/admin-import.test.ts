import { afterEach, describe, expect, test } from 'vitest'
import { LogUnavailable } from '../../src/log/unavailable.ts'
import { MEDIA } from '../../src/registry/sheet/write-file.ts'
import { checkWholeLog, ISSUER, type Options } from '../harness.ts'
import { openWithPeople } from '../people.ts'
import { itemOf, MARKET } from '../proposing.ts'
import { exported, gb18030, utf8, workbookOf } from '../sheets.ts'

afterEach(checkWholeLog)

const PATH = '/v1/admin/import'
const HEAD = '事项编码,费用（中文）'

type Row = {
  readonly key: string
  readonly fate: string
  readonly faults?: readonly {
    readonly line?: number
    readonly column?: { readonly zh: string }
    readonly texts: { readonly zh: string }
  }[]
  readonly diff?: readonly unknown[]
  readonly proposal?: string
}

/** Somebody who sends files. */
async function opened(options: Options = {}) {
  const { gateway, signIn } = await openWithPeople(options)
  const by = async (subject: string) => {
    const cookie = await signIn(subject)
    const post = async (
      query: string,
      bytes: Uint8Array,
      { type = 'text/csv', ...more }: Record<string, string> = {},
    ) => {
      const reply = await gateway.app.request(`${ISSUER}${PATH}?${query}`, {
        method: 'POST',
        headers: { cookie, origin: ISSUER, 'content-type': type, ...more },
        body: bytes as Uint8Array<ArrayBuffer>,
      })
      return { status: reply.status, etag: reply.headers.get('etag'), body: await reply.json() }
    }
    const look = async (bytes: Uint8Array, kind = 'items') => {
      const reply = await post(`kind=${kind}&dry-run`, bytes)
      expect(reply.status).toBe(200)
      const rows = reply.body.rows as Row[]
      return { ...reply, rows, fates: rows.map(({ key, fate }) => [key, fate]) }
    }
    return {
      post,
      look,
      /** Looks first, then proposes what was seen. */
      bring: async (bytes: Uint8Array, kind = 'items', more = '') => {
        const { etag } = await look(bytes, kind)
        return post(`kind=${kind}${more}`, bytes, { 'if-match': etag as string })
      },
      /** Opened by hand. */
      draft: async (opening: object) => {
        const headers = { cookie, origin: ISSUER, 'content-type': 'application/json' }
        const sent = { method: 'POST', headers, body: JSON.stringify(opening) }
        const reply = await gateway.app.request(`${ISSUER}/v1/admin/proposals`, sent)
        expect(reply.status).toBe(201)
      },
      withdraw: async (id: string) => {
        const path = `${ISSUER}/v1/admin/proposals/${id}`
        const own = { cookie, origin: ISSUER, 'content-type': 'application/json' }
        const { headers } = await gateway.app.request(path, { headers: own })
        const seen = { ...own, 'if-match': headers.get('etag') as string }
        const sent = { method: 'POST', headers: seen, body: '{}' }
        expect((await gateway.app.request(`${path}/withdraw`, sent)).status).toBe(200)
      },
      proposals: async () => {
        const path = `${ISSUER}/v1/admin/proposals`
        const reply = await gateway.app.request(path, { headers: { cookie } })
        return (await reply.json()).proposals as { id: string; target: string; state: string }[]
      },
    }
  }
  return { gateway, by }
}

describe('a plan', () => {
  test('says the fate of every row, and saves nothing', async () => {
    const { gateway, by } = await opened()
    const ding = await by('ding')
    const size = gateway.size()
    const { rows, fates, body } = await ding.look(
      utf8(`${HEAD}\nMAR-01,免费\nCRE-01,不收费\nID-01,免费\nNEW-01,免费\nNEW-01,收费\n,x\n`),
    )
    expect(fates).toEqual([
      ['MAR-01', 'changed'],
      ['CRE-01', 'unchanged'],
      ['ID-01', 'refused'],
      ['NEW-01', 'refused'],
      ['', 'refused'],
    ])
    expect(body).toMatchObject({ encoding: 'UTF-8', kind: 'item', faults: [] })
    expect(rows[0]?.diff).toEqual([{ pointer: '/fee/zh', before: '不收费', after: '免费' }])
    expect(rows[2]?.faults).toMatchObject([
      { line: 4, column: { zh: '提供单位代码' }, texts: { zh: '您不是这个机关的管理员' } },
    ])
    expect(rows[3]?.faults).toMatchObject([
      { line: 5, texts: { zh: '编码重复' } },
      { line: 6, texts: { zh: '编码重复' } },
    ])
    expect(gateway.size()).toBe(size)
    expect(await ding.proposals()).toEqual([])
  })

  test('names what is wrong with the file as a whole', async () => {
    const { by } = await opened()
    const ding = await by('ding')
    const unknown = await ding.look(utf8('事项编码,不认识\nMAR-01,x\n'))
    expect(unknown.body.faults).toMatchObject([{ texts: { zh: '不认识的列：不认识' } }])
    const unread = await ding.look(utf8('事项编码\n"MAR-01\n'))
    expect(unread.body.faults[0].texts.zh).toMatch(/引号/)
    expect(unread.etag).toBeNull()
  })

  test('is of a file in GB18030 as of one in UTF-8', async () => {
    const { by } = await opened()
    const { body, fates } = await (await by('ding')).look(gb18030(`${HEAD}\nMAR-01,免费\n`))
    expect(body.encoding).toBe('GB18030')
    expect(fates).toEqual([['MAR-01', 'changed']])
  })

  test('is of a workbook, too; what it is called does not decide', async () => {
    const { by } = await opened()
    const bytes = await workbookOf([HEAD.split(','), ['MAR-01', '免费']])
    const ding = await by('ding')
    for (const type of [MEDIA.xlsx, 'text/csv']) {
      const { body } = await ding.post('kind=items&dry-run', bytes, { type })
      expect(body).toMatchObject({ encoding: 'XLSX', rows: [{ fate: 'changed' }] })
    }
  })

  test('keeps a script and a formula as the texts they are', async () => {
    const { by } = await opened()
    const ding = await by('ding')
    const { rows } = await ding.look(
      utf8(`${HEAD}\nMAR-01,"=HYPERLINK(""http://x"")<script>alert(1)</script>"\n`),
    )
    expect(rows[0]?.diff).toMatchObject([
      { after: '=HYPERLINK("http://x")<script>alert(1)</script>' },
    ])
  })

  test('lets nobody take a thing over from another agency', async () => {
    const { by } = await opened()
    const gao = await by('gao')
    const { rows } = await gao.look(utf8(`事项编码,提供单位代码\nMAR-01,${MARKET}\n`))
    expect(rows).toMatchObject([{ key: 'MAR-01', fate: 'refused' }])
  })

  test('waits for nobody who drafts another agency’s thing as his own', async () => {
    const { gateway, by } = await opened()
    const [gao, ding] = [await by('gao'), await by('ding')]
    const doc = { ...(await itemOf(gateway, 'MAR-01')), provider: MARKET, connector: null }
    await gao.draft({ kind: 'item', doc })
    const file = utf8(`${HEAD}\nMAR-01,免费\n`)
    expect((await ding.look(file)).fates).toEqual([['MAR-01', 'changed']])
    expect((await ding.bring(file)).body.proposed).toMatchObject([{ outcome: 'submitted' }])
    await gao.draft({ kind: 'item', doc })
    expect((await ding.look(file)).fates).toEqual([['MAR-01', 'under-way']])
  })

  test('is for admins, and for sheets that fit', async () => {
    const { gateway, by } = await opened()
    const csv = utf8(`${HEAD}\nMAR-01,免费\n`)
    for (const subject of ['er', 'bo', 'fan', 'ning'])
      expect((await (await by(subject)).post('kind=items&dry-run', csv)).body.code).toBe(
        'forbidden',
      )
    const ding = await by('ding')
    const codes = [
      (await ding.post('kind=people&dry-run', csv)).body.code,
      (await ding.post('kind=items&dry-run', csv, { type: 'application/json' })).body.code,
      (await ding.post('kind=items&dry-run', new Uint8Array(5_000_000))).body.code,
      (await ding.post('kind=items', csv)).body.code,
    ]
    expect(codes).toEqual(['parameters', 'media-type', 'too-large', 'no-precondition'])
    const nobody = await gateway.app.request(`${ISSUER}${PATH}?kind=items&dry-run`, {
      ...{ method: 'POST', headers: { 'content-type': 'text/csv' }, body: 'x' },
    })
    expect(nobody.status).toBe(401)
  })
})

describe('what was seen is proposed', () => {
  const TWO = utf8(`${HEAD}\nMAR-01,免费\nCRE-01,免费\n`)

  test('each by itself, submitted, and by nobody twice', async () => {
    const { gateway, by } = await opened()
    const ding = await by('ding')
    const size = gateway.size()
    const { status, body } = await ding.bring(TWO)
    expect(status).toBe(200)
    expect(body.proposed).toMatchObject([
      { key: 'MAR-01', outcome: 'submitted' },
      { key: 'CRE-01', outcome: 'submitted' },
    ])
    // Opened and submitted: an entry each.
    expect(gateway.size()).toBe(size + 4)
    const open = await ding.proposals()
    expect(open.map(({ target, state }) => `${target} ${state}`).sort()).toEqual([
      'CRE-01 submitted',
      'MAR-01 submitted',
    ])
    const again = await ding.look(TWO)
    expect(again.rows).toMatchObject([
      { fate: 'under-way', proposal: open.find(({ target }) => target === 'MAR-01')?.id },
      { fate: 'under-way' },
    ])
    expect((await ding.bring(TWO)).body.proposed).toEqual([])
    expect(await ding.proposals()).toHaveLength(2)
  })

  test('as drafts where that is asked for, or where review wants words first', async () => {
    const { by } = await opened()
    const ding = await by('ding')
    const kept = await ding.bring(TWO, 'items', '&draft')
    expect(kept.body.proposed.map(({ outcome }: Row & { outcome: string }) => outcome)).toEqual([
      'draft',
      'draft',
    ])
    expect((await ding.proposals()).map(({ state }) => state)).toEqual(['draft', 'draft'])
    // A promise beyond the statute: blocked, and so it stays a draft.
    const slow = utf8('事项编码,承诺时限,承诺时限单位\nELD-01,90,工作日\n')
    const { body } = await ding.bring(slow)
    expect(body.proposed).toMatchObject([{ key: 'ELD-01', outcome: 'draft' }])
  })

  test('once, although two send it at the same moment', async () => {
    const { by } = await opened()
    const ding = await by('ding')
    const { etag } = await ding.look(TWO)
    const twice = await Promise.all(
      [1, 2].map(() => ding.post('kind=items', TWO, { 'if-match': etag as string })),
    )
    expect((await ding.proposals()).map(({ target }) => target).sort()).toEqual([
      'CRE-01',
      'MAR-01',
    ])
    for (const { status } of twice) expect([200, 412]).toContain(status)
  })

  test('anew once the first was withdrawn', async () => {
    const { by } = await opened()
    const ding = await by('ding')
    await ding.bring(TWO)
    for (const { id } of await ding.proposals()) await ding.withdraw(id)
    expect((await ding.bring(TWO)).body.proposed).toMatchObject([
      { outcome: 'submitted' },
      { outcome: 'submitted' },
    ])
    expect(await ding.proposals()).toHaveLength(4)
  })

  test('not at all where the registry changed since, and then it is seen anew', async () => {
    const { gateway, by } = await opened()
    const ding = await by('ding')
    const { etag } = await ding.look(TWO)
    await gateway.amend('item', 'CRE-01', { fee: { zh: '每件十元', en: 'Ten yuan' } })
    const size = gateway.size()
    const stale = await ding.post('kind=items', TWO, { 'if-match': etag as string })
    expect(stale).toMatchObject({ status: 412, body: { code: 'stale' } })
    expect(gateway.size()).toBe(size)
    const other = await ding.look(TWO)
    expect(other.rows[1]?.diff).toEqual([{ pointer: '/fee/zh', before: '每件十元', after: '免费' }])
    expect((await ding.bring(TWO)).body.proposed).toHaveLength(2)
  })

  test('each whole or not at all while the log comes and goes; the file again does the rest', async () => {
    let appends = 0
    const { by } = await opened({
      bend: (deps) => {
        const append: typeof deps.log.append = (draft) => {
          appends += 1
          return appends === 2
            ? Promise.reject(new LogUnavailable('the disk is full'))
            : deps.log.append(draft)
        }
        return { ...deps, log: { ...deps.log, append } }
      },
    })
    const ding = await by('ding')
    const { body } = await ding.bring(TWO, 'items', '&draft')
    const outcomes = (body.proposed as { outcome: string; code?: string }[]).toSorted((a, b) =>
      a.outcome < b.outcome ? -1 : 1,
    )
    expect(outcomes).toMatchObject([
      { outcome: 'draft' },
      { outcome: 'failed', code: 'log-unavailable' },
    ])
    expect(await ding.proposals()).toHaveLength(1)
    const rest = await ding.bring(TWO, 'items', '&draft')
    expect(rest.body.proposed).toMatchObject([{ outcome: 'draft' }])
    expect(await ding.proposals()).toHaveLength(2)
  })

  test('not where another file is sent than was seen', async () => {
    const { by } = await opened()
    const ding = await by('ding')
    const { etag } = await ding.look(TWO)
    const other = utf8(`${HEAD}\nMAR-01,每件一元\nCRE-01,免费\n`)
    const sent = await ding.post('kind=items', other, { 'if-match': etag as string })
    expect(sent.body.code).toBe('stale')
    expect(await ding.proposals()).toEqual([])
  })

  test('of rows that can be used; those of others’ and broken ones stay out', async () => {
    const { by } = await opened()
    const ding = await by('ding')
    const mixed = utf8(`${HEAD}\nMAR-01,免费\nID-01,免费\nELD-01,\n`)
    const { body } = await ding.bring(mixed)
    expect(body.proposed).toMatchObject([{ key: 'MAR-01', outcome: 'submitted' }])
    expect((await ding.proposals()).map(({ target }) => target)).toEqual(['MAR-01'])
  })

  test('for items that are new, as the sheet has them, without a connector', async () => {
    const { gateway, by } = await opened()
    const ding = await by('ding')
    const fresh = {
      ...(await itemOf(gateway, 'MAR-01')),
      ...{ code: 'NEW-01', version: 1, contract: null, kind: 'inquiry' as const, replaces: [] },
    }
    const { body } = await ding.bring(await exported('item', [fresh], { form: 'csv' }))
    expect(body.proposed).toMatchObject([{ key: 'NEW-01' }])
    // Another agency that wants the same code is told so, and not by whom.
    const theirs = await exported('item', [{ ...fresh, provider: MARKET }], { form: 'csv' })
    const [row] = (await (await by('gao')).look(theirs)).rows
    expect(row).toEqual({ lines: [2], key: 'NEW-01', fate: 'under-way' })
    const { doc } = await gateway.deps.store.db
      .selectFrom('proposal')
      .select('doc')
      .where('target', '=', 'NEW-01')
      .executeTakeFirstOrThrow()
    expect(JSON.parse(doc)).toMatchObject({ code: 'NEW-01', version: 1, connector: null })
  })
})

describe('services and agreements', () => {
  test('a service comes back with its materials, a row each', async () => {
    const { gateway, by } = await opened()
    const lead = (await gateway.deps.registry.view()).services.get('S04')
    const subject = lead?.lead === '11990100MB9901075L' ? 'ji' : undefined
    expect(subject).toBeDefined()
    const ji = await by(subject as string)
    const own = {
      ...(lead as NonNullable<typeof lead>),
      names: { zh: '公租房申请', en: 'Housing' },
    }
    const bytes = await exported('service', [own], { form: 'xlsx' })
    const { rows } = await ji.look(bytes, 'services')
    expect(rows).toMatchObject([{ key: 'S04', fate: 'changed' }])
    const { body } = await ji.bring(bytes, 'services', '&draft')
    expect(body.proposed).toMatchObject([{ key: 'S04', outcome: 'draft' }])
  })

  test('an agreement is applied for with its reasons; one in force is not changed', async () => {
    const { gateway, by } = await opened()
    const ji = await by('ji')
    const held = [...(await gateway.deps.registry.view()).agreements.values()]
      .flat()
      .find(({ id }) => id === 'housing-mar')
    if (!held) throw new Error('no such agreement')
    const changed = await exported('agreement', [{ ...held, dailyQuota: 7 }], { form: 'csv' })
    expect((await ji.look(changed, 'agreements')).rows).toMatchObject([
      { fate: 'refused', faults: [{ texts: { zh: expect.stringMatching(/生效的约定不能改/) } }] },
    ])
    const plain = await exported('agreement', [{ ...held, id: 'housing-mar-2' }], { form: 'csv' })
    const wordless = await ji.look(plain, 'agreements')
    expect(wordless.rows[0]?.faults?.map(({ column }) => column?.zh)).toEqual([
      '申请理由：使用依据',
      '申请理由：使用场景',
      '申请理由：使用范围',
    ])
    const reasoned = new TextDecoder()
      .decode(plain)
      .replace(/,,,\r\n$/, ',公租房保障办法第七条,核对婚姻状况,本市申请人\r\n')
    const { body } = await ji.bring(utf8(reasoned), 'agreements', '&draft')
    expect(body.proposed).toMatchObject([{ key: 'housing-mar-2', outcome: 'draft' }])
    const stranger = await by('ding')
    expect((await stranger.look(utf8(reasoned), 'agreements')).rows).toMatchObject([
      { fate: 'refused', faults: [{ texts: { zh: '您不是这个机关的管理员' } }] },
    ])
  })
})
