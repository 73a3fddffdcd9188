import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { Refusal } from '../../errors.ts'
import { type Desk, enter } from './enter.ts'

/** Whoever is not signed in signs in and comes back; everything else is the gateway's own exit for errors. */
export async function onConsoleError(error: Error, c: Context): Promise<Response> {
  const isPage = (c.req.header('accept') ?? '').includes('text/html')
  if (!(error instanceof Refusal) || error.code !== 'signed-out' || !isPage) throw error
  const { pathname, search } = new URL(c.req.url)
  const path = c.req.method === 'GET' ? `${pathname}${search}` : pathname
  return c.redirect(`/sign-in?${new URLSearchParams({ return: path })}`, 303)
}

/**
 * Whoever is at work in the console keeps his menu when something is refused.
 *
 * @returns undefined elsewhere, and where it cannot be told who he is: the error that is told is the first one.
 */
export async function consoleFrame(deps: Deps, c: Context): Promise<Desk | undefined> {
  if (!/^\/console(?:\/|$)/.test(c.req.path)) return undefined
  try {
    return await enter(deps, c)
  } catch {
    return undefined
  }
}
