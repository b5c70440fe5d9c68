import { createHmac, randomUUID } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import type { Contract, Fault } from '@steward/contract'
import { operations, protocol } from '@steward/contract/daemon'
import type { Patience } from '../back-off.ts'
import { faultFrom } from '../faults.ts'
import type { OpenLine } from '../frame-link.ts'
import { createFrameSender } from '../frame-sender.ts'
import type { Sender } from '../sender.ts'

export interface IpcSenderOptions {
  /** The path of the daemon's socket. */
  readonly socket: string
  /** The owner's token; it proves itself and is never sent. */
  readonly token: string
  /** Names this running client to the daemon; a random one unless said. */
  readonly instanceId?: string
  readonly contract?: Contract
  readonly pace?: Partial<Patience>
}
const helloLimitMs = 10_000

/** Talks to the daemon over its socket on this machine; makes the connection anew after a cut. */
export function createIpcSender({ socket: path, token, instanceId = randomUUID(), contract = operations, pace }: IpcSenderOptions): Sender {
  const open: OpenLine = async (receive, signal) => {
    const socket = connect(path)
    let told: Fault | undefined
    const closed = new Promise<Fault | undefined>((resolve) => socket.once('close', () => resolve(told)))
    const cut = () => void socket.destroy()
    signal.addEventListener('abort', cut, { once: true })
    void closed.then(() => signal.removeEventListener('abort', cut))
    let greeted: ((line: string) => void) | undefined
    readLines(socket, (line) => {
      if (greeted) return greeted(line)
      const fault = line.startsWith('{"id":0,') ? (JSON.parse(line) as { fault?: unknown }).fault : undefined
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
        const { hello } = JSON.parse(line) as { hello: { nonce: string } }
        const proof = createHmac('sha256', token).update(hello.nonce).digest('base64url')
        socket.write(`${JSON.stringify({ hello: { protocol, features: ['bytes'], instanceId, proof } })}\n`)
        resolve()
      }
    })
    return { send: (frame) => void socket.write(`${frame}\n`), cut, closed }
  }
  return createFrameSender(open, { contract, pace })
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
