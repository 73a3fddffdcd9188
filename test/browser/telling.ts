import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { parseLeaf } from '../../src/log/entry.ts'
import type { TestGateway } from '../harness.ts'
import { peopleOf, personOf } from '../people.ts'
import { signedIn } from './signed-in.ts'

/** What stories of the console are told with: people in front of pages, and what the log holds in the end. */
export function telling({
  browser,
  gateway,
  url,
}: {
  readonly browser: Browser
  readonly gateway: TestGateway
  readonly url: string
}) {
  const people = peopleOf(gateway)
  const pageOf = async (
    subject: string,
    options: Parameters<typeof signedIn>[2] = {},
  ): Promise<Page> => (await signedIn({ browser, url, people }, subject, options)).newPage()

  return {
    pageOf,
    /** Presses a button or opens what is folded under one, and waits for what comes. */
    press: async (page: Page, name: string) => {
      await page.getByRole('button', { name, exact: true }).click()
      await page.waitForLoadState()
    },
    notice: (page: Page) => page.locator('.notice').first().textContent(),
    main: (page: Page) => page.locator('main').textContent(),
    /** Sends a form without its page, as somebody would who wants more than he is offered. */
    force: async (subject: string, path: string, fields: Record<string, string>) => {
      const send = people.as(await people.signIn(subject))
      return (await send('POST', path, { body: new URLSearchParams(fields) })).status
    },
    /** The acts in the log from an entry on, with who did them; and the kinds of the other entries. */
    logged: async (from: number) => {
      const { store } = gateway.deps
      const leaves = await Promise.all(
        Array.from({ length: gateway.size() - from }, async (_, i) =>
          parseLeaf(String(await store.readLeaf(from + i))),
        ),
      )
      const acts = leaves.flatMap(({ act }) => (act ? [[act.what, act.by]] : []))
      return { acts, others: leaves.flatMap(({ act, kind }) => (act ? [] : [kind])) }
    },
    /** What `logged` holds for acts, by whom. */
    acts: (...done: readonly (readonly [what: string, subject: string])[]) =>
      done.map(([what, subject]) => [what, personOf(subject).id]),
    /** The page leads to it by a link. */
    follow: async (page: Page, name: string | RegExp) => {
      const link = page.getByRole('link', { name }).first()
      expect(await link.count()).toBe(1)
      await link.click()
      await page.waitForLoadState()
    },
  }
}
