import { createReaders, type Bus } from './bus.ts'

/** The bus of a relay that is one node: there is nobody else to tell, and what is sent to the node itself arrives by way of a microtask. */
export function createLocalBus<S extends object>({ node, report }: { node: string; report: (error: unknown) => void }): Bus<S> {
  const { on, onReconnect, deliver } = createReaders<S>(report)
  return {
    node,
    clustered: false,
    publish: () => undefined,
    send(to, topic, payload) {
      if (to === node) queueMicrotask(() => deliver(topic, payload, node))
    },
    on,
    onReconnect,
    connected: () => true,
    dropped: () => 0,
    close: async () => undefined,
  }
}
