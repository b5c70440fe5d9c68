import type { Bus } from './bus.ts'

/** What nodes say of themselves. */
export interface NodeTopics {
  here: { readonly leaving: boolean }
}
/** Which nodes of the relay are there, as far as this one hears. */
export interface Nodes {
  /** True for a while after the start for nodes that have not been heard yet. */
  isThere(node: string): boolean
  /** This node and the others, in no order. */
  all(): readonly string[]
  /** Rings for a node that has left or fallen silent. */
  onGone(handler: (node: string) => void): void
  /** Rings for a node that is new, or heard again. */
  onCome(handler: (node: string) => void): void
  /** Says goodbye, and nothing more. */
  leave(): void
}
/** A node that says nothing for `silentMs` is gone, and so is every node while Redis is. */
const usual = { sayEveryMs: 2_000, silentMs: 7_000 }

/** Each node says every 2 s that it is there; one that is killed is missed after 7 s. A node alone neither says nor hears anything. */
export function createNodes(bus: Bus<NodeTopics>, { sayEveryMs, silentMs } = usual): Nodes {
  const heard = new Map<string, number>()
  const gone: ((node: string) => void)[] = []
  const come: ((node: string) => void)[] = []
  const startedAt = performance.now()
  const drop = (node: string) => {
    if (heard.delete(node)) for (const ring of gone) ring(node)
  }
  let clock: NodeJS.Timeout | undefined
  const say = () => {
    if (clock !== undefined) bus.publish('here', { leaving: false })
  }
  if (bus.clustered) {
    bus.on('here', ({ leaving }, from) => {
      if (leaving) return drop(from)
      const isNew = !heard.has(from)
      heard.set(from, performance.now())
      if (!isNew || clock === undefined) return
      // So that a node that has just begun knows the others at once.
      bus.send(from, 'here', { leaving: false })
      for (const ring of come) ring(from)
    })
    bus.onReconnect(say)
    clock = setInterval(() => {
      say()
      for (const [node, at] of heard) if (performance.now() - at > silentMs) drop(node)
    }, sayEveryMs).unref()
    say()
  }
  return {
    isThere: (node) => node === bus.node || heard.has(node) || performance.now() - startedAt < silentMs,
    all: () => [bus.node, ...heard.keys()],
    onGone: (handler) => void gone.push(handler),
    onCome: (handler) => void come.push(handler),
    leave() {
      clearInterval(clock)
      clock = undefined
      if (bus.clustered) bus.publish('here', { leaving: true })
    },
  }
}
