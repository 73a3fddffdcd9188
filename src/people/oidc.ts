import * as oauth from 'oauth4webapi'
import { boundedFetch, type Fetch } from './bounded-fetch.ts'

const HOUR_MILLIS = 3_600_000
const TOLERANCE_SECONDS = 30
/** A sign-in at the provider that is older than a working day opens no session here. */
const MAX_AGE_SECONDS = 8 * 3600
const STEP_UP_SECONDS = 300

/** How a provider is reached, and who we are there. */
export type OidcSettings = {
  /** Its address; https but for a developer's own. */
  readonly issuer: string
  readonly clientId: string
  readonly credential: Credential
  /** What persons of this provider are registered under; its address by default. */
  readonly realm?: string
  /** What a sign-in must be worth (`acr`) for an approval to rest on it. */
  readonly stepUpAcr?: string | undefined
}

export type Credential =
  | { readonly kind: 'secret'; readonly secret: string }
  /** RFC 7523 §2.2, `private_key_jwt`. */
  | { readonly kind: 'key'; readonly key: CryptoKey; readonly kid?: string | undefined }

/** What one sign-in is bound to; all but the address is random, and used once. */
export type Bound = {
  readonly redirectUri: string
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  readonly isStepUp: boolean
  /** Epoch milliseconds. */
  readonly beganAt: number
}

/** Whom the provider means. */
export type Proved = {
  readonly subject: string
  /** When he proved it, as far as an approval may rest on it; epoch milliseconds. */
  readonly provedAt: number | undefined
}

export type OidcErrorCode = 'unavailable' | 'denied' | 'invalid'

/**
 * A sign-in that came to nothing: the provider cannot be asked, it refused, or what it said does not hold.
 * The message names the fault and quotes nothing of what was said.
 */
export class OidcError extends Error {
  override readonly name = 'OidcError'
  readonly code: OidcErrorCode

  constructor(code: OidcErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

export type Oidc = {
  /** What its persons are registered under. */
  readonly realm: string
  /** Where the browser goes. @throws OidcError `unavailable`. */
  begin(bound: Bound): Promise<string>
  /** What the browser brought back. @throws OidcError. */
  finish(brought: URLSearchParams, bound: Bound): Promise<Proved>
  /** Where a browser signs out at the provider too; undefined where it has no such place, or cannot be asked. */
  signOutAt(returnTo: string): Promise<string | undefined>
}

/**
 * OpenID Connect Core: code flow with PKCE (RFC 7636), state, nonce, and `iss` where the provider sends one
 * (RFC 9207). Nothing of the provider's is kept: neither access token nor ID token.
 */
export function oidcClient(
  settings: OidcSettings,
  { clock, fetch }: { readonly clock: () => number; readonly fetch: Fetch },
): Oidc {
  const { issuer, clientId } = settings
  const expected = new URL(issuer)
  const options = {
    [oauth.customFetch]: boundedFetch(fetch) as never,
    // Of a developer's own provider; config.ts lets no other be without TLS in production.
    [oauth.allowInsecureRequests]: expected.protocol === 'http:',
  }
  let known: { readonly server: oauth.AuthorizationServer; readonly at: number } | undefined
  let asking: Promise<oauth.AuthorizationServer> | undefined

  async function discover(): Promise<oauth.AuthorizationServer> {
    const answer = await oauth.discoveryRequest(expected, options)
    const server = await oauth.processDiscoveryResponse(expected, answer)
    if (!server.authorization_endpoint || !server.token_endpoint || !server.jwks_uri)
      throw new TypeError('the provider names no authorization, token or key endpoint')
    known = { server, at: clock() }
    return server
  }

  /** Asked once an hour; what was known serves for as long as nobody can be asked. */
  async function serverNow(): Promise<oauth.AuthorizationServer> {
    if (known && Math.abs(clock() - known.at) < HOUR_MILLIS) return known.server
    asking ??= discover().finally(() => {
      asking = undefined
    })
    try {
      return await asking
    } catch (error) {
      if (known) return known.server
      throw new OidcError('unavailable', `discovery failed: ${nameOf(error)}`)
    }
  }

  /** The tokens' times are judged by the gateway's clock. */
  const client = (): oauth.Client => ({
    client_id: clientId,
    [oauth.clockSkew]: Math.round((clock() - Date.now()) / 1000),
    [oauth.clockTolerance]: TOLERANCE_SECONDS,
  })

  return {
    realm: settings.realm ?? issuer,
    begin: async (bound) => {
      const { authorization_endpoint: at = '' } = await serverNow()
      const url = new URL(at)
      for (const [name, value] of Object.entries(await question(settings, bound)))
        url.searchParams.set(name, value)
      return url.href
    },
    finish: async (brought, bound) => {
      const server = await serverNow()
      try {
        const tokens = await exchange(
          { server, client: client(), settings, options },
          brought,
          bound,
        )
        return judge(tokens, bound, { settings, now: clock() })
      } catch (error) {
        throw asOidcError(error)
      }
    },
    signOutAt: async (returnTo) => {
      const server = await serverNow().catch(() => undefined)
      if (!server?.end_session_endpoint) return undefined
      const url = new URL(server.end_session_endpoint)
      // No id_token_hint: an ID token in an address would stand in logs with everything it says.
      url.searchParams.set('client_id', clientId)
      url.searchParams.set('post_logout_redirect_uri', returnTo)
      return url.href
    },
  }
}

/** The parameters of an authorization request (OpenID Connect Core §3.1.2.1). */
async function question(
  { clientId, stepUpAcr }: OidcSettings,
  { redirectUri, state, nonce, verifier, isStepUp }: Bound,
): Promise<Record<string, string>> {
  return {
    client_id: clientId,
    response_type: 'code',
    // The least that there is: names and roles are ours.
    scope: 'openid',
    redirect_uri: redirectUri,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    max_age: String(isStepUp ? STEP_UP_SECONDS : MAX_AGE_SECONDS),
    ...(isStepUp ? { prompt: 'login' } : {}),
    ...(isStepUp && stepUpAcr !== undefined ? { acr_values: stepUpAcr } : {}),
  }
}

type Exchange = {
  readonly server: oauth.AuthorizationServer
  readonly client: oauth.Client
  readonly settings: OidcSettings
  readonly options: Record<symbol, unknown>
}

async function exchange(
  { server, client, settings, options }: Exchange,
  brought: URLSearchParams,
  { state, nonce, redirectUri, verifier, isStepUp }: Bound,
): Promise<oauth.IDToken> {
  const parameters = oauth.validateAuthResponse(server, client, brought, state)
  const answer = await oauth.authorizationCodeGrantRequest(
    ...([server, client, authentication(server, settings), parameters] as const),
    ...([redirectUri, verifier, options] as const),
  )
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, {
    expectedNonce: nonce,
    requireIdToken: true,
    maxAge: isStepUp ? STEP_UP_SECONDS : oauth.skipAuthTimeCheck,
  })
  // Over TLS from the provider itself the signature might be left unlooked at (Core §3.1.3.7); not here.
  await oauth.validateApplicationLevelSignature(server, answer, options)
  return oauth.getValidatedIdTokenClaims(tokens) as oauth.IDToken
}

/** By the method that the provider offers (OpenID Connect Core §9); the secret in a header before one in a body. */
function authentication(
  { token_endpoint_auth_methods_supported: methods }: oauth.AuthorizationServer,
  { credential }: OidcSettings,
): oauth.ClientAuth {
  if (credential.kind === 'key') {
    const { key, kid } = credential
    return oauth.PrivateKeyJwt(kid === undefined ? key : { key, kid })
  }
  const isBasic = methods === undefined || methods.includes('client_secret_basic')
  return (isBasic ? oauth.ClientSecretBasic : oauth.ClientSecretPost)(credential.secret)
}

/** What a valid ID token is worth here. @throws OidcError `invalid`. */
function judge(
  { sub, auth_time: time, acr }: oauth.IDToken,
  { isStepUp, beganAt }: Bound,
  { settings: { stepUpAcr }, now }: { readonly settings: OidcSettings; readonly now: number },
): Proved {
  const authAt = time === undefined ? undefined : time * 1000
  const isGoodEnough = stepUpAcr === undefined || acr === stepUpAcr
  const provedAt = authAt !== undefined && isGoodEnough ? Math.min(authAt, now) : undefined
  if (authAt !== undefined && now - authAt > (MAX_AGE_SECONDS + TOLERANCE_SECONDS) * 1000)
    throw new OidcError('invalid', 'the sign-in at the provider is too old')
  if (!isStepUp) return { subject: sub, provedAt }
  if (provedAt === undefined)
    throw new OidcError('invalid', 'acr is not the one that was asked for')
  // Whole seconds there, milliseconds here; and clocks that agree within the tolerance.
  if (provedAt < beganAt - TOLERANCE_SECONDS * 1000)
    throw new OidcError('invalid', 'the provider did not ask the person again')
  return { subject: sub, provedAt }
}

/** The libraries' errors carry what was said in their causes: only their names and codes go on. */
function asOidcError(error: unknown): OidcError {
  if (error instanceof OidcError) return error
  if (error instanceof oauth.AuthorizationResponseError)
    return new OidcError('denied', `the provider says ${known(error.error)}`)
  if (error instanceof oauth.ResponseBodyError)
    return new OidcError('invalid', `the token endpoint says ${known(error.error)}`)
  const isOurs =
    error instanceof oauth.UnsupportedOperationError ||
    error instanceof oauth.WWWAuthenticateChallengeError ||
    // Not the answer of a provider that works: an error page, say.
    (error instanceof oauth.OperationProcessingError &&
      error.code !== oauth.RESPONSE_IS_NOT_CONFORM)
  return new OidcError(isOurs ? 'invalid' : 'unavailable', nameOf(error))
}

/** Codes of RFC 6749 and OpenID Connect are one word; anything else is the sender's own text. */
function known(code: string): string {
  return /^[a-z_]{1,40}$/.test(code) ? code : 'something else'
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? `${error.name} ${code}` : error.name
}
