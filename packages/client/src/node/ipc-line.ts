import { createHmac } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { Fault } from '@steward/contract'
import { protocol } from '@steward/contract/daemon/protocol'
import { faultFrom } from '../faults.ts'
import type { Line } from '../frame-link.ts'

/** Where a daemon listens, and what proves that its client may be there. The secret itself is never sent. */
export interface IpcPlace {
  readonly socket: string
  readonly secret: string
}
export interface IpcHello {
  /** Names this running client to the daemon. */
  readonly instanceId: string
  /** What of the frames is used beyond the plain ones; a daemon that lacks some of it is told so. */
  readonly features: readonly string[]
  /** The WebSocket that the connection carries for somebody else. */
  readonly carries?: object
}
/** A line that its owner may hold back. */
export interface IpcLine extends Line {
  /** False when the daemon is behind: wait for `drained`. */
  send(frame: string): boolean
  drained(): Promise<void>
  pause(): void
  resume(): void
}
const helloLimitMs = 10_000

/** Opens connections to a daemon's socket. `find` is asked before each, so that a daemon that has moved is found. */
export function ipcLines(find: () => IpcPlace, hello: IpcHello) {
  return async (receive: (frame: string) => void, signal: AbortSignal): Promise<IpcLine> => {
    const { socket: path, secret } = find()
    const socket = connect(path)
    let told: Fault | undefined
    const closed = new Promise<Fault | undefined>((resolve) => socket.once('close', () => resolve(told)))
    const cut = () => void socket.destroy()
    signal.addEventListener('abort', cut, { once: true })
    void closed.then(() => signal.removeEventListener('abort', cut))
    let greeted: ((line: string) => void) | undefined
    readLines(socket, (line) => {
      if (greeted) return greeted(line)
      // On a carried socket call 0 is somebody else's.
      const fault = hello.carries === undefined && line.startsWith('{"id":0,') ? (JSON.parse(line) as { fault?: unknown }).fault : undefined
      if (fault === undefined) return receive(line)
      told = faultFrom(fault)
    })
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => socket.destroy(new Error('The daemon did not greet in time.')), helloLimitMs)
      socket.once('error', reject)
      socket.once('close', () => {
        clearTimeout(late)
        reject(told ?? new Error('The daemon closed the connection.'))
      })
      greeted = (line) => {
        clearTimeout(late)
        greeted = undefined
        try {
          const nonce = nonceOf(line, hello.features)
          const proof = createHmac('sha256', secret).update(nonce).digest('base64url')
          socket.write(`${JSON.stringify({ hello: { protocol, proof, ...hello } })}\n`)
          resolve()
        } catch (error) {
          told = error as Fault
          socket.destroy()
        }
      }
    })
    return {
      send: (frame) => socket.write(`${frame}\n`),
      cut,
      closed,
      pause: () => void socket.pause(),
      resume: () => void socket.resume(),
      drained: () => drained(socket),
    }
  }
}
/** Reads the daemon's hello. Throws Fault `unprocessable` where its frames are of another version or lack what is needed, and says who is to be restarted. */
function nonceOf(line: string, needed: readonly string[]): string {
  const { hello } = JSON.parse(line) as { hello: { nonce: string; protocol: number; features: readonly string[] } }
  const lacking = needed.filter((feature) => !hello.features.includes(feature))
  if (hello.protocol === protocol && lacking.length === 0) return hello.nonce
  if (hello.protocol === protocol)
    throw new Fault(
      'unprocessable',
      `The daemon does not offer ${lacking.join(', ')}: restart it in the version of this program (steward stop, then steward start).`,
      {
        lacking,
      },
    )
  const older =
    hello.protocol < protocol ? 'the daemon (steward stop, then steward start)' : 'this program, after bringing it to the version of the daemon'
  throw new Fault('unprocessable', `The daemon speaks protocol ${hello.protocol}, this program ${protocol}: restart ${older}.`, {
    daemon: hello.protocol,
    client: protocol,
  })
}
function readLines(socket: Socket, line: (text: string) => void): void {
  let held: Buffer[] = []
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    let from = 0
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      held.push(chunk.subarray(from, at))
      line(Buffer.concat(held).toString('utf8'))
      held = []
      from = at + 1
    }
    if (from < chunk.length) held.push(chunk.subarray(from))
  })
}
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (!socket.writableNeedDrain) return resolve()
    const done = () => {
      socket.off('drain', done).off('close', done)
      resolve()
    }
    socket.on('drain', done).on('close', done)
  })
}
