import type { Context } from 'hono'
import { Refusal } from '../../errors.ts'

/** Whoever is not signed in signs in and comes back; everything else is the gateway's own exit for errors. */
export async function onConsoleError(error: Error, c: Context): Promise<Response> {
  const isPage = (c.req.header('accept') ?? '').includes('text/html')
  if (!(error instanceof Refusal) || error.code !== 'signed-out' || !isPage) throw error
  const { pathname, search } = new URL(c.req.url)
  const path = c.req.method === 'GET' ? `${pathname}${search}` : pathname
  return c.redirect(`/sign-in?${new URLSearchParams({ return: path })}`, 303)
}
