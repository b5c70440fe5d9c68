import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { AuthProvider, OAuthClientProvider, OAuthDiscoveryState } from '@modelcontextprotocol/client'
import { Fault } from '@steward/contract'
import { createPinnedFetch } from '../net/pinned-fetch.ts'
import { allowedFor } from './addresses.ts'
import type { McpLibrary } from './failures.ts'
import { mostBytes, userAgent } from './http-link.ts'
import type { HttpServer } from './http-link.ts'
import type { McpAppConfig, McpPorts, OAuthState } from './types.ts'

export interface Authorization {
  /** For the transport: the token, and its renewal. Never opens a browser: it throws the library's UnauthorizedError when a person is needed. */
  provider(lib: McpLibrary): AuthProvider
  /** Remembers that a call needs more scope than was granted. */
  needsScope(scope: string | undefined): void
  /** Whether the server has asked for authorization, now or before. */
  wanted(): boolean
  begin(): Promise<string>
  finish(code: string, state: string, iss: string | undefined): Promise<void>
}
interface Challenge {
  readonly resourceMetadataUrl?: URL | undefined
  readonly scope?: string | undefined
}
const load = (): Promise<McpLibrary> => import('@modelcontextprotocol/client')
/** Answers of a token endpoint that no repetition changes. */
const dead = new Set<string>(['invalid_grant', 'invalid_client', 'unauthorized_client', 'invalid_token'])

/**
 * OAuth for one app as MCP has it (RFC 9728 discovery, RFC 8414, dynamic registration, PKCE, refresh), by the library. Its requests go to the
 * server's own origin and those that discovery names, without the headers configured for the server.
 */
export function createAuthorization(config: McpAppConfig, server: HttpServer, ports: McpPorts): Authorization {
  const own = new URL(server.url)
  let challenge: Challenge | null = null
  let renewing: Promise<void> | null = null
  const kept = (): OAuthState => ports.tokens.load(config.id) ?? {}
  const keep = (change: OAuthState): void => ports.tokens.save(config.id, { ...kept(), ...change })
  const fetchFrom = (...addresses: readonly (string | undefined)[]) =>
    createPinnedFetch({
      allow: [...allowedFor(own).beside, ...ports.allowAddresses()],
      origins: [own.href, ...addresses].flatMap((address) => (address !== undefined && URL.canParse(address) ? [new URL(address).origin] : [])),
      userAgent: userAgent(ports.version),
      bytes: mostBytes,
    })
  const fetchBy = ({ authorizationServerUrl, authorizationServerMetadata: metadata }: OAuthDiscoveryState) =>
    fetchFrom(authorizationServerUrl, metadata?.token_endpoint, metadata?.registration_endpoint)

  async function discover(lib: McpLibrary): Promise<OAuthDiscoveryState> {
    const { resourceMetadataUrl } = challenge ?? {}
    const resourceMetadata = await lib
      .discoverOAuthProtectedResourceMetadata(own, resourceMetadataUrl === undefined ? {} : { resourceMetadataUrl }, fetchFrom())
      .catch(() => undefined)
    const authorizationServerUrl = resourceMetadata?.authorization_servers?.[0] ?? new URL('/', own).href
    const metadata = await lib.discoverAuthorizationServerMetadata(authorizationServerUrl, { fetchFn: fetchFrom(authorizationServerUrl) })
    if (metadata === undefined) throw new Error('it does not say where to authorize (there is no OAuth metadata)')
    return {
      authorizationServerUrl,
      authorizationServerMetadata: metadata,
      ...(resourceMetadata === undefined ? {} : { resourceMetadata }),
      ...(resourceMetadataUrl === undefined ? {} : { resourceMetadataUrl: resourceMetadataUrl.href }),
    }
  }
  const providerFor = (redirectUrl: string, state: string, onAddress: (address: URL) => void): OAuthClientProvider => ({
    redirectUrl,
    clientMetadata: {
      client_name: 'Steward',
      redirect_uris: [redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
    state: () => state,
    clientInformation: () => kept().client,
    saveClientInformation: (client) => keep({ client }),
    tokens: () => kept().tokens,
    saveTokens: (tokens) => keep({ tokens }),
    redirectToAuthorization: onAddress,
    saveCodeVerifier: (verifier) => keep({ verifier }),
    codeVerifier: () => kept().verifier ?? '',
    discoveryState: () => kept().discovery,
    saveDiscoveryState: (discovery) => keep({ discovery }),
    invalidateCredentials: (scope) => {
      if (scope === 'all' || scope === 'client') keep({ client: undefined })
      if (scope === 'all' || scope === 'tokens') keep({ tokens: undefined })
    },
  })
  const refused = (error: unknown): Fault =>
    error instanceof Fault
      ? error
      : new Fault(
          'unprocessable',
          `${config.name} could not be authorized: ${String(error instanceof Error ? error.message : error).slice(0, 500)}`,
          undefined,
          {
            cause: error,
          },
        )

  async function renew(lib: McpLibrary): Promise<void> {
    const { tokens, client, discovery } = kept()
    if (tokens?.refresh_token === undefined || client === undefined || discovery === undefined) throw new lib.UnauthorizedError()
    const { authorizationServerMetadata: metadata, resourceMetadata } = discovery
    // A server that names another issuer now is not given what another one granted.
    const issuer = metadata?.issuer ?? discovery.authorizationServerUrl
    if ([tokens, client].some((each) => each.issuer !== undefined && each.issuer !== issuer)) throw new lib.UnauthorizedError()
    try {
      const fresh = await lib.refreshAuthorization(discovery.authorizationServerUrl, {
        clientInformation: client,
        refreshToken: tokens.refresh_token,
        fetchFn: fetchBy(discovery),
        ...(metadata === undefined ? {} : { metadata }),
        ...(resourceMetadata === undefined ? {} : { resource: new URL(resourceMetadata.resource) }),
      })
      keep({ tokens: { ...tokens, ...fresh } })
    } catch (error) {
      if (!(lib.OAuthError.isInstance(error) && dead.has(error.code))) throw error
      keep({ tokens: undefined })
      throw new lib.UnauthorizedError()
    }
  }
  return {
    provider: (lib) => ({
      token: async () => kept().tokens?.access_token,
      async onUnauthorized({ response }) {
        const { resourceMetadataUrl, scope } = lib.extractWWWAuthenticateParams(response)
        challenge = { resourceMetadataUrl, scope }
        // Calls that are refused at the same time share one renewal: refresh tokens are often good for one use.
        renewing ??= renew(lib).finally(() => (renewing = null))
        await renewing
      },
    }),
    needsScope(scope) {
      challenge = { ...challenge, scope: [kept().tokens?.scope, scope].filter(Boolean).join(' ') || undefined }
    },
    wanted: () => challenge !== null || kept().tokens !== undefined,
    async begin() {
      const redirectUrl = ports.redirectUrl()
      if (redirectUrl === null)
        throw new Fault('unavailable', 'Authorizing needs a web address that the browser can come back to, and Steward serves no HTTP now.')
      try {
        const lib = await load()
        const discovery = await discover(lib)
        const state = randomBytes(32).toString('base64url')
        const before = kept()
        // A client is registered with its address; another address needs another client.
        keep({ discovery, state, verifier: undefined, redirectUrl, client: before.redirectUrl === redirectUrl ? before.client : undefined })
        let address: URL | undefined
        const provider = providerFor(redirectUrl, state, (url) => (address = url))
        const scope = challenge?.scope
        await lib.auth(provider, {
          serverUrl: own,
          fetchFn: fetchBy(discovery),
          forceReauthorization: true,
          ...(scope === undefined ? {} : { scope }),
        })
        if (!address || !['https:', 'http:'].includes(address.protocol)) throw new Error('it gave no web address to authorize at')
        return address.href
      } catch (error) {
        throw refused(error)
      }
    },
    async finish(code, state, iss) {
      const { state: expected, discovery, redirectUrl } = kept()
      if (expected === undefined || discovery === undefined || redirectUrl === undefined || !same(state, expected))
        throw new Fault('unprocessable', `This answer does not belong to an authorization of ${config.name} that is under way. Begin it anew.`)
      keep({ state: undefined })
      try {
        const lib = await load()
        const provider = providerFor(redirectUrl, '', () => undefined)
        const options = { serverUrl: own, authorizationCode: code, fetchFn: fetchBy(discovery), ...(iss === undefined ? {} : { iss }) }
        await lib.auth(provider, options)
        challenge = null
      } catch (error) {
        throw refused(error)
      } finally {
        keep({ verifier: undefined })
      }
    },
  }
}
function same(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)]
  return left.length === right.length && timingSafeEqual(left, right)
}
