import { afterEach, describe, expect, test } from 'vitest'
import { findBySubject } from '../../src/people/people.ts'
import { checkWholeLog } from '../harness.ts'
import { personOf } from '../people.ts'
import { openedForVisits } from './forms.ts'

afterEach(checkWholeLog)

const CIVIL = '11990100MB99010327'
const NEW = '/console/people/new'
const filled = { agency: CIVIL, name: '苏新', issuer: 'https://sso.example', subject: '1001' }

describe('people', () => {
  test('are registered by two: the admin proposes, the head approves', async () => {
    const { gateway, visit } = await openedForVisits()
    const admin = await visit('ding')
    const sent = await admin('POST', NEW, { ...filled, roles: 'officer' })
    expect(sent.status).toBe(303)
    const path = String(sent.at).split('?', 1)[0] as string
    const head = await visit('er')
    const done = await head('POST', path, { verb: 'approve', revision: '2' })
    expect(done.status).toBe(303)
    const person = await findBySubject(gateway.deps.store.db, filled.issuer, '1001')
    expect(person?.roles).toEqual([{ role: 'officer', agency: CIVIL }])
    expect((await admin('GET', '/console/people')).text).toContain('苏新')
  })

  test('are shown to their own agency, and all of them to the authority', async () => {
    const { visit } = await openedForVisits()
    const own = (await (await visit('ding'))('GET', '/console/people')).text
    expect(own).toContain('尔雅')
    expect(own).not.toContain('高禾')
    expect((await (await visit('bo'))('GET', '/console/people')).text).toContain('高禾')
    expect((await (await visit('fan'))('GET', '/console/people')).status).toBe(403)
  })

  test.each([
    ['no name', { name: '' }, '请填写姓名'],
    ['an account with spaces', { subject: 'a b' }, '不含空格'],
    ['a role that there is not', { roles: 'king' }, '不能由同一人'],
  ])('%s is said beside the field, and nothing is kept', async (_, wrong, said) => {
    const { gateway, visit } = await openedForVisits()
    const size = gateway.size()
    const back = await (await visit('ding'))('POST', NEW, { ...filled, roles: 'admin', ...wrong })
    expect(back).toMatchObject({ status: 400 })
    expect(back.text).toContain(said)
    expect(gateway.size()).toBe(size)
  })

  test('of another agency are neither opened nor proposed', async () => {
    const { visit } = await openedForVisits()
    const by = await visit('gao')
    expect((await by('GET', `${NEW}?id=${personOf('ding').id}`)).status).toBe(404)
    expect((await by('POST', NEW, { ...filled, roles: 'officer' })).status).toBe(403)
  })
})

describe('one’s own sessions', () => {
  test('are listed and ended; somebody else’s are not', async () => {
    const { visit } = await openedForVisits()
    const first = await visit('ding')
    const second = await visit('ding')
    const other = await visit('er')
    const page = await second('GET', '/console/session')
    expect(page.text).toContain('机关管理员')
    const id = /name="id" value="([\w-]{43})"/.exec(page.text)?.[1] as string
    expect((await other('POST', '/console/session', { id })).status).toBe(303)
    expect((await first('GET', '/console/session')).status).toBe(200)
    expect((await second('POST', '/console/session', { id })).status).toBe(303)
    expect((await first('GET', '/console/session')).status).toBe(401)
  })
})
