import { z } from 'zod'
import type { Problem } from '../problem.ts'
import { Failure } from './failure.ts'

const TIMEOUT_MILLIS = 30_000

const log = z.object({ origin: z.string(), vkey: z.string() })
const metadata = z.object({ issuer: z.string(), log, pastLogs: z.array(log).default([]) })

export type Metadata = z.infer<typeof metadata>

/** What the gateway says of itself. */
export async function readMetadata(gateway: string): Promise<Metadata> {
  const read = metadata.safeParse(await getJson(gateway, '/.well-known/mianzheng'))
  if (!read.success) throw notAGateway(gateway)
  return read.data
}

/** @throws Failure when nothing answers there, or something that is not a gateway. */
export async function getJson(
  gateway: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const response = await send(gateway, path, { headers })
  if (!response.ok) throw await notGood(gateway, path, response)
  try {
    return await response.json()
  } catch {
    throw notAGateway(gateway)
  }
}

/** @throws Failure when the gateway is of a version that says it otherwise. */
export function readAs<T>(schema: z.ZodType<T>, said: unknown): T {
  const { success, data } = schema.safeParse(said)
  if (success) return data
  throw new Failure(
    1,
    '网关的目录不是本版本的格式。',
    'The catalogue is not of this version’s form.',
  )
}

/** One request over HTTP; what comes back is not judged. @throws Failure when nothing does. */
export async function send(
  gateway: string,
  path: string,
  { timeoutMillis = TIMEOUT_MILLIS, ...init }: RequestInit & { readonly timeoutMillis?: number },
): Promise<Response> {
  const url = addressOf(gateway, path)
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMillis) })
  } catch (error) {
    const cause = error instanceof Error ? ((error.cause as Error | undefined) ?? error) : error
    const why = (cause as NodeJS.ErrnoException).code ?? String(cause)
    throw new Failure(
      1,
      `${gateway} 没有应答（${why}）。请确认网关已启动（npm start），或用 --gateway 指明地址。`,
      `Nothing answers at ${gateway} (${why}). Start the gateway (npm start), or name it with --gateway.`,
    )
  }
}

function addressOf(gateway: string, path: string): string {
  if (!/^https?:\/\//.test(gateway) || !URL.canParse(gateway))
    throw new Failure(
      2,
      `--gateway 须为 http(s) 地址：${gateway}`,
      `--gateway is an http(s) URL: ${gateway}`,
    )
  return `${gateway.replace(/\/+$/, '')}${path}`
}

async function notGood(gateway: string, path: string, response: Response): Promise<Failure> {
  const problem = (await response.json().catch(() => ({}))) as {
    title?: string
    en?: { title?: string }
  }
  const what = `${path} → ${response.status}`
  if (!problem.title) return notAGateway(gateway)
  return new Failure(1, `${what}：${problem.title}`, `${what}: ${problem.en?.title}`)
}

/** A refusal of the gateway as a person reads it, with what to do. */
export async function refusedBy(gateway: string, response: Response): Promise<Failure> {
  const body = (await response.json().catch(() => ({}))) as Partial<Problem>
  const { code, title, hint, en, pointers } = body
  if (!code || !en) return notAGateway(gateway)
  const places = pointers ? ` ${pointers.join(', ')}` : ''
  return new Failure(
    1,
    `${title}（${code}${places}）。${hint}`,
    `${en.title} (${code}${places}). ${en.hint}`,
  )
}

function notAGateway(gateway: string): Failure {
  return new Failure(
    1,
    `${gateway} 有应答，但不是免证网关。`,
    `Something answers at ${gateway}, but it is not a Mianzheng gateway.`,
  )
}
