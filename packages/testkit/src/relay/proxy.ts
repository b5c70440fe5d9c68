import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'
import { carry } from './proxy-lane.ts'
import type { Weather } from './proxy-lane.ts'

export interface Proxy extends AsyncDisposable {
  readonly port: number
  /** The target's URL with the proxy's port. */
  readonly url: string
  /** Pairs of connections that are open now. */
  connections(): number
  /** Resets every connection at once, both sides; new ones are taken. */
  cutAll(): void
  /** From now on every chunk is under way for `ms` and up to `jitterMs` more, each way; the order stays. */
  setDelay(ms: number, jitterMs?: number): void
  /** From now on each chunk is lost with this probability, upon which its connection is reset: TCP knows no holes. */
  setLoss(probability: number): void
  /** Nothing is carried any more, either way, and nothing is closed, as when a cable is pulled. New connections are taken and hear nothing. */
  stall(): void
  /** Ends a stall. What was held is carried. */
  resume(): void
  /** Resets everything and stops listening. Does nothing the second time. */
  close(): Promise<void>
}

/** A TCP proxy on 127.0.0.1 before `target` (a URL with a host and a port, of any scheme). `random` (0 to below 1) makes a run repeatable. */
export async function startProxy(target: string, options: { random?: () => number } = {}): Promise<Proxy> {
  const { random = Math.random } = options
  const url = new URL(target)
  const now = { delayMs: 0, jitterMs: 0, loss: 0, isStalled: false }
  const weather: Weather = {
    delayMs: () => now.delayMs + random() * now.jitterMs,
    isLost: () => now.loss > 0 && random() < now.loss,
    isStalled: () => now.isStalled,
  }
  const pairs = new Set<{ cut(): void; look(): void }>()

  const join = (near: Socket): void => {
    const far = connect({ host: url.hostname, port: Number(url.port), allowHalfOpen: true })
    const cut = (): void => {
      for (const socket of [near, far]) socket.resetAndDestroy()
    }
    const lanes = [carry(near, far, weather, cut), carry(far, near, weather, cut)]
    const pair = { cut, look: () => lanes.forEach((look) => look()) }
    pairs.add(pair)
    for (const socket of [near, far]) {
      socket.setNoDelay(true)
      socket.on('error', cut)
    }
    let open = 2
    const closed = (): void => {
      open -= 1
      if (open === 0) pairs.delete(pair)
    }
    near.on('close', closed)
    far.on('close', closed)
  }
  const server = createServer({ allowHalfOpen: true }, join)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const setStalled = (isStalled: boolean): void => {
    now.isStalled = isStalled
    for (const pair of pairs) pair.look()
  }
  const cutAll = (): void => {
    for (const pair of pairs) pair.cut()
  }
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      cutAll()
    })
  return {
    port,
    url: target.replace(url.host, `127.0.0.1:${port}`),
    connections: () => pairs.size,
    cutAll,
    setDelay: (delayMs, jitterMs = 0) => void Object.assign(now, { delayMs, jitterMs }),
    setLoss: (loss) => void Object.assign(now, { loss }),
    stall: () => setStalled(true),
    resume: () => setStalled(false),
    close,
    [Symbol.asyncDispose]: close,
  }
}
