import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ClientMetadata, Configuration, Provider } from 'oidc-provider'
import { type Config, LOCAL } from '../config.ts'
import { DEMO_ISSUER } from '../people/demo.ts'
import type { OidcSettings } from '../people/oidc.ts'
import { CALLBACK } from '../people/sign-in.ts'
import { memoryAdapter } from './demo-identity-memory.ts'
import { choicePage, type DemoPerson, logoutPage, saidPage } from './demo-identity-pages.ts'
import { freePort } from './serve.ts'

/** It listens on this machine's own address, whatever the gateway listens on. */
const HOST = '127.0.0.1'
const CLIENT_ID = 'mianzheng'
const INTERACTION = /^\/interaction\/([\w-]+)(?:\/([^/]+))?$/
const SESSION_COOKIE = 'demo_session'
/** What the demo's sign-ins are worth, for whoever tries OIDC_STEP_UP_ACR. */
const ACR = 'urn:mianzheng:demo'

export type DemoIdentity = {
  /** What a gateway is opened with. */
  readonly settings: OidcSettings
  stop(): void
}

export type DemoIdentityOptions = {
  /** Where browsers reach the gateway. */
  readonly base: string
  /** Asked at each sign-in. */
  readonly people: () => Promise<readonly DemoPerson[]>
  /** Tried first. */
  readonly port?: number
  /** Signs ID tokens; a fresh one where none is given. */
  readonly key?: JsonWebKey
  /** How the gateway proves itself, where it is not by a secret in a header. */
  readonly client?: Pick<ClientMetadata, 'token_endpoint_auth_method' | 'jwks'>
}

/**
 * Whether the development identity provider may run: never in production, never beside a real one, for the
 * demo's people only, and where the gateway itself is a developer's own, on http and this machine.
 */
export function mayRunDemoIdentity(
  { production, seed, oidc }: Pick<Config, 'production' | 'seed' | 'oidc'>,
  base: string,
): boolean {
  const { protocol, hostname } = new URL(base)
  const isOwn = protocol === 'http:' && LOCAL.test(hostname)
  return !production && seed === 'demo' && oidc === undefined && isOwn
}

/**
 * Starts a real OpenID Connect provider whose people are invented and have no passwords. It is a
 * development dependency.
 *
 * @returns undefined where the package is not installed. @throws when no port can be had.
 */
export async function startDemoIdentity(
  options: DemoIdentityOptions,
): Promise<DemoIdentity | undefined> {
  const library = await load()
  if (!library) return undefined
  const { Provider } = library
  const port = await freePort(HOST, options.port ?? 0).catch(() => freePort(HOST))
  const issuer = `http://localhost:${port}`
  const secret = randomBytes(32).toString('base64url')
  const key = options.key ?? ownKey()
  const provider = new Provider(issuer, {
    ...configuration(options, secret),
    adapter: memoryAdapter(),
    jwks: { keys: [{ ...key, alg: 'ES256', use: 'sig' } as never] },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: async (_, sub) => ({ accountId: sub, claims: async () => ({ sub }) }),
  })
  const server = createServer(listener(provider, options.people))
  await listen(server, port)
  const credential = { kind: 'secret', secret } as const
  return {
    settings: { issuer, clientId: CLIENT_ID, credential, realm: DEMO_ISSUER },
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Undefined where it is not installed; any other fault is thrown. */
async function load() {
  try {
    return await import('oidc-provider/lib/provider.js')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  }
}

/** Everything that the library would otherwise warn of on standard output, which `--json` needs. */
function configuration({ base, client }: DemoIdentityOptions, secret: string): Configuration {
  const hour = 3600
  return {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: secret,
        redirect_uris: [`${base}${CALLBACK}`],
        post_logout_redirect_uris: [`${base}/sign-out`],
        id_token_signed_response_alg: 'ES256',
        ...client,
      },
    ],
    acrValues: [ACR],
    pkce: { required: () => true },
    cookies: {
      keys: [randomBytes(32).toString('base64url')],
      names: { interaction: 'demo_interaction', resume: 'demo_resume', session: SESSION_COOKIE },
    },
    ttl: {
      ...{ AccessToken: 60, AuthorizationCode: 60, IdToken: 300 },
      ...{ Grant: hour, Interaction: hour, Session: hour },
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: async (ctx, form) => {
          ctx.body = await logoutPage(form)
        },
        postLogoutSuccessSource: async (ctx) => {
          ctx.body = await saidPage('已退出', 'You are signed out')
        },
      },
    },
    renderError: async (ctx, { error }) => {
      ctx.type = 'html'
      ctx.body = await saidPage(`登录没有完成：${error}`, `The sign-in was not completed: ${error}`)
    },
    // Consent is the city's, not the person's.
    loadExistingGrant: async ({ oidc }) => {
      const { clientId } = oidc.client ?? {}
      const { accountId } = oidc.session ?? {}
      const grant = new oidc.provider.Grant({ clientId, accountId } as never)
      grant.addOIDCScope('openid')
      await grant.save()
      return grant
    },
  }
}

/** The provider, and the page on which one chooses who to be. */
function listener(provider: Provider, people: DemoIdentityOptions['people']) {
  const callback = provider.callback()
  return (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith('/auth')) forget(request)
    const [, uid, subject] =
      INTERACTION.exec(new URL(request.url ?? '/', provider.issuer).pathname) ?? []
    if (uid === undefined) return void callback(request, response)
    choose(provider, { request, response, uid, subject, people }).catch(async () => {
      response.writeHead(400, { 'content-type': 'text/html; charset=utf-8' })
      response.end(
        await saidPage(
          '这次登录已失效，请重新开始',
          'This sign-in does not count any more: begin again',
        ),
      )
    })
  }
}

/** Whoever tries the demo wants to be another person each time: an earlier sign-in is not remembered. */
function forget(request: IncomingMessage): void {
  const cookies = request.headers.cookie?.split('; ') ?? []
  request.headers.cookie = cookies.filter((one) => !one.startsWith(SESSION_COOKIE)).join('; ')
}

type Choosing = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly uid: string
  readonly subject: string | undefined
  readonly people: DemoIdentityOptions['people']
}

async function choose(
  provider: Provider,
  { request, response, uid, subject, people }: Choosing,
): Promise<void> {
  const { params } = await provider.interactionDetails(request, response)
  if (request.method === 'POST' && subject !== undefined) {
    const login = { accountId: decodeURIComponent(subject), acr: ACR, remember: false }
    return provider.interactionFinished(request, response, { login })
  }
  const page = await choicePage(`/interaction/${uid}`, await people(), params.prompt === 'login')
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
  })
  response.end(page)
}

function listen(server: Server, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, () => resolve(server.address() as AddressInfo))
  })
}

function ownKey(): JsonWebKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return privateKey.export({ format: 'jwk' })
}
