import { afterEach, describe, expect, test } from 'vitest'
import { open } from '../../src/proposal/act.ts'
import { KINDS } from '../../src/proposal/kinds.ts'
import {
  doneWord,
  kindWord,
  proposalStateWord,
  targetName,
  verbWord,
} from '../../src/web/console/proposal-words.ts'
import { checkWholeLog, openTestGateway } from '../harness.ts'
import { person, proposing } from '../proposing.ts'
import { opened } from './forms.ts'

afterEach(checkWholeLog)

const LANGS = ['zh-CN', 'en'] as const
const HOUSES = '11990100MB9901075L'

describe.each(LANGS)('in %s', (lang) => {
  test.each([...KINDS.values()])('$name and all that happens to it have words', (kind) => {
    expect(kindWord(lang, kind.name)).not.toBe(kind.name)
    for (const { verb, from, to } of kind.moves) {
      expect([verb, verbWord(lang, verb)]).not.toEqual([verb, verb])
      expect([verb, doneWord(lang, verb)]).not.toEqual([verb, verb])
      for (const state of [...from, ...(to ? [to] : [])].filter((one) => one !== 'new'))
        expect([state, proposalStateWord(lang, state)]).not.toEqual([state, state])
    }
  })
})

describe('what a change is about', () => {
  test('is a system for its key’s end, an item for an agreement, somebody for his roles', async () => {
    const gateway = await openTestGateway()
    const registry = await gateway.deps.registry.view()
    const named = (kind: string, target: string, people?: ReadonlyMap<string, string>) =>
      targetName('zh-CN', registry, { kind, target }, people)
    expect(named('key-end', 'housing-bureau')).toBe(
      registry.systems.get('housing-bureau')?.names.zh,
    )
    expect(named('agreement', 'housing-mar')).toBe('婚姻登记信息核验')
    expect(named('person', 'x', new Map([['x', '范溪']]))).toBe('范溪')
    expect(named('agreement', 'nothing')).toBeUndefined()
  })

  test('a list names the person whose roles change, and never his random id', async () => {
    const all = await opened()
    const { gateway } = all
    const admin = person('p-admin', ['admin', HOUSES])
    const [kang] = await gateway.deps.store.db
      .selectFrom('person')
      .select(['id', 'issuer', 'subject', 'name'])
      .where('subject', '=', 'kang')
      .execute()
    const { id = '', issuer = '', subject = '', name = '' } = kang ?? {}
    await open(proposing(gateway), admin, {
      ...{ kind: 'person', verb: 'open' },
      doc: { id, agency: HOUSES, issuer, subject, name, roles: ['approver', 'officer'] },
    })
    const { text } = await (await all.by('ji')).get('/console/proposals')
    expect(text).toContain('人员与角色')
    expect(text).toContain(name)
    expect(text).not.toContain(`<code>${id}</code>`)
  })
})
