import type { Command } from 'commander'
import { z } from 'zod'
import { ROLE_NAMES, type Role } from '../people/person.ts'
import { readIfPresent } from '../platform/files.ts'
import { environment } from '../platform/terminal.ts'
import type { Problem } from '../problem.ts'
import { withGateway } from './command.ts'
import { Failure } from './failure.ts'
import { readAs, refusedBy, send } from './remote.ts'

const TOKEN = /^mzt_[\w-]{43}$/

export type AdminOption = { readonly gateway: string; readonly tokenFile?: string }

export function withAdmin(made: Command): Command {
  return withGateway(made).option(
    '--token-file <file>',
    '存放个人令牌的文件，缺省用环境变量 MIANZHENG_TOKEN · file with a personal token (default: MIANZHENG_TOKEN)',
  )
}

const role = z.object({ role: z.enum(ROLE_NAMES), agency: z.string() })
const me = z.object({ person: z.object({ id: z.string(), roles: z.array(role) }) })

/** What the admin API said; a refusal is an answer here, and only being signed out ends everything. */
export type Said =
  | { readonly ok: true; readonly body: unknown; readonly etag: string }
  | {
      readonly ok: false
      readonly problem: Pick<Problem, 'code' | 'title' | 'hint' | 'en'> & {
        pointers?: readonly string[]
      }
    }

/** A person's admin API, by his token. */
export type Admin = {
  readonly gateway: string
  /** Who it is. */
  readonly id: string
  readonly roles: readonly Role[]
  /** @throws Failure for a refusal, too. */
  get(path: string): Promise<unknown>
  /** @throws Failure where nothing answers, and when signed out. */
  post(path: string, body: unknown, more?: Readonly<Record<string, string>>): Promise<Said>
}

/** @throws Failure without a token, or with one that does not count any more. */
export async function adminOf({ gateway, tokenFile }: AdminOption): Promise<Admin> {
  const token = await tokenFrom(tokenFile)
  const bearer = { Authorization: `Bearer ${token}` }
  const get = async (path: string) => {
    const response = await send(gateway, path, { headers: bearer })
    if (!response.ok) throw await refusedBy(gateway, response)
    return response.json()
  }
  const post: Admin['post'] = async (path, body, more = {}) => {
    const headers = { ...bearer, ...more, 'Content-Type': 'application/json' }
    const response = await send(gateway, path, {
      ...{ method: 'POST', headers, body: JSON.stringify(body) },
    })
    if (response.ok)
      return { ok: true, body: await response.json(), etag: response.headers.get('etag') ?? '' }
    if (response.status === 401 || response.status >= 500) throw await refusedBy(gateway, response)
    const problem = (await response
      .clone()
      .json()
      .catch(() => ({}))) as Partial<Problem>
    if (!problem.code || !problem.en) throw await refusedBy(gateway, response)
    return { ok: false, problem: problem as Problem }
  }
  const { person } = readAs(me, await get('/v1/admin/me'))
  return { gateway, ...person, get, post }
}

/** Never an argument: those are seen by everybody on the machine. */
async function tokenFrom(file: string | undefined): Promise<string> {
  const text = file === undefined ? environment().MIANZHENG_TOKEN : await readIfPresent(file)
  const token = text?.trim() ?? ''
  if (TOKEN.test(token)) return token
  const where = file ?? 'MIANZHENG_TOKEN'
  throw new Failure(
    2,
    `${where} 里没有个人令牌（mzt_…）。请在控制台“我的账号”创建，存为只有自己能读的文件，用 --token-file 指明。`,
    `${where} holds no personal token (mzt_…). Make one on the console's page of your account, keep it in a file that only you can read, and name it with --token-file.`,
  )
}
