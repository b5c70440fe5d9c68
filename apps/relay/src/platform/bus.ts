/**
 * Hints between the nodes of a relay: what is lost is found again in the change log, so nothing here waits, retries or fails a caller.
 * `S` maps a topic to its payload; payloads can be cloned structurally and may hold Uint8Array. A payload is shared by its readers: none may change it.
 */
export interface Bus<S extends object> {
  /** The id of this node. */
  readonly node: string
  /** Whether there can be other nodes. */
  readonly clustered: boolean
  /** Tells the other nodes, in the order of the calls. This node's own readers are not told: the caller has told them itself. Never throws, never blocks. */
  publish<T extends keyof S & string>(topic: T, payload: S[T]): void
  /** Tells one node, in the order of the calls; this node itself by way of a microtask. A node that is not there hears nothing. Never throws, never blocks. */
  send<T extends keyof S & string>(node: string, topic: T, payload: S[T]): void
  /** Reads a topic until the returned function is called. `from`: the node that told. What a handler throws is reported. */
  on<T extends keyof S & string>(topic: T, handler: (payload: S[T], from: string) => void): () => void
  /** Rings when hints may have been lost, once the way to the other nodes is open again; until the returned function is called. */
  onReconnect(handler: () => void): () => void
  connected(): boolean
  /** How many hints were not sent since the start, because the way was shut or full. */
  dropped(): number
  close(): Promise<void>
}

/** The readers of a node, by topic. What one of them throws is reported and keeps nothing from the others. */
export function createReaders<S extends object>(report: (error: unknown) => void) {
  const byTopic = new Map<string, Set<(payload: never, from: string) => void>>()
  const reconnected = new Set<() => void>()
  const attempt = (read: () => void): void => {
    try {
      read()
    } catch (error) {
      report(error)
    }
  }
  return {
    on<T extends keyof S & string>(topic: T, handler: (payload: S[T], from: string) => void): () => void {
      const readers = byTopic.get(topic) ?? new Set()
      byTopic.set(topic, readers)
      // A handler of its own for each call, so that the same function may read twice.
      const reader = (payload: S[T], from: string) => handler(payload, from)
      readers.add(reader)
      return () => {
        readers.delete(reader)
        if (readers.size === 0 && byTopic.get(topic) === readers) byTopic.delete(topic)
      }
    },
    onReconnect(handler: () => void): () => void {
      const reader = () => handler()
      reconnected.add(reader)
      return () => void reconnected.delete(reader)
    },
    hears: (topic: string): boolean => byTopic.has(topic),
    /** Hands a payload to the readers of its topic. That the payload is the topic's own is for the caller to know. */
    deliver(topic: string, payload: unknown, from: string): void {
      for (const read of byTopic.get(topic) ?? []) attempt(() => read(payload as never, from))
    },
    ringReconnected(): void {
      for (const ring of reconnected) attempt(ring)
    },
  }
}
