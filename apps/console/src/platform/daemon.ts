import type { Answer, Sent } from '@steward/contract'
import type { OperationName, Operations } from '@steward/contract/daemon'
import { createWebSocketSender, type Bytes, type ConnectionState, type SendOptions } from '@steward/client'

/** Answers and inputs of operations, for whoever names their types. */
export type AnswerOf<N extends OperationName> = Answer<Operations[N]>
export type InputOf<N extends OperationName> = Sent<Operations[N]>

let connection: ConnectionState = { connected: true }
const watchers = new Set<() => void>()
const sender = createWebSocketSender({
  url: location.origin,
  watch(state) {
    connection = state
    for (const watcher of watchers) watcher()
  },
})
/** Makes a call; throws Fault. A write that carries no key gets one, so that it is done once whatever happens to the connection. */
export const call = <N extends OperationName>(name: N, input: InputOf<N>, options?: SendOptions): Promise<AnswerOf<N>> =>
  sender.call(name, input, options) as Promise<AnswerOf<N>>
/** Makes a call with bytes behind it; throws Fault. */
export const upload = <N extends OperationName>(name: N, input: InputOf<N>, bytes: Bytes, options?: SendOptions): Promise<AnswerOf<N>> =>
  sender.upload(name, input, bytes, options) as Promise<AnswerOf<N>>
/** Everything that happens in the daemon from now on, its passing signals too; goes on by itself after a cut. */
export const everything = (signal: AbortSignal) => sender.events({}, signal)
/** How the connection does. */
export const connectionState = (): ConnectionState => connection
/** Calls `watcher` when the connection has come or gone; answers how to stop. */
export function watchConnection(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => void watchers.delete(watcher)
}
