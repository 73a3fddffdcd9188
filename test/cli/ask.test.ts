import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import writeXlsx from 'write-excel-file/node'
import { mianzheng, type Served, served, temporary } from './cli.ts'

const { dir, remove } = temporary()
const data = join(dir, 'data')
const trust = join(dir, 'trust.json')
let gateway: Served

const ask = (...args: string[]) =>
  mianzheng(['ask', '--gateway', gateway.url, '--data', data, ...args])
const verify = (...args: string[]) => mianzheng(['verify', '--trust', trust, '--json', ...args])

beforeAll(async () => {
  gateway = await served(data)
  const wrote = await mianzheng(['trust', '--gateway', gateway.url, '--out', trust])
  expect(wrote.out).toContain('another')
})

afterAll(async () => {
  expect(await gateway?.stop()).toBe(0)
  remove()
})

describe('trust', () => {
  it('pins issuer, log, gateway keys and callers', async () => {
    const pinned = JSON.parse(readFileSync(trust, 'utf8'))
    expect(pinned.issuer).toBe(gateway.issuer)
    expect(Object.keys(pinned.callers)).toContain('housing-bureau')
    expect(pinned.log[0].vkey).toMatch(/^localhost:\d+\/log\+/)
    expect(JSON.stringify(pinned)).not.toContain('"d":')
  })

  it('does not silently replace a file that differs', async () => {
    const path = join(dir, 'other-trust.json')
    writeFileSync(path, '{}')
    const args = ['trust', '--gateway', gateway.url, '--out', path]
    expect((await mianzheng(args)).code).toBe(2)
    expect(readFileSync(path, 'utf8')).toBe('{}')
    expect((await mianzheng([...args, '--force'])).code).toBe(0)
  })
})

describe('ask', () => {
  it('shows what was asked and answered, and that nothing was verified without trust', async () => {
    const { code, out, err } = await ask('--example', 'family-4-marriage')
    expect(code).toBe(0)
    expect(out).toContain('status = REGISTERED')
    expect(out).toContain('一致 MATCH')
    expect(err).toContain('--trust')
  })

  it('verifies the answer when it is given a trust file', async () => {
    const { code, out } = await ask('--example', 'family-4-marriage', '--trust', trust, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out).verified).toMatchObject({ ok: true })
  })

  it('types values by the contract, over an example', async () => {
    const questions = ['hukouRegion=990102', 'status in ACTIVE,MOVED']
    const { out } = await ask(
      '--example',
      'family-3-child-household',
      '--json',
      '--ask',
      ...questions,
    )
    expect(JSON.parse(out).said.claims).toEqual({
      hukouRegion: { result: 'MATCH' },
      status: { result: 'MATCH' },
    })
  })

  it('takes whole claims from standard input', async () => {
    const examples = JSON.parse(readFileSync('seed/examples.json', 'utf8')) as {
      name: string
      claims: object
    }[]
    const { claims } = examples.find(({ name }) => name === 'family-4-marriage') ?? {}
    const args = ['ask', '--gateway', gateway.url, '--data', data, '--system', 'housing-bureau']
    const ran = await mianzheng([...args, '--claims', '-', '--json'], {
      input: JSON.stringify(claims),
    })
    expect(JSON.parse(ran.out)).toMatchObject({ ok: true, status: 200 })
  })

  it('explains a refusal, ends with 1, and saves its evidence', async () => {
    const saved = join(dir, 'refusal.json')
    const { code, out } = await ask('--example', 'refused-purpose', '--evidence', saved)
    expect(code).toBe(1)
    expect(out).toContain('用途不在约定之内')
    expect(out).toContain('The purpose is not in the agreement')
    const verified = await verify(saved)
    expect(JSON.parse(verified.out).results[0].checks.binding.detail).toBe('refused: purpose')
    expect(verified.code).toBe(0)
  })

  it('prints a request that any HTTP client can send', async () => {
    const { out } = await ask('--example', 'family-4-marriage', '--print-request')
    const response = await fetch(`${gateway.url}/v1/requests`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/jwt' },
      body: out.trim(),
    })
    expect(response.status).toBe(200)
  })

  it('names what is missing', async () => {
    const { code, err } = await ask('--system', 'housing-bureau', '--item', 'ID-01')
    expect(code).toBe(2)
    expect(err).toContain('--requester --service')
  })
})

describe('verify', () => {
  const saved = join(dir, 'evidence.json')
  const tampered = (name: string, change: (bundle: Record<string, string>) => object) => {
    const path = join(dir, `${name}.json`)
    const bundle = JSON.parse(readFileSync(saved, 'utf8'))
    writeFileSync(path, JSON.stringify({ ...bundle, ...change(bundle) }))
    return path
  }

  beforeAll(async () => {
    await ask('--example', 'family-1-husband-identity', '--evidence', saved)
  })

  it('says of a whole bundle that each check holds', async () => {
    const { code, out } = await mianzheng(['verify', saved, '--trust', trust])
    expect(code).toBe(0)
    for (const check of ['signature', 'binding', 'inclusion', 'checkpoint'])
      expect(out).toMatch(new RegExp(`✓ .* ${check}:`))
  })

  it('judges what the provider signed beside the bundle that it belongs to, and no other', async () => {
    const read = join(dir, 'social.json')
    const statement = join(dir, 'statement.jws')
    const example = [
      '--example',
      'social-months-for-retirement',
      '--evidence',
      read,
      '--statement',
      statement,
    ]
    expect((await ask(...example)).code).toBe(0)
    expect((await verify(read, '--statement', statement)).code).toBe(0)
    expect((await verify(saved, '--statement', statement)).code).toBe(1)
    const { out } = await mianzheng(['verify', read, '--trust', trust, '--statement', statement])
    expect(out).toContain('statement: signed by social-security')
  })

  it('names the check that a tampered part breaks', async () => {
    const flip = (text: string) =>
      text.slice(0, -3) + (text.at(-3) === 'A' ? 'B' : 'A') + text.slice(-2)
    const files = [
      tampered('entry', ({ entry = '' }) => ({ entry: entry.replace('ID-01', 'ID-02') })),
      tampered('answer', ({ answer = '' }) => ({ answer: flip(answer) })),
      tampered('receipt', ({ receipt = '' }) => ({
        receipt: receipt.replace(/\n(\d+)\n/, '\n9999\n'),
      })),
      saved,
    ]
    const { code, out } = await verify(...files)
    expect(code).toBe(1)
    const [entry, answer, receipt, whole] = JSON.parse(out).results
    expect(entry.checks).toMatchObject({ signature: { ok: true }, inclusion: { ok: false } })
    expect(answer.checks).toMatchObject({ signature: { ok: false }, inclusion: { ok: true } })
    expect(receipt.checks).toMatchObject({ signature: { ok: true }, checkpoint: { ok: false } })
    expect(whole.ok).toBe(true)
  })

  it('judges a log record alone, where asked to, and takes no bundle for one', async () => {
    const { entry, receipt } = JSON.parse(readFileSync(saved, 'utf8'))
    const record = join(dir, 'record.json')
    writeFileSync(record, JSON.stringify({ entry, receipt }))
    const { code, out } = await verify('--entry', record)
    expect({ code, ...JSON.parse(out) }).toMatchObject({ code: 0, ok: true })
    expect(Object.keys(JSON.parse(out).results[0].checks)).toEqual(['inclusion', 'checkpoint'])
    expect((await verify(record)).code).toBe(1)
    expect((await verify('--entry', saved)).code).toBe(2)
    writeFileSync(record, JSON.stringify({ entry: entry.replace('ID-01', 'ID-02'), receipt }))
    expect((await verify('--entry', record)).code).toBe(1)
  })

  it('refuses a bundle that brings its own keys, and what is no JSON', async () => {
    const own = tampered('own-keys', () => ({ keys: [] }))
    const torn = join(dir, 'torn.json')
    writeFileSync(torn, readFileSync(saved, 'utf8').slice(0, 100))
    const { code, out } = await verify(own, torn)
    expect(code).toBe(1)
    expect(JSON.parse(out).results.map(({ ok }: { ok: boolean }) => ok)).toEqual([false, false])
  })
})

describe('erase, while the gateway serves', () => {
  it('destroys the answer, keeps the proof, and is never executed again', async () => {
    const saved = join(dir, 'erased.json')
    const { out } = await ask('--example', 'family-2-wife-identity', '--evidence', saved, '--json')
    const { jti } = JSON.parse(out)
    const erase = ['erase', jti, '--data', data]
    const unasked = await mianzheng(erase)
    expect(unasked.code).toBe(2)
    expect(unasked.err).toContain('--yes')
    const erased = await mianzheng([...erase, '--yes', '--json'])
    expect(JSON.parse(erased.out)).toMatchObject({ ok: true, system: 'housing-bureau' })
    expect((await mianzheng([...erase, '--yes'])).code).toBe(1)
    expect((await verify(saved)).code).toBe(0)
    const { request } = JSON.parse(readFileSync(saved, 'utf8'))
    const headers = { 'Content-Type': 'application/jwt' }
    const retry = await fetch(`${gateway.url}/v1/requests`, {
      method: 'POST',
      headers,
      body: request,
    })
    expect(retry.status).toBe(410)
    expect(await retry.json()).toMatchObject({ code: 'answer-erased' })
    expect((await mianzheng(['log', 'check', '--data', data])).code).toBe(0)
  })
})

describe('import, while the gateway serves', () => {
  const file = (name: string, lines: readonly string[]) => {
    const path = join(dir, name)
    writeFileSync(path, `${lines.join('\n')}\n`)
    return path
  }
  const marriage = () => readFileSync('seed/registers/marriage.csv', 'utf8').trimEnd().split('\n')

  it('lists the lines that do not fit and leaves the old snapshot answering', async () => {
    const rows = marriage()
    const bad = file('bad.csv', [...rows.slice(0, 2), '1,,,,,', ...rows.slice(2, 4), 'x,y,z,1,2,3'])
    const { code, err } = await mianzheng(['import', 'marriage', bad, '--data', data])
    expect(code).toBe(1)
    expect(err).toContain('line 3:')
    expect(err).toContain('line 6:')
    expect(err).not.toContain('x,y,z')
    expect((await ask('--example', 'family-4-marriage')).code).toBe(0)
  })

  it('refuses a file without rows: an empty register would answer "no record"', async () => {
    const empty = file('empty.csv', marriage().slice(0, 1))
    const { code, err } = await mianzheng(['import', 'marriage', empty, '--data', data])
    expect(code).toBe(1)
    expect(err).toContain('no rows')
  })

  it('refuses what a Chinese Excel saves as CSV: GBK read as UTF-8 is another name', async () => {
    const gbk = join(dir, 'gbk.csv')
    const [columns = '', ...rows] = marriage()
    const spoilt = Buffer.from([...rows, '\u00d5\u00c5\u00c8\u00fd'].join('\n'), 'latin1')
    writeFileSync(gbk, Buffer.concat([Buffer.from(`${columns}\n`), spoilt]))
    const { code, err } = await mianzheng(['import', 'marriage', gbk, '--data', data])
    expect(code).toBe(1)
    expect(err).toContain('CSV UTF-8')
    expect((await ask('--example', 'family-4-marriage', '--json')).out).toContain('MATCH')
  })

  it('refuses a file that ends in half a character', async () => {
    const cut = join(dir, 'cut.csv')
    writeFileSync(cut, Buffer.from(`${marriage().slice(0, 2).join('\n')}张`).subarray(0, -1))
    const { err } = await mianzheng(['import', 'marriage', cut, '--data', data])
    expect(err).toContain('CSV UTF-8')
  })

  it('switches to a whole file at once, with the time it is as of', async () => {
    const asOf = new Date(Date.now() - 3_600_000).toISOString()
    const whole = file('whole.csv', marriage())
    const args = ['import', 'marriage', whole, '--data', data, '--as-of', asOf, '--json']
    expect(JSON.parse((await mianzheng(args)).out)).toMatchObject({
      ok: true,
      register: 'marriage',
    })
    await new Promise((resolve) => setTimeout(resolve, 600))
    const { out } = await ask('--example', 'family-4-marriage', '--json')
    expect(JSON.parse(out).said.asOf).toBe(asOf)
  })

  it('takes a sheet of a workbook, and says what to do about one that it cannot take', async () => {
    const cells = marriage().map((line) => line.split(',').map((value) => ({ value })))
    const sums = [...cells, [{ value: 'A2', type: 'Formula' }]]
    const book = await writeXlsx([
      { sheet: 'sums', data: sums },
      { sheet: '登记', data: cells },
    ] as never).toBuffer()
    const path = join(dir, 'book.xlsx')
    writeFileSync(path, book)
    const args = ['import', 'marriage', path, '--data', data]
    const refused = await mianzheng(args)
    expect(refused.code).toBe(1)
    expect(refused.err).toMatch(/公式[\s\S]*paste them as values: A\d+ \(1 cells\)/)
    const { out, code } = await mianzheng([...args, '--sheet', '登记', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ ok: true, rows: cells.length - 1 })
    const csv = ['import', 'marriage', file('x.csv', ['a']), '--data', data, '--sheet', '登记']
    expect((await mianzheng(csv)).code).toBe(2)
    expect((await mianzheng(['import', 'marriage', 'x.xls', '--data', data])).code).toBe(2)
  })

  it('names the registers there are when it is given another', async () => {
    const { code, err } = await mianzheng(['import', 'cats', file('c.csv', ['a']), '--data', data])
    expect(code).toBe(2)
    expect(err).toContain('marriage')
  })
})
