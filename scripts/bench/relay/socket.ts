import { openWebSocket, type WebSocketEnd } from './websocket.ts'

/** An event of the server: its name, a function that reads its arguments, and one that acknowledges it. */
export type Hear = (event: string, read: () => unknown[], acknowledge: (value: unknown) => void) => void
export interface LoadSocket {
  /** Hears events from now on, in place of whoever heard them before. */
  hear(hear: Hear): void
  /** Hears events with one attachment of bytes. */
  hearBytes(hear: (event: string, fields: unknown, bytes: Buffer) => void): void
  emit(event: string, payload: unknown): void
  /** Emits fields with bytes under `data` of them. */
  emitBytes(event: string, fields: Readonly<Record<string, unknown>>, data: Uint8Array): void
  /** Emits and resolves with the acknowledgement. */
  call<T>(event: string, payload: unknown): Promise<T>
  close(): void
}
/** Who a socket says it is; `from` is the address of this machine that it comes from. */
export interface SocketOptions {
  readonly token: string
  readonly from?: string
  readonly handshake?: Readonly<Record<string, unknown>>
}
const connectLimitMs = 60_000

/**
 * A socket of the existing clients' protocol, Socket.IO 4 at `/v1/updates`, written down to what a load generator needs: text is only parsed where somebody reads it.
 * Resolves when it is logged in; throws with the server's words when it is refused. A connection that is lost later throws out of `call`.
 */
export async function openSocket(url: string, { token, from, handshake = {} }: SocketOptions): Promise<LoadSocket> {
  const waiting = new Map<number, { done(value: unknown): void; fail(error: Error): void }>()
  let next = 0
  let hear: Hear = () => undefined
  let hearBytes: (event: string, fields: unknown, bytes: Buffer) => void = () => undefined
  let bound: unknown[] | undefined
  const entered = Promise.withResolvers<void>()
  const wire: WebSocketEnd = await openWebSocket(new URL('/v1/updates/?EIO=4&transport=websocket', url), {
    ...(from === undefined ? {} : { from }),
    message(data, isText, end) {
      if (!isText) {
        const [event, fields] = bound ?? []
        bound = undefined
        return hearBytes(String(event), fields, data)
      }
      const kind = data.toString('latin1', 0, 2)
      if (kind === '42') return heard(data)
      if (kind === '43') return answered(data.toString())
      if (kind === '45') return void (bound = JSON.parse(data.toString('utf8', data.indexOf('['))) as unknown[])
      if (kind[0] === '2') return end.send('3')
      if (kind[0] === '0') return end.send(`40${JSON.stringify({ token, ...handshake })}`)
      if (kind === '40') return entered.resolve()
      if (kind === '44') entered.reject(new Error(`The socket was refused: ${data.toString().slice(2)}`))
    },
    closed(why) {
      const lost = new Error(`A socket was lost: ${why}.`)
      entered.reject(lost)
      for (const { fail } of waiting.values()) fail(lost)
      waiting.clear()
    },
  })
  const heard = (data: Buffer) => {
    const begin = data.indexOf('[')
    const id = begin > 2 ? data.toString('latin1', 2, begin) : undefined
    const name = data.toString('latin1', begin + 2, data.indexOf('"', begin + 2))
    hear(
      name,
      () => (JSON.parse(data.toString('utf8', begin)) as unknown[]).slice(1),
      (value) => id !== undefined && wire.send(`43${id}${JSON.stringify([value])}`),
    )
  }
  const answered = (text: string) => {
    const begin = text.indexOf('[')
    const id = Number(text.slice(2, begin))
    waiting.get(id)?.done((JSON.parse(text.slice(begin)) as unknown[])[0])
    waiting.delete(id)
  }
  const late = setTimeout(() => entered.reject(new Error(`A socket was not taken within ${connectLimitMs / 1000} s.`)), connectLimitMs)
  await entered.promise.finally(() => clearTimeout(late))
  return {
    hear: (given) => void (hear = given),
    hearBytes: (given) => void (hearBytes = given),
    emit: (event, payload) => wire.send(`42${JSON.stringify([event, payload])}`),
    emitBytes(event, fields, data) {
      wire.send(`451-${JSON.stringify([event, { ...fields, data: { _placeholder: true, num: 0 } }])}`)
      wire.send(data)
    },
    call: <T>(event: string, payload: unknown) =>
      new Promise<T>((done, fail) => {
        const id = next++
        waiting.set(id, { done: done as (value: unknown) => void, fail })
        wire.send(`42${id}${JSON.stringify([event, payload])}`)
      }),
    close: () => wire.close(),
  }
}
