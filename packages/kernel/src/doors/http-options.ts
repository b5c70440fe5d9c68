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
  /** What `/health` says beside `status: 'ok'`. */
  health?(): Record<string, unknown>
  /** Exchanges a one-time code for a session cookie's value. Throws Fault `unauthenticated` or `too_many`. */
  login?(code: string, address: string | undefined): Login | Promise<Login>
  /** Folder of the built console; without it `/` says that there is none. */
  readonly staticRoot?: string
  readonly streams: readonly StreamRoute[]
  readonly raw?: readonly RawRoute[]
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
export interface Login {
  readonly cookie: string
  readonly maxAgeSeconds: number
}
