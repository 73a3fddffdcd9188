import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mianzheng, type Served, served, temporary } from '../cli/cli.ts'
import { readVectors } from '../conformance/vectors.ts'
import { CLIENTS, QUESTION, run } from './clients.ts'

const { dir, remove } = temporary()
const data = join(dir, 'data')
const trust = join(dir, 'trust.json')
const { trusts, vectors } = readVectors('evidence.json')
let gateway: Served

/** Compilers are slow on a busy machine. */
const MINUTES = 60_000

const fileOf = (name: string) => join(dir, `${name}.json`)

beforeAll(async () => {
  gateway = await served(data)
  const wrote = await mianzheng(['trust', '--gateway', gateway.url, '--out', trust])
  expect(wrote.code).toBe(0)
  for (const [name, pinned] of Object.entries(trusts))
    writeFileSync(fileOf(`trust-${name}`), `${JSON.stringify(pinned, null, 2)}\n`)
  for (const { name, bundle } of vectors) writeFileSync(fileOf(name), JSON.stringify(bundle))
}, MINUTES)

afterAll(async () => {
  await gateway?.stop()
  remove()
})

for (const { name, missing, prepare, command, stricter = [] } of CLIENTS) {
  const why = missing()
  if (why) console.warn(`\n*** SKIPPED: the ${name} client is not tested here: ${why} ***\n`)

  describe.skipIf(why !== undefined)(`the ${name} client`, () => {
    const key = (system: string) => join(data, 'demo-keys', `${system}.jwk.json`)
    const { dir: made, remove: unmake } = temporary()
    const client = (...args: string[]) => run(command(made), args)
    const ask = (system: string, question: string, ...more: string[]) =>
      client('ask', gateway.url, trust, key(system), question, ...more)

    beforeAll(async () => {
      if (prepare) expect(await run(prepare(made))).toMatchObject({ code: 0 })
    }, 10 * MINUTES)
    afterAll(unmake)

    test(
      'asks ENT-01, verifies the answer and its evidence, and says what it proved',
      async () => {
        const saved = join(made, 'evidence.json')
        const { code, out, err } = await ask('service-centre', QUESTION, saved)
        expect({ code, err }).toEqual({ code: 0, err: '' })
        for (const check of ['signature', 'binding', 'inclusion', 'checkpoint'])
          expect(out).toContain(`✓ ${check}: `)
        expect(out).toContain('云汀市半亩餐饮管理有限公司')
        const judged = await mianzheng(['verify', saved, '--trust', trust])
        expect(judged.code).toBe(0)
        const again = await client('verify', trust, saved)
        expect({ code: again.code, err: again.err }).toEqual({ code: 0, err: '' })
      },
      MINUTES,
    )

    test(
      'names the code of a refusal and ends with 1',
      async () => {
        const other = join(made, 'question.json')
        const question = JSON.parse(readFileSync(QUESTION, 'utf8'))
        writeFileSync(other, JSON.stringify({ ...question, item: 'NIL-99' }))
        const { code, err } = await ask('service-centre', other)
        expect(code).toBe(1)
        expect(err).toContain('refused with 404: unknown-item')
      },
      MINUTES,
    )

    test(
      'cannot be had where no gateway answers, which is no verdict',
      async () => {
        const { code } = await client(
          'ask',
          'http://127.0.0.1:1',
          trust,
          key('service-centre'),
          QUESTION,
        )
        expect(code).toBe(2)
      },
      MINUTES,
    )

    test(
      'judges every bundle of contracts/conformance/evidence.json as it must',
      async () => {
        const verdicts: [string, number | null][] = []
        for (const vector of vectors) {
          const { code, err } = await client(
            'verify',
            fileOf(`trust-${vector.trust}`),
            fileOf(vector.name),
          )
          verdicts.push([vector.name, code])
          if (code === 1) expect(err).toMatch(/^✗ .+\n$/)
        }
        const wanted = vectors.map((vector) => {
          const holds = vector.expect.ok && !stricter.includes(vector.name)
          return [vector.name, holds ? 0 : 1]
        })
        expect(verdicts).toEqual(wanted)
      },
      5 * MINUTES,
    )

    test(
      'is deceived by no bundle of another trust',
      async () => {
        const { code, err } = await client('verify', trust, fileOf('answer'))
        expect(code).toBe(1)
        expect(err).toMatch(/^✗ (signature|binding|checkpoint)/)
      },
      MINUTES,
    )
  })
}
