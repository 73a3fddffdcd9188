import { Hono } from 'hono'
import { Refusal } from '../errors.ts'
import { bearerOf } from './proof.ts'

/** How the operator's own monitoring reads this process. */
export type Exposition = {
  readonly contentType: string
  text(): Promise<string>
  /** Compares in constant time. */
  admits(token: string): boolean
}

/** GET /metrics. @throws Refusal `not-found` where there is none, and for whoever lacks the operator's token. */
export function metricsRoute(exposition: Exposition | undefined): Hono {
  return new Hono().get('/metrics', async (c) => {
    if (!exposition?.admits(bearerOf(c) ?? '')) throw new Refusal('not-found')
    return c.body(await exposition.text(), 200, { 'Content-Type': exposition.contentType })
  })
}
