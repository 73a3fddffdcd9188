import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OPERATOR_PRIVATE, OPERATOR_PUBLIC } from '../operator.ts'
import { mianzheng, type Served, served, temporary } from './cli.ts'

const { dir, remove } = temporary()
const key = join(dir, 'operator.jwk.json')
const MARRIAGES = new URL('../../seed/registers/marriage.csv', import.meta.url).pathname

let gateway: Served
beforeAll(async () => {
  writeFileSync(key, JSON.stringify(OPERATOR_PRIVATE))
  const env = { SEED: 'none', OPERATOR_KEY: JSON.stringify(OPERATOR_PUBLIC) }
  gateway = await served(join(dir, 'far'), env)
}, 60_000)
afterAll(async () => {
  await gateway?.stop()
  remove()
})

const to = () => ['--to', gateway.url, '--operator-key', key]

test('the demo city goes to a gateway over HTTP, and answers there', async () => {
  const near = join(dir, 'near')
  const seeded = await mianzheng(['seed', '--data', near, ...to(), '--json'])
  expect(JSON.parse(seeded.out)).toMatchObject({ ok: true, to: gateway.url })
  const where = ['--gateway', gateway.url, '--data', near]
  const asked = await mianzheng(['ask', ...where, '--example', 'family-4-marriage', '--json'])
  expect({ code: asked.code, said: JSON.parse(asked.out) }).toMatchObject({
    code: 0,
    said: { ok: true },
  })
}, 60_000)

test('a register goes there, all of it or nothing, and the places of faults are told', async () => {
  const good = await mianzheng(['import', 'marriage', MARRIAGES, ...to(), '--json'])
  expect(JSON.parse(good.out)).toMatchObject({ ok: true, register: 'marriage' })
  const bad = join(dir, 'bad.csv')
  writeFileSync(bad, 'id_no,name\n1,x\n')
  const refused = await mianzheng(['import', 'marriage', bad, ...to()])
  expect(refused.code).toBe(1)
  expect(refused.err).toContain('/lines/2')
})

test.each([
  ['no key', (url: string) => ['--to', url], '--operator-key'],
  ['a file that is no key', (url: string) => ['--to', url, '--operator-key', MARRIAGES], 'keygen'],
])('with %s it says what mends it', async (_, args, hint) => {
  const { code, err } = await mianzheng(['import', 'marriage', MARRIAGES, ...args(gateway.url)])
  expect(code).toBe(2)
  expect(err).toContain(hint)
})

test('a spreadsheet is not uploaded', async () => {
  const { code, err } = await mianzheng(['import', 'marriage', 'x.xlsx', ...to()])
  expect(code).toBe(2)
  expect(err).toContain('CSV')
})
