import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { onError } from '../../src/http/problem.ts'
import {
  clearSession,
  findVisitor,
  readCookie,
  requireBrowser,
  requireRole,
  requireStepUp,
  requireVisitor,
  setSession,
  writeCookie,
} from '../../src/http/visitor.ts'
import type { RoleName } from '../../src/people/person.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { peopleOf } from '../people.ts'

afterEach(checkWholeLog)

const SECRET = 'A'.repeat(43)
const CIVIL = '11990100MB99010327'

/** The guards as handlers use them. */
function guarded({ deps }: TestGateway): Hono {
  const app = new Hono()
  app.onError(onError(deps))
  return app
    .get('/who', async (c) => c.text((await findVisitor(deps, c))?.person.name ?? 'nobody'))
    .get('/role/:role/:agency?', async (c) => {
      const { role, agency } = c.req.param()
      requireRole(await requireVisitor(deps, c), role as RoleName, agency)
      return c.text('yes')
    })
    .get('/approve', async (c) => {
      requireStepUp(await requireVisitor(deps, c), deps.clock())
      return c.text('yes')
    })
    .get('/browser', async (c) => {
      requireBrowser(await requireVisitor(deps, c))
      return c.text('yes')
    })
    .get('/in', (c) => {
      setSession(deps, c, SECRET)
      return c.text('')
    })
    .get('/out', (c) => {
      clearSession(deps, c)
      return c.text('')
    })
    .get('/write', (c) => {
      writeCookie(deps, c, { name: 'other', value: SECRET, seconds: 600 })
      return c.text('')
    })
    .get('/read', (c) => c.text(readCookie(deps, c, 'other') ?? 'none'))
}

let gateway: TestGateway
let app: Hono
beforeEach(async () => {
  gateway = await openTestGateway()
  app = guarded(gateway)
})

const ask = async (path: string, headers: Record<string, string> = {}) => {
  const response = await app.request(path, { headers })
  const text = await response.text()
  return response.status === 200 ? text : (JSON.parse(text) as { code: string }).code
}

describe('a visitor', () => {
  test('need not be anybody where nothing is guarded', async () => {
    expect(await ask('/who')).toBe('nobody')
    const cookie = await peopleOf(gateway).signIn('ding')
    expect(await ask('/who', { cookie })).toBe('丁松')
  })

  test.each([
    [`/role/admin/${CIVIL}`, 'yes'],
    ['/role/admin', 'yes'],
    [`/role/approver/${CIVIL}`, 'forbidden'],
    ['/role/approver', 'forbidden'],
    ['/role/admin/11990100MB9901016H', 'forbidden'],
  ])('an admin of one agency asks for %s: %s', async (path, said) => {
    const cookie = await peopleOf(gateway).signIn('ding')
    expect(await ask(path, { cookie })).toBe(said)
    expect(await ask(path)).toBe('signed-out')
  })

  test('approves within five minutes of proving who he is, and not with a token', async () => {
    const { signIn, tokenOf } = peopleOf(gateway)
    const cookie = await signIn('er')
    expect(await ask('/approve', { cookie })).toBe('yes')
    gateway.wait(5 * 60)
    expect(await ask('/approve', { cookie })).toBe('step-up')
    const stale = await signIn('er', { steppedUp: false })
    expect(await ask('/approve', { cookie: stale })).toBe('step-up')
    const authorization = `Bearer ${await tokenOf('er')}`
    expect(await ask('/approve', { authorization })).toBe('step-up')
    expect(await ask('/browser', { authorization })).toBe('forbidden')
    expect(await ask('/browser', { cookie })).toBe('yes')
  })
})

describe('a cookie', () => {
  const cookieOf = async (of: Hono, path: string) =>
    (await of.request(path)).headers.get('set-cookie')

  test('is bound to this host, hidden from scripts, and no other site sends it', async () => {
    expect(await cookieOf(app, '/in')).toBe(
      `__Host-sid=${SECRET}; Path=/; HttpOnly; Secure; SameSite=Lax`,
    )
    expect(await cookieOf(app, '/write')).toBe(
      `__Host-other=${SECRET}; Max-Age=600; Path=/; HttpOnly; Secure; SameSite=Lax`,
    )
    expect(await cookieOf(app, '/out')).toMatch(/^__Host-sid=; Max-Age=0; Path=\/; Secure/)
  })

  test('on http, which is for localhost alone, goes without what http cannot have', async () => {
    const local = guarded({
      ...gateway,
      deps: { ...gateway.deps, signIn: { ...gateway.deps.signIn, base: 'http://localhost:8787' } },
    })
    expect(await cookieOf(local, '/in')).toBe(`sid=${SECRET}; Path=/; HttpOnly; SameSite=Lax`)
    expect(await cookieOf(local, '/out')).toMatch(/^sid=; Max-Age=0; Path=\//)
  })

  test.each([
    [`__Host-other=${SECRET}`, SECRET],
    [`other=${SECRET}`, 'none'],
    [`__Host-other=${SECRET}A`, 'none'],
    ['__Host-other=<script>', 'none'],
    ['', 'none'],
  ])('%s is read as %s', async (cookie, read) => {
    expect(await ask('/read', { cookie })).toBe(read)
  })
})
