import type { OAuthDiscoveryState, StoredOAuthClientInformation, StoredOAuthTokens } from '@modelcontextprotocol/client'
import type { Json } from '../../engine/types.ts'
import type { Tool } from '../../tools/tool.ts'
import type { PipedChild } from '../processes/child.ts'
import type { AttachRequest } from '../processes/processes.ts'

export type McpServer =
  | {
      readonly kind: 'stdio'
      readonly command: string
      readonly args: readonly string[]
      readonly env: Readonly<Record<string, string>>
      readonly cwd: string
      /** Folders that it may write to in the sandbox, its workspace among them. */
      readonly writable: readonly string[]
      readonly sandbox: boolean
    }
  | { readonly kind: 'http'; readonly url: string; readonly headers: Readonly<Record<string, string>> }
export interface McpAppConfig {
  readonly id: string
  readonly name: string
  readonly server: McpServer
  /** Believe the server's own hints on what a tool does, and run the patterns in its schemas. */
  readonly trusted: boolean
  /** For one call, from its beginning to its answer; progress does not extend it. */
  readonly timeoutMs: number
}
/** What is kept of the authorization of one app. Plain JSON, and secret: whoever stores it seals it. */
export interface OAuthState {
  readonly client?: StoredOAuthClientInformation | undefined
  readonly tokens?: StoredOAuthTokens | undefined
  readonly discovery?: OAuthDiscoveryState | undefined
  /** Where the browser comes back to, as the client was registered. */
  readonly redirectUrl?: string | undefined
  /** Of the authorization that is under way: the PKCE verifier (RFC 7636) and the state that the answer must carry. */
  readonly verifier?: string | undefined
  readonly state?: string | undefined
}
export type JsonSchema = { readonly [key: string]: Json }
/** Makes a check by a JSON Schema: it gives what does not fit. May throw for a schema that is none. It may write on the schema it is given. */
export type SchemaCheck = (schema: JsonSchema) => (value: unknown) => readonly { readonly path: string; readonly message: string }[]

export interface McpPorts {
  /** Steward's own version, told to servers. */
  readonly version: string
  readonly schemaCheck: SchemaCheck
  /** Starts the server's child, in the sandbox or without. */
  spawn(request: AttachRequest, sandbox: boolean): Promise<PipedChild>
  readonly tokens: { load(appId: string): OAuthState | undefined; save(appId: string, state: OAuthState): void }
  /** Where the browser comes back to after an authorization; null while no HTTP is served. */
  redirectUrl(): string | null
  /** Rules that lift the ban on private addresses, beside that for the server's own host, see createAddressGuard. */
  allowAddresses(): readonly string[]
  /** The tools or the state changed. */
  changed(appId: string): void
  report(error: unknown, about: object): void
  /** What the server says on stderr, line by line, bounded. */
  log(line: { readonly appId: string; readonly text: string }): void
}
export type McpState = 'starting' | 'ready' | 'failed' | 'needs_authorization' | 'stopped'
export interface McpConnection {
  readonly id: string
  state(): { readonly state: McpState; readonly message: string | null }
  /** Those that the server told of last; they stay while it is started again. The same array as long as nothing changes. */
  tools(): readonly Tool[]
  /** Resolves when it is ready, failed for now, waits for authorization or is stopped. */
  settled(): Promise<void>
  /** Ends it and starts it anew, without delay. Resolves when it has settled. */
  restart(): Promise<void>
  /** Begins OAuth; gives the address to open in a browser. Throws Fault `unprocessable` where the server asks for none, `unavailable` while no HTTP is served. */
  authorize(): Promise<string>
  /** Takes what the browser brought back, and connects. `iss` as in RFC 9207, where it was there. Throws Fault `unprocessable`. */
  authorized(code: string, state: string, iss?: string): Promise<void>
  /** Within 2 s its children are gone. Nothing starts afterwards. */
  close(): Promise<void>
}
/** Times of a connection, in milliseconds. */
export interface McpLimits {
  /** For connecting, `initialize` and the first list of tools together, each. */
  readonly startMs: number
  readonly pingEveryMs: number
  readonly pingMs: number
  readonly firstBackoffMs: number
  readonly longestBackoffMs: number
  /** After so long a life the back-off begins anew. */
  readonly healthyMs: number
}
export const mcpLimits: McpLimits = {
  startMs: 30_000,
  pingEveryMs: 30_000,
  pingMs: 10_000,
  firstBackoffMs: 500,
  longestBackoffMs: 30_000,
  healthyMs: 60_000,
}
