/** What a caller gets: the target's sealed answer, or why there is none. */
export type RpcAck = { readonly ok: true; readonly result: string } | { readonly ok: false; readonly error: string }
/** What a target is asked. */
export interface RpcRequest {
  readonly method: string
  /** Sealed. */
  readonly params: string
  /** Where the call can be cancelled: under this name the target hears of it. No two calls have the same. */
  readonly callId?: string
}
/** What nodes tell each other of RPC. A method's key is that of `keyOf`. */
export interface RpcTopics {
  /** These methods have just been registered. */
  rpcHere: { readonly keys: readonly string[] }
  /** A machine or session has connected or gone. */
  rpcSeen: { readonly scope: string; readonly isHere: boolean }
  rpcAsk: RpcRequest & { readonly id: number; readonly accountId: string; readonly forMs: number }
  /** No `ack`: nobody serves it here. */
  rpcAnswer: { readonly id: number; readonly ack?: RpcAck }
  rpcCancel: { readonly id: number }
}
export const keyOf = (accountId: string, method: string): string => `${accountId} ${method}`
export const failed = (error: string): RpcAck => ({ ok: false, error })
// The existing clients know these words.
export const unavailable = 'RPC method not available'
export const timedOut = 'operation has timed out'
export const overrun = 'The RPC target does not keep up with what it is sent; call again in a moment.'
export const disconnected = 'RPC target disconnected'
