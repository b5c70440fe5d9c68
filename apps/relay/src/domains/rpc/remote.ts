import type { Bus } from '../../platform/bus.ts'
import type { Nodes } from '../../platform/nodes.ts'
import type { Registry } from './registry.ts'
import type { Targets } from './targets.ts'
import { disconnected, failed, timedOut, type RpcAck, type RpcRequest, type RpcTopics } from './topics.ts'

export interface RemotePorts {
  readonly bus: Bus<RpcTopics>
  readonly nodes: Nodes
  readonly registry: Registry
  readonly targets: Targets
}
interface Pending {
  readonly node: string
  /** No `ack`: nobody serves it there. */
  done(ack?: RpcAck): void
}
/** Questions to sockets of other nodes, and those of other nodes to sockets of this one. */
export function createRemote({ bus, nodes, registry, targets }: RemotePorts) {
  const pending = new Map<number, Pending>()
  const served = new Map<string, () => void>()
  let last = 0
  return {
    /** Asks a node; `done` is called once, without an answer where nobody serves the method there, unless the returned function cancels the question first. */
    ask(node: string, accountId: string, request: RpcRequest, forMs: number, done: (ack?: RpcAck) => void): () => void {
      const id = ++last
      const cancel = () => {
        clearTimeout(clock)
        if (pending.delete(id)) bus.send(node, 'rpcCancel', { id })
      }
      const clock = setTimeout(
        () => {
          cancel()
          done(failed(timedOut))
        },
        Math.max(1, forMs),
      )
      pending.set(id, {
        node,
        done(ack) {
          clearTimeout(clock)
          pending.delete(id)
          done(ack)
        },
      })
      bus.send(node, 'rpcAsk', { ...request, id, accountId, forMs })
      return cancel
    },
    start() {
      bus.on('rpcAsk', ({ id, accountId, forMs, ...request }, from) => {
        const target = registry.here(accountId, request.method)
        if (target === undefined) return bus.send(from, 'rpcAnswer', { id })
        const key = `${from} ${id}`
        served.set(
          key,
          targets.ask(target, request, forMs, (ack) => {
            served.delete(key)
            bus.send(from, 'rpcAnswer', { id, ack })
          }),
        )
      })
      bus.on('rpcAnswer', ({ id, ack }) => pending.get(id)?.done(ack))
      bus.on('rpcCancel', ({ id }, from) => {
        const key = `${from} ${id}`
        served.get(key)?.()
        served.delete(key)
      })
      nodes.onGone((node) => {
        for (const one of pending.values()) if (one.node === node) one.done(failed(disconnected))
      })
    },
  }
}
export type Remote = ReturnType<typeof createRemote>
