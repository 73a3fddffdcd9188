import { generateKeyPairSync } from 'node:crypto'
import type { Hono } from 'hono'
import { afterAll, beforeAll } from 'vitest'
import { type DemoIdentity, startDemoIdentity } from '../src/platform/demo-identity.ts'
import { ISSUER, type Options, openTestGateway } from './harness.ts'
import { PEOPLE } from './people.ts'

/** What the provider of these tests signs ID tokens with: forged ones are signed with it as well. */
export const IDENTITY_KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  format: 'jwk',
})

/** A real provider for one test file, with the seeded people. */
export function ownIdentity(): () => DemoIdentity {
  let started: DemoIdentity | undefined
  beforeAll(async () => {
    const people = async () => PEOPLE.map((one) => ({ ...one, roles: [] }))
    started = await startDemoIdentity({ base: ISSUER, people, key: IDENTITY_KEY })
  })
  afterAll(() => started?.stop())
  return () => {
    if (!started) throw new Error('oidc-provider is a development dependency: run npm ci')
    return started
  }
}

/** A gateway whose people sign in there. The provider's clock is the real one, so the gateway's begins as it. */
export function openWithIdentity({ settings }: DemoIdentity, options: Options = {}) {
  return openTestGateway({ oidc: settings, nowMillis: Date.now(), ...options })
}

export type Visit = { readonly url: string; readonly response: Response; readonly text: string }

/** As much of a browser as signing in needs: one jar a host (name, or name and path), redirects one by one. */
export function browserOf(app: Hono, jars = new Map<string, Map<string, string>>()) {
  const jarOf = (url: string) => {
    const { hostname } = new URL(url)
    const jar = jars.get(hostname) ?? new Map<string, string>()
    jars.set(hostname, jar)
    return jar
  }

  /** One request, no redirect followed. */
  async function ask(url: string, init: RequestInit = {}): Promise<Response> {
    const jar = jarOf(url)
    const { pathname } = new URL(url)
    const cookie = [...jar]
      .map(([key, value]) => ({ value, place: key.split(' ') }))
      .filter(({ place: [, path = '/'] }) => pathname.startsWith(path))
      .map(({ value, place: [name] }) => `${name}=${value}`)
      .join('; ')
    const headers = { cookie, 'user-agent': 'a test', ...(init.headers as Record<string, string>) }
    const sent = { ...init, headers, redirect: 'manual' } as const
    const response = url.startsWith(ISSUER) ? await app.request(url, sent) : await fetch(url, sent)
    for (const line of response.headers.getSetCookie()) keep(jar, line)
    return response
  }

  /** Follows redirects until `until` is reached or a page is. */
  async function go(
    url: string,
    { init, until }: { init?: RequestInit; until?: RegExp } = {},
  ): Promise<Visit> {
    let at = url
    let response = await ask(at, init)
    for (let hops = 0; response.status >= 300 && response.status < 400 && hops < 10; hops++) {
      at = new URL(response.headers.get('location') ?? '', at).href
      if (until?.test(at)) return { url: at, response, text: '' }
      response = await ask(at)
    }
    return { url: at, response, text: await response.text() }
  }

  /** On the provider's page, the button of that person. */
  const choose = (page: Visit, subject: string, until?: RegExp) => {
    const action = new RegExp(`action="([^"]+/${subject})"`).exec(page.text)?.[1]
    if (action === undefined) throw new Error(`nobody is called ${subject}: ${page.text}`)
    const found = { init: { method: 'POST' } }
    return go(new URL(action, page.url).href, until ? { ...found, until } : found)
  }

  return {
    jars,
    jarOf,
    ask,
    go,
    choose,
    /** From nothing to wherever a sign-in ends. */
    signIn: async (subject: string, more = ''): Promise<Visit> =>
      choose(await go(`${ISSUER}/sign-in/start?return=/v1/admin/me${more}`), subject),
    /** The address that the provider sends the browser back to, not followed. */
    upToCallback: async (subject: string, more = ''): Promise<string> =>
      (
        await choose(
          await go(`${ISSUER}/sign-in/start?return=/v1/admin/me${more}`),
          subject,
          /\/sign-in\/callback/,
        )
      ).url,
  }
}

function keep(jar: Map<string, string>, line: string): void {
  const [pair = ''] = line.split(';', 1)
  const at = pair.indexOf('=')
  const path = /; path=([^;]+)/i.exec(line)?.[1] ?? '/'
  const name = path === '/' ? pair.slice(0, at) : `${pair.slice(0, at)} ${path}`
  const value = pair.slice(at + 1)
  const isOver = value === '' || /expires=Thu, 01 Jan 1970/i.test(line) || /max-age=0/i.test(line)
  if (isOver) jar.delete(name)
  else jar.set(name, value)
}
