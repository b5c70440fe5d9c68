import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Contract, Method } from '@steward/contract'
import type { Call } from '../call.ts'
import type { Caller, Identifier } from '../caller.ts'
import type { OpenFeed } from '../feed.ts'
import type { Gate } from './gate.ts'

/** A route that serves events. `{sessionId}` in its path is the only name a path may have. */
export interface StreamRoute {
  readonly path: `/v1/${string}`
  readonly summary: string
}
/** A request to a raw route: who sends it is known, and its JSON body is read. */
export interface RawExchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly body: unknown
  readonly caller: Caller
}
/**
 * A path at which another protocol is spoken, behind the same checks as every route. A cookie counts there only from our own page, whatever the
 * method. `serve` answers on the response itself; what it throws before its first byte is answered as a fault.
 */
export interface RawRoute {
  readonly path: `/${string}`
  readonly methods: readonly Method[]
  /** The door that its callers came through. */
  readonly door: string
  serve(exchange: RawExchange): Promise<void>
}
/** A request to an open route, its body as it came. */
export interface OpenRequest {
  /** The one name in the path. */
  readonly id: string
  readonly headers: IncomingMessage['headers']
  readonly body: Uint8Array
  /** Network address, for limiting failures. */
  readonly address: string | undefined
}
/**
 * A route that asks for no credential: what comes there proves itself, such as a signed webhook. `{id}` is the one name in its path. What `serve` throws
 * is answered as a fault.
 */
export interface OpenRoute {
  readonly path: `/v1/${string}/{id}`
  readonly method: Method
  /** Bytes of a body, at most. */
  readonly maxBytes: number
  serve(request: OpenRequest): Promise<{ readonly status: number; readonly body: unknown }>
}
/** What every door works with. */
export interface DoorOptions {
  readonly contract: Contract
  readonly call: Call
  readonly feed: OpenFeed
  readonly authenticator: Identifier
  /** Hears of what is nobody's fault but ours, with the id of the request. */
  report(error: unknown, requestId: string): void
  /** Bytes of an upload, at most. */
  maxUploadBytes(): number
  /** A reader of a stream that takes nothing for so long is dropped; 30,000 unless said. */
  readonly stallLimitMs?: number
}
export interface HttpOptions extends DoorOptions, Gate {
  readonly version: string
  /** Bytes of a body that is not an upload, at most. */
  maxBodyBytes(): number
  ready(): Promise<Readiness>
  /** What a live server says of itself beside that it lives. */
  health?(): Readonly<Record<string, string | number>>
  /** Told of every request when its answer has gone, or its client. */
  answered?(one: Answered): void
  /** Exchanges a one-time code for a session cookie's value. Throws Fault `unauthenticated` or `too_many`. */
  login?(code: string, from: LoginFrom): Login | Promise<Login>
  /** Folder of the built console; without it `/` says that there is none. */
  readonly staticRoot?: string
  readonly streams: readonly StreamRoute[]
  readonly raw?: readonly RawRoute[]
  readonly open?: readonly OpenRoute[]
  /** Other names of paths: `{'/plan': '/v1/plan'}` serves `/plan` and all below it. */
  readonly aliases?: Readonly<Record<string, string>>
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer }
  /** A comment keeps idle event streams alive so often; 15,000 unless said. */
  readonly heartbeatMs?: number
}
export interface Readiness {
  readonly ok: boolean
  readonly checks: Readonly<Record<string, boolean | string>>
}
/** One request and how it was answered; the path is without its query, which may carry what is nobody's business. */
export interface Answered {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly ms: number
  readonly requestId: string
}
export interface Login {
  readonly cookie: string
  readonly maxAgeSeconds: number
}
/** From where a browser logs in, and what it calls itself (its User-Agent, cut to 300 characters). */
export interface LoginFrom {
  readonly address?: string
  readonly client?: string
}
export const maxClient = 300
export const loginFrom = (address: string | undefined, client: string | undefined): LoginFrom => ({
  ...(address ? { address } : {}),
  ...(client ? { client: client.slice(0, maxClient) } : {}),
})
