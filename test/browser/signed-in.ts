import type { Browser, BrowserContext } from 'playwright-core'
import type { peopleOf } from '../people.ts'
import { visitor } from './visitor.ts'

/** Somebody's own browser, signed in; `steppedUp: false` signed in a while ago. */
export async function signedIn(
  { browser, url, people }: { browser: Browser; url: string; people: ReturnType<typeof peopleOf> },
  subject: string,
  { steppedUp = true, ...options }: { steppedUp?: boolean } & Parameters<typeof visitor>[1] = {},
): Promise<BrowserContext> {
  const context = await visitor(browser, options)
  await signIn(context, { url, people }, { subject, steppedUp })
  return context
}

/** Gives somebody's session to a browser that has none. */
export async function signIn(
  context: BrowserContext,
  { url, people }: { url: string; people: ReturnType<typeof peopleOf> },
  { subject, steppedUp }: { subject: string; steppedUp: boolean },
): Promise<void> {
  const [name = '', value = ''] = (await people.signIn(subject, { steppedUp })).split('=')
  const { hostname } = new URL(url)
  await context.addCookies([
    { name, value, domain: hostname, path: '/', secure: true, httpOnly: true, sameSite: 'Lax' },
  ])
}
