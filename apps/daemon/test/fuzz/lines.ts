import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { protocol } from '@steward/contract/daemon'

export interface Reached {
  readonly url: string
  readonly token: string
  readonly socket: string
}
/** A connection that carries frames, as bare as can be. */
export interface Line {
  send(bytes: Buffer): void
  /** The next whole frame; null when the connection has ended. */
  next(): Promise<string | null>
  close(): void
}
/** What comes in, one at a time, to whoever waits for it. */
function inbox() {
  const waiting: (string | null)[] = []
  let wake: (() => void) | undefined
  return {
    put(frame: string | null) {
      waiting.push(frame)
      wake?.()
    },
    async next(): Promise<string | null> {
      while (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve))
      return waiting.shift() ?? null
    },
  }
}
const doors: Readonly<Record<'ipc' | 'ws', (daemon: Reached) => Promise<Line>>> = {
  async ipc({ socket: at, token }) {
    const socket = connect(at)
    const { put, next } = inbox()
    let rest = ''
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) put(line)
    })
    socket.on('error', () => undefined).on('close', () => put(null))
    const { hello } = JSON.parse((await next()) ?? '{}') as { hello: { nonce: string } }
    socket.write(
      `${JSON.stringify({ hello: { protocol, features: [], instanceId: 'fuzz', proof: createHmac('sha256', token).update(hello.nonce).digest('base64url') } })}\n`,
    )
    return { send: (bytes) => void socket.write(Buffer.concat([bytes, Buffer.from('\n')])), next, close: () => socket.destroy() }
  },
  async ws({ url, token }) {
    const peer = new WebSocket(`${url.replace('http', 'ws')}/v1/ws`, ['steward.v1', `bearer.${token}`])
    const { put, next } = inbox()
    peer.addEventListener('message', ({ data }) => put(String(data)))
    peer.addEventListener('close', () => put(null))
    await once(peer, 'open')
    return { send: (bytes) => peer.send(bytes.toString('utf8')), next, close: () => peer.close() }
  },
}
/** Opens one and greets. */
export const openLine = (door: 'ipc' | 'ws', daemon: Reached): Promise<Line> => doors[door](daemon)
