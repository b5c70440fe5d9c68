import { randomUUID } from 'node:crypto'
import { Fault, type Contract, type StreamItem } from '@steward/contract'
import { operations } from '@steward/contract/daemon'
import { patience, type Patience } from '../back-off.ts'
import { followFrames } from '../frame-events.ts'
import { createLink, faultIn, type Link } from '../frame-link.ts'
import { senderOver } from '../frame-sender.ts'
import { oneAnswer } from '../one-answer.ts'
import type { Follow, Sender } from '../sender.ts'
import { ipcLines, type IpcLine, type IpcPlace } from './ipc-line.ts'

/** Whom a frame is for: its credential, which the daemon judges, and how it came to us. */
export interface Behalf {
  readonly as: string | { readonly cookie: string }
  readonly via: { readonly door: string; readonly address?: string; readonly instanceId?: string; readonly requestId?: string }
}
/** Who holds a credential. */
export interface Identity {
  readonly id: string
  readonly kind: 'owner' | 'token' | 'channel' | 'task' | 'agent'
  readonly scopes: readonly string[]
}
/** A request to an open route, its body as it came. */
export interface OpenedRequest {
  readonly id: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Uint8Array
  readonly address: string | undefined
}
export interface DelegateOptions {
  /** Where the daemon is, and the gateway's key; asked before each connection. What it throws is a failed try. */
  find(): IpcPlace
  readonly contract?: Contract
  readonly pace?: Partial<Patience>
}
/** A connection takes so many things at a time (the daemon's limit is 1,000); with more there is another one. */
const mostPerLink = 800
const refusal = (answer: { readonly ok?: unknown; readonly fault?: unknown; readonly id: number }) =>
  faultIn(answer) ?? new Fault('internal', 'The daemon ended this without a word.')

/**
 * Speaks to a daemon for others. It has no rights of its own: each call and stream carries the credential of the one it is for. Its verbs throw
 * Fault. A daemon that is away is `unavailable` once patience is over; what has been opened goes on when it is back.
 */
export function createDelegate({ find, contract = operations, pace }: DelegateOptions) {
  const instanceId = randomUUID()
  const features = ['bytes', 'delegated']
  const steady = { ...patience, ...pace }
  const links: Link[] = []
  const link = (): Link => {
    const free = links.find(({ busy }) => busy < mostPerLink)
    if (free) return free
    const made = createLink(ipcLines(find, { instanceId, features }), steady)
    links.push(made)
    return made
  }
  const ask = (frame: object, again: boolean) =>
    oneAnswer(undefined, (settle, fail) =>
      link().add({ start: (send) => send({ ...frame }), receive: settle, fail, again: () => again, patient: () => false }),
    )
  return {
    /** Whether the daemon answers now, as far as is known. */
    connected: (): boolean => links.some((one) => one.connected),
    /** Calls and bytes for somebody; `extra` are more fields of its frames. */
    sender: (behalf: Behalf, extra: object = {}): Pick<Sender, 'call' | 'upload' | 'download'> =>
      senderOver(link(), { contract, extra: { ...behalf, ...extra } }),
    /** A stream for somebody. Resolves when the daemon has opened it; it goes on after a restart of the daemon. */
    async events(behalf: Behalf, follow: Follow, signal: AbortSignal): Promise<AsyncIterable<StreamItem>> {
      const { promise: isOpen, resolve: opened } = Promise.withResolvers<void>()
      const items = followFrames(link(), follow, { extra: behalf, opened }, signal)
      const first = items.next()
      // Whoever never reads it is not told either.
      first.catch(() => undefined)
      await Promise.race([isOpen, first])
      return following(first, items)
    },
    /** Asks who holds a credential. `over` is called once when that has ended; `leave` stops looking. */
    identify(behalf: Behalf, over: () => void): Promise<{ readonly identity: Identity; leave(): void }> {
      return new Promise((resolve, reject) => {
        let known = false
        const settle = (fault: Fault) => (known ? over() : reject(fault))
        const running = link().add({
          start: (send) => send({ delegate: 'identify', ...behalf }),
          receive(answer) {
            if (answer['caller'] === undefined) {
              running.end()
              return settle(refusal(answer))
            }
            known = true
            const leave = () => {
              running.send({ cancel: true })
              running.end()
            }
            resolve({ identity: answer['caller'] as Identity, leave })
          },
          fail: settle,
          again: () => true,
          patient: () => known,
        })
      })
    },
    /** Exchanges the code of a login address for a cookie. */
    login: (code: string, from: { readonly address?: string; readonly client?: string }) =>
      ask({ delegate: 'login', code, via: { door: 'http', ...from } }, false) as Promise<{
        cookie: string
        maxAgeSeconds: number
      }>,
    /** Carries a request to an open route, which proves itself. */
    open: (path: string, { id, headers, body, address }: OpenedRequest) =>
      ask(
        {
          delegate: 'open',
          open: { path, id, headers, body: Buffer.from(body).toString('base64') },
          via: { door: 'http', ...(address === undefined ? {} : { address }) },
        },
        false,
      ) as Promise<{ status: number; body: unknown }>,
    ready: () => ask({ delegate: 'ready' }, true) as Promise<{ ok: boolean; checks: Record<string, boolean | string> }>,
    /** Hears the terms of serving: at once, at each change, and anew (`fresh`) after each new connection. `refused` hears why there are none. */
    terms(heard: (terms: unknown, fresh: boolean) => void, refused: (fault: Fault) => void): void {
      let fresh = true
      const running = link().add({
        start(send) {
          fresh = true
          send({ delegate: 'terms' })
        },
        receive(answer) {
          if (answer['terms'] === undefined) {
            running.end()
            return refused(refusal(answer))
          }
          heard(answer['terms'], fresh)
          fresh = false
        },
        fail: refused,
        again: () => true,
        patient: () => true,
      })
    },
    /** Carries a WebSocket for somebody on a connection of its own. A frame `{"id":0,"close":…}` says how the daemon ends it. */
    carry: (path: string, behalf: Behalf, receive: (frame: string) => void, signal: AbortSignal): Promise<IpcLine> =>
      ipcLines(find, { instanceId, features: [...features, 'carrying'], carries: { path, ...behalf } })(receive, signal),
    async close(): Promise<void> {
      await Promise.all(links.map((one) => one.close()))
    },
  }
}
export type Delegate = ReturnType<typeof createDelegate>

async function* following(first: Promise<IteratorResult<StreamItem>>, items: AsyncGenerator<StreamItem>): AsyncGenerator<StreamItem> {
  try {
    const item = await first
    if (item.done) return
    yield item.value
    yield* items
  } finally {
    await items.return(undefined)
  }
}
