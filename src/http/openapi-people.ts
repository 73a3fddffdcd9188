import type { z } from 'zod'
import { tokenSchema } from '../people/token.ts'
import { sessionParam } from './admin-me.ts'
import { personParam } from './admin-people.ts'

/** How the parts of the document that are about signed-in people are written. */
export type Writing = {
  readonly parameters: (schema: z.ZodObject, where?: 'path' | 'query') => unknown
  readonly toSchema: (schema: z.ZodType) => unknown
  readonly refused: Readonly<Record<string, unknown>>
}

/** A person's session cookie, or his token for the command line. */
export const PERSON_SECURITY = {
  session: { type: 'apiKey', in: 'cookie', name: '__Host-sid' },
  personToken: { type: 'http', scheme: 'bearer', bearerFormat: 'mzt_…' },
}

export const SIGNED_IN = [{ session: [] }, { personToken: [] }]

/** The paths of `/v1/admin/me` and `/v1/admin/people`. */
export function peoplePaths({ parameters, toSchema, refused }: Writing) {
  const json = { 'application/json': {} }
  const done = (summary: string, more: object = {}) => ({
    summary,
    security: SIGNED_IN,
    ...more,
    responses: { 200: { description: 'OK', content: json }, ...refused },
  })
  const page = (summary: string, status = 200) => ({
    summary,
    responses: {
      [status]: { description: 'For people', content: { 'text/html': {} } },
      ...refused,
    },
  })
  return {
    '/sign-in': { get: page('登录页 · The sign-in page') },
    '/sign-in/start': { get: page('去统一身份认证 · To the identity provider', 302) },
    '/sign-in/callback': { get: page('从统一身份认证回来 · Back from the identity provider', 303) },
    '/sign-out': {
      get: page('已退出 · Signed out'),
      post: page('退出登录 · Sign out', 303),
    },
    '/sign-in/passkey': {
      get: page('用通行密钥登录（应急） · Sign in with a passkey, in an emergency'),
      post: page('通行密钥的应答 · What the passkey answers', 303),
    },
    '/console/session/tokens': { post: page('取得令牌 · Make a token', 201) },
    '/console/session/passkeys': {
      get: page('登记通行密钥 · Register a passkey'),
      post: page('登记所得 · What was registered', 303),
    },
    '/console/session/passkeys/remove': { post: page('移除通行密钥 · Remove a passkey', 303) },
    '/v1/admin/me': { get: done('我是谁：角色与会话 · Who I am: roles and session') },
    '/v1/admin/me/sessions': {
      get: done('我的会话与令牌 · My sessions and tokens'),
      delete: done('终止其他全部会话 · End all my other sessions'),
    },
    '/v1/admin/me/sessions/{id}': {
      delete: {
        ...done('终止一个会话 · End one session', { parameters: parameters(sessionParam) }),
        responses: { 204: { description: 'Ended' }, ...refused },
      },
    },
    '/v1/admin/me/tokens': {
      post: {
        ...done('为命令行取得令牌（只显示一次） · A token for the command line, shown once', {
          security: [{ session: [] }],
          requestBody: {
            required: true,
            content: { 'application/json': { schema: toSchema(tokenSchema) } },
          },
        }),
        responses: { 201: { description: 'Made', content: json }, ...refused },
      },
    },
    '/v1/admin/people/{id}/sessions': {
      delete: done('终止某人的全部会话（本机关管理员或主管部门） · End all sessions of a person', {
        parameters: parameters(personParam),
      }),
    },
  }
}
