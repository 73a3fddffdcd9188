import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findBySubject } from '../../src/people/people.ts'
import { type Gateway, openGateway } from '../../src/platform/gateway.ts'
import { seedDemo } from '../../src/platform/seed.ts'
import { type Serving, serveGateway } from '../../src/platform/serve.ts'
import { move, open } from '../../src/proposal/act.ts'
import type { Actor } from '../../src/proposal/actor.ts'
import { KINDS } from '../../src/proposal/kinds.ts'
import { readProposal } from '../../src/proposal/proposal.ts'
import { configOf, NOW } from '../harness.ts'
import { peopleOf } from '../people.ts'
import { mianzheng, temporary } from './cli.ts'

const { dir, remove } = temporary()
const folder = join(dir, 'registry')
const pristine = join(dir, 'pristine')
let gateway: Gateway
let serving: Serving
let tokens: Record<string, string>

beforeAll(async () => {
  const data = join(dir, 'data')
  gateway = await openGateway(configOf(data), { clock: () => NOW, report: () => {} })
  await seedDemo(gateway.deps, data)
  serving = await serveGateway(gateway, { host: '127.0.0.1', port: 0 })
  const { tokenOf } = peopleOf({ deps: gateway.deps, app: {} as never, clock: { now: NOW } })
  tokens = {}
  for (const subject of ['ann', 'ding', 'gao', 'ning']) tokens[subject] = await tokenOf(subject)
  const made = await registry('ann', 'export', pristine)
  expect(made).toMatchObject({ code: 0, err: '' })
})
afterAll(async () => {
  await serving?.stop()
  remove()
})
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true })
  cpSync(pristine, folder, { recursive: true })
})

const registry = (who: string, ...args: string[]) =>
  mianzheng(['registry', ...args, '--gateway', serving.url], {
    env: { MIANZHENG_TOKEN: tokens[who] ?? '' },
  })
const path = (name: string) => join(folder, name)
const read = (name: string) => JSON.parse(readFileSync(path(name), 'utf8'))
const write = (name: string, document: unknown) => {
  mkdirSync(join(path(name), '..'), { recursive: true })
  writeFileSync(path(name), typeof document === 'string' ? document : JSON.stringify(document))
}
const edit = (name: string, change: object) => write(name, { ...read(name), ...change })
const planned = async (who = 'ann') => {
  const { code, out } = await registry(who, 'plan', folder, '--json', '--exit-code')
  const { counts, files } = JSON.parse(out)
  return {
    code,
    counts,
    fateOf: (name: string) => files.find((one: { path: string }) => one.path === name),
  }
}
const applied = async (who: string) => {
  const { code, out } = await registry(who, 'apply', folder, '--json')
  return { code, files: JSON.parse(out).files }
}

/** A step by somebody who proved who he is a moment ago. */
async function step(subject: string, verb: string, id: string): Promise<void> {
  const own = { ...gateway.deps, kinds: KINDS, today: () => '2026-11-23' }
  const person = await findBySubject(gateway.deps.store.db, 'demo', subject)
  const actor: Actor = { id: person?.id ?? '', roles: person?.roles ?? [], steppedUpAt: NOW }

  const revision = (await readProposal(gateway.deps.store.db, id))?.revision ?? 0
  await move(own, actor, { id, verb, revision, reason: '请补充' })
}

describe('security', () => {
  it('prints nothing that a file brought along to steer a terminal, and follows no dead link', async () => {
    const evil = { zh: '免费\u009b2J\u202e费', en: '\u001b]0;title\u0007' }
    edit('items/MAR-01.json', { fee: evil })
    write('items/\u001b[2J.json', '{}')
    write('items/\u202etxt', 'x')
    symlinkSync('/nowhere/at/all', path('items/ZZ-01.json'))
    const { out, err } = await registry('ding', 'plan', folder)
    expect(`${out}${err}`.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    expect(out).toContain('items/\\u001b[2J.json')
    expect(out).toContain('\\u009b2J\\u202e')
    expect(out).toMatch(/拒收.*items\/ZZ-01\.json/)
  })
})

describe('export and plan', () => {
  it('what was exported is what is in force: nothing to do, and the next export writes nothing', async () => {
    const { code, counts } = await planned()
    expect({ code, ...counts }).toMatchObject({ code: 0, new: 0, changed: 0, refused: 0 })
    expect(counts.unchanged).toBeGreaterThan(60)
    const again = JSON.parse((await registry('ann', 'export', folder, '--json')).out)
    expect(again).toMatchObject({ ok: true, written: [] })
  })

  it('an export of one agency holds what is its own', async () => {
    const own = join(dir, 'own')
    const { code } = await registry('ding', 'export', own, '--agency', '11990100MB99010327')
    expect(code).toBe(0)
    expect(readdirSync(join(own, 'items'))).toContain('MAR-01.json')
    expect(readdirSync(join(own, 'items'))).not.toContain('ENT-01.json')
  })

  it('an edited file is shown with its places, and nothing is changed at the gateway', async () => {
    const { size } = await gateway.deps.store.readHead()
    edit('items/MAR-01.json', { fee: { zh: '一律不收费', en: 'Free for everybody' } })
    const { code, out } = await registry('ding', 'plan', folder)
    expect(code).toBe(0)
    expect(out).toContain('~ 变更 changed  items/MAR-01.json')
    expect(out).toMatch(/\/fee\/zh: ".+" → "一律不收费"/)
    expect((await planned()).code).toBe(3)
    expect((await gateway.deps.store.readHead()).size).toBe(size)
  })

  it('of another agency an administrator reads no connection, agreement or system', async () => {
    const foreign = join(dir, 'foreign')
    await registry('gao', 'export', foreign)
    const item = JSON.parse(readFileSync(join(foreign, 'items/MAR-01.json'), 'utf8'))
    expect(item.connector).toBeNull()
    const all = readdirSync(join(pristine, 'agreements')).length
    expect(readdirSync(join(foreign, 'agreements')).length).toBeLessThan(all)
    expect(readdirSync(foreign)).not.toContain('systems')
    const { code } = await registry('gao', 'plan', foreign, '--exit-code')
    expect(code).toBe(0)
  })
})

describe('apply', () => {
  it('proposes each change once; in force, it is a change no more', async () => {
    edit('items/MAR-01.json', { fee: { zh: '一律不收费。', en: 'Free.' } })
    const first = await applied('ding')
    expect(first).toMatchObject({
      code: 0,
      files: [{ path: 'items/MAR-01.json', outcome: 'proposed' }],
    })
    const { proposal } = first.files[0]
    expect(await applied('ding')).toMatchObject({
      code: 0,
      files: [{ outcome: 'already', proposal }],
    })
    await step('er', 'approve', proposal)
    await step('ann', 'publish', proposal)
    expect((await planned('ding')).counts).toMatchObject({ changed: 0, refused: 0 })
    expect(await applied('ding')).toEqual({ code: 0, files: [] })
    await registry('ann', 'export', pristine)
  })

  it('what was returned is not sent again as it was; mended, it is the same proposal', async () => {
    edit('items/CRE-01.json', { fee: { zh: '免费。', en: 'Free.' } })
    const { proposal } = (await applied('ding')).files[0]
    await step('er', 'return', proposal)
    expect(await applied('ding')).toMatchObject({
      code: 1,
      files: [{ outcome: 'returned', proposal }],
    })
    edit('items/CRE-01.json', { fee: { zh: '免费办理', en: 'Free of charge' } })
    expect(await applied('ding')).toMatchObject({
      code: 0,
      files: [{ outcome: 'proposed', proposal }],
    })
    edit('items/CRE-01.json', { fee: { zh: '又改了', en: 'Changed again' } })
    expect(await applied('ding')).toMatchObject({
      code: 1,
      files: [{ outcome: 'taken', proposal }],
    })
  })

  it('what a check stands in the way of waits as a draft, and is sent once it is mended', async () => {
    edit('items/LOW-01.json', { fee: { zh: '待定', en: 'TBD' } })
    const { code, files } = await applied('ding')
    expect({ code, files }).toMatchObject({ code: 1, files: [{ outcome: 'draft' }] })
    expect(files[0].said.en).toContain('/doc/fee/zh#seven-fields')
    expect(files[0].said.en).toContain(`/console/proposals/${files[0].proposal}`)
    edit('items/LOW-01.json', { fee: { zh: '免费。', en: 'Free.' } })
    expect(await applied('ding')).toMatchObject({
      code: 0,
      files: [{ outcome: 'proposed', proposal: files[0].proposal }],
    })
  })

  it('cut off between opening and submitting, the next run submits that very draft', async () => {
    edit('items/ADO-01.json', { fee: { zh: '免费', en: 'None at all' } })
    const { opening } = (await planned('ding')).fateOf('items/ADO-01.json')
    const ding = await findBySubject(gateway.deps.store.db, 'demo', 'ding')
    const actor = { id: ding?.id ?? '', roles: ding?.roles ?? [], steppedUpAt: null }
    const own = { ...gateway.deps, kinds: KINDS, today: () => '2026-11-23' }
    const draft = await open(own, actor, { kind: 'item', verb: 'open', doc: opening.doc })
    expect(await applied('ding')).toMatchObject({
      files: [{ outcome: 'proposed', proposal: draft.proposal.id }],
    })
  })

  it('what is not the person’s to change is refused, each by itself, and the rest goes on', async () => {
    edit('items/ENT-01.json', { fee: { zh: '一元', en: 'One yuan' } })
    write('items/MAR-09.json', read('items/MAR-01.json'))
    write('systems/broken.json', '{"id": "broken", "id": "twice"}')
    write('pledges/broken.json', '{')
    const { code, out } = await registry('ann', 'apply', folder)
    expect(code).toBe(1)
    expect(out).toContain('文件名与文档的编码不同')
    expect(out).toContain('有重复的成员名')
    expect(out).toContain('不是 JSON')
    expect(out).toMatch(/items\/ENT-01\.json\s+│ 未受理 refused/)
    expect(out).toContain('forbidden')
  })
})

describe('bad input', () => {
  it.each([
    ['no token', ['plan', folder], {}, '--token-file'],
    ['a token that is none', ['plan', folder], { MIANZHENG_TOKEN: 'secret-of-mine' }, 'mzt_'],
  ])('%s ends with 2 and is not repeated', async (_, args, env, said) => {
    const ran = await mianzheng(['registry', ...args, '--gateway', serving.url], { env })
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 2, out: '' })
    expect(ran.err).toContain(said)
    expect(ran.err).not.toContain('secret-of-mine')
  })

  it('a token that is over is said, and never shown', async () => {
    const old = `mzt_${'A'.repeat(43)}`
    const ran = await mianzheng(['registry', 'plan', folder, '--gateway', serving.url], {
      env: { MIANZHENG_TOKEN: old },
    })
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 1, out: '' })
    expect(ran.err).toContain('signed-out')
    expect(ran.err).not.toContain(old)
  })

  it.each([
    ['a folder without documents', () => dir, 'mianzheng registry export'],
    ['no folder', () => join(dir, 'none'), '找不到文件'],
  ])('%s ends with 2', async (_, where, said) => {
    const ran = await registry('ann', 'plan', where())
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 2, out: '' })
    expect(ran.err).toContain(said)
  })

  it('an auditor proposes nothing', async () => {
    edit('items/VET-01.json', { mode: { zh: '线上', en: 'Online' } })
    const { code, files } = await applied('ning')
    expect({ code, files }).toMatchObject({ code: 1, files: [{ outcome: 'refused' }] })
  })
})
