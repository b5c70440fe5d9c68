import type { Connection } from '../../connection.ts'
import type { Asking } from '../../platform/asking.ts'
import type { Bus } from '../../platform/bus.ts'
import { isSameHolder, type Directory, type Holder } from '../../platform/directory.ts'
import type { Nodes } from '../../platform/nodes.ts'
import { keyOf, type RpcTopics } from './topics.ts'

export interface RegistryPorts {
  readonly bus: Bus<RpcTopics>
  readonly directory: Directory
  readonly nodes: Nodes
  readonly asking: Asking
  report(error: unknown): void
}
const verifyEveryMs = 30_000
const atOnce = 500
/** A node that has lost a method is heard within so long, or is gone. */
const movedMs = 1_000

/**
 * Who serves which method: the newest registration holds at once, on every node. A node knows its own registrations, so that a call to one of them asks nobody; a newer
 * one elsewhere tells the node that has lost it, and what is lost of that is found by looking every 30 s.
 */
export function createRegistry({ bus, directory, nodes, asking, report }: RegistryPorts) {
  const methods = new Map<string, Connection>()
  const ofSocket = new Map<string, Set<string>>()
  const waiting = new Map<string, Set<() => void>>()
  const holderOf = ({ id }: Connection): Holder => ({ node: bus.node, socket: id })
  const directoryKey = (key: string) => `rpc:${key}`
  const ring = (key: string) => {
    for (const one of waiting.get(key) ?? []) one()
  }
  // What registers in the same moment is told of together: a daemon brings its twenty methods at once.
  let news: string[] = []
  const tell = (key: string) => {
    if (!bus.clustered) return
    if (news.push(key) > 1) return
    setImmediate(() => {
      bus.publish('rpcHere', { keys: news })
      news = []
    })
  }
  /** Lets go of what others hold by now. */
  const verify = async (keys: readonly string[]): Promise<void> => {
    for (let from = 0; from < keys.length; from += atOnce) {
      const some = keys.slice(from, from + atOnce)
      const asked = some.map((key) => methods.get(key))
      const holders = await directory.findMany(some.map(directoryKey))
      some.forEach((key, at) => {
        const mine = asked[at]
        const holder = holders[at]
        if (mine && holder && !isSameHolder(holder, holderOf(mine)) && methods.get(key) === mine) methods.delete(key)
      })
    }
  }
  const verifyAll = () => void verify([...methods.keys()]).catch(report)
  let clock: NodeJS.Timeout | undefined
  return {
    /** Takes a method over; resolves when every node finds it here. */
    async register(connection: Connection, method: string): Promise<void> {
      const key = keyOf(connection.holder.accountId, method)
      methods.set(key, connection)
      ofSocket.set(connection.id, (ofSocket.get(connection.id) ?? new Set()).add(key))
      if (bus.clustered) {
        const before = await directory.claim(directoryKey(key), holderOf(connection))
        // A call that reaches the node that has lost it must not find the old socket any more.
        if (before && before.node !== bus.node) await asking.ask(before.node, 'rpc-moved', key, movedMs).catch(() => undefined)
      }
      ring(key)
      tell(key)
    },
    async unregister(connection: Connection, method: string): Promise<void> {
      const key = keyOf(connection.holder.accountId, method)
      ofSocket.get(connection.id)?.delete(key)
      if (methods.get(key) === connection) methods.delete(key)
      if (bus.clustered) await directory.release(directoryKey(key), holderOf(connection))
    },
    count: ({ id }: Connection): number => ofSocket.get(id)?.size ?? 0,
    /** A socket has gone, and what it served with it. */
    left(connection: Connection): void {
      for (const key of ofSocket.get(connection.id) ?? []) {
        if (methods.get(key) === connection) methods.delete(key)
        if (bus.clustered) void directory.release(directoryKey(key), holderOf(connection))
      }
      ofSocket.delete(connection.id)
    },
    /** The socket of this node that serves a method. */
    here: (accountId: string, method: string): Connection | undefined => methods.get(keyOf(accountId, method)),
    /** Who serves it on another node. */
    async elsewhere(accountId: string, method: string): Promise<Holder | undefined> {
      if (!bus.clustered) return undefined
      const holder = await directory.find(directoryKey(keyOf(accountId, method)))
      return holder?.node === bus.node ? undefined : holder
    },
    /** Rings when a method may have come, anywhere; until the returned function is called. */
    onRegistered(accountId: string, method: string, handler: () => void): () => void {
      const key = keyOf(accountId, method)
      const handlers = waiting.get(key) ?? new Set()
      waiting.set(key, handlers.add(handler))
      return () => {
        handlers.delete(handler)
        if (handlers.size === 0 && waiting.get(key) === handlers) waiting.delete(key)
      }
    },
    start() {
      bus.on('rpcHere', ({ keys }) => keys.forEach(ring))
      asking.on('rpc-moved', (key) => verify([String(key)]))
      bus.onReconnect(verifyAll)
      // A node that can be reached again may have served all along what is waited for.
      nodes.onCome(() => [...waiting.keys()].forEach(ring))
      if (bus.clustered) clock = setInterval(verifyAll, verifyEveryMs).unref()
    },
    stop: () => clearInterval(clock),
  }
}
export type Registry = ReturnType<typeof createRegistry>
