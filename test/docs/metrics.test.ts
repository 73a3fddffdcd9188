import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog } from '../harness.ts'
import { openWatched } from '../metrics.ts'

const FOLDER = new URL('../../docs/operations/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, FOLDER), 'utf8')
const namesIn = (text: string) => new Set(text.match(/\bmianzheng_[a-z_]+/g))

let exposed: ReadonlySet<string>

beforeAll(async () => {
  const { gateway, metrics } = await openWatched()
  await gateway.ask(HOUSING, claimsOf('family-4-marriage'))
  const types = (await metrics.text()).matchAll(/^# TYPE (mianzheng_[a-z_]+) /gm)
  exposed = new Set([...types].map(([, name = '']) => name))
})

afterAll(checkWholeLog)

describe.each(['README.md', 'README.en.md'])('%s', (page) => {
  test('explains every metric of ours, and no other', () => {
    const rows = [...read(page).matchAll(/^\| `(mianzheng_[a-z_]+)` \|/gm)]
    expect(new Set(rows.map(([, name]) => name))).toEqual(exposed)
    expect(exposed.size).toBeGreaterThan(15)
  })
})

describe('alerts.yml', () => {
  const rules = read('alerts.yml')
    .split(/^ {6}- alert: /m)
    .slice(1)

  test('asks for metrics that there are', () => {
    const asked = namesIn(read('alerts.yml'))
    expect(asked.size).toBeGreaterThan(4)
    for (const name of asked) expect(exposed).toContain(name)
  })

  test('says of each rule what it means, in both languages, and how bad it is', () => {
    expect(rules.length).toBeGreaterThanOrEqual(4)
    for (const rule of rules) {
      expect(rule).toMatch(/severity: (critical|warning)/)
      expect(rule).toMatch(/summary: '[^']*\p{Script=Han}[^']* · [^\p{Script=Han}']+'/u)
    }
  })
})
