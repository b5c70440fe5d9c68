import { randomBytes } from 'node:crypto'
import { chmodSync, lstatSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { Fault } from '@steward/contract'
import { z } from 'zod'
import type { Authenticator, Caller } from '../caller.ts'
import { parseJson } from '../json.ts'
import { asField, endCaller, viaField } from './behalf.ts'
import type { Delegates } from './delegates.ts'
import { drainedOnce, stallLimitMs } from './drained.ts'
import { toFault } from './errors.ts'
import { idAtStart, maxFrameBytes } from './frame.ts'
import { serveFrames, type SocketSession } from './frames.ts'
import type { DoorOptions } from './http-options.ts'
import { createLines } from './lines.ts'
import { newRequestId } from './request-id.ts'
import { closeCodes, type ServeSocket } from './socket.ts'

export interface IpcOptions extends DoorOptions {
  readonly authenticator: Authenticator
  /** A Unix socket in a private folder (at most 100 bytes), or a named pipe. Whoever serves it holds the home's lock: what lies there is stale. */
  readonly path: string
  /** The version of the frames; a client of another one is told so. */
  readonly protocol: number
  /** What connections that speak for others may ask beside calls and streams. */
  readonly delegates?: Delegates
  /** WebSockets by their path, which such a connection may carry whole, one on each. */
  readonly sockets?: Readonly<Record<string, ServeSocket>>
  /** Time for the hello; 5,000 unless said. */
  readonly helloLimitMs?: number
}
export interface IpcServer {
  /** Takes no more connections, ends streams, lets what was asked to be done finish for up to 2 s, and closes. */
  close(): Promise<void>
}
/** Said in the hello by a connection that speaks for others: it has no rights of its own. */
const delegated = 'delegated'
/** A connection that has said in its hello which WebSocket it carries, and whose: what follows are that socket's frames. */
const carrying = 'carrying'
const carries = z.strictObject({ path: z.string().max(200), as: asField, via: viaField })
const hello = z.object({
  hello: z.object({
    protocol: z.int(),
    features: z.array(z.string().max(100)).max(100).default([]),
    instanceId: z.string().regex(/^[\w.-]{1,100}$/),
    proof: z.string().max(200),
    carries: carries.optional(),
  }),
})
const closeGraceMs = 2_000

/** Serves frames on a socket of this machine, one JSON object a line, after a hello that proves the owner's token, or the gateway's key. */
export async function serveIpc(options: IpcOptions): Promise<IpcServer> {
  const open = new Map<Socket, SocketSession | undefined>()
  const pipe = process.platform === 'win32'
  if (!pipe) removeStale(options.path)
  const server = createServer((socket) => {
    open.set(socket, undefined)
    socket.on('close', () => open.delete(socket))
    serveSocket(socket, options, (session) => open.set(socket, session))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.path, () => {
      server.off('error', reject)
      resolve()
    })
  })
  server.on('error', (error) => options.report(error, 'ipc'))
  if (!pipe) chmodSync(options.path, 0o600)
  return {
    async close() {
      const ended = new Promise<void>((resolve) => server.close(() => resolve()))
      const late = AbortSignal.timeout(closeGraceMs)
      for (const [socket, session] of open) {
        socket.pause()
        late.addEventListener('abort', () => socket.destroy(), { once: true })
        void (session?.close() ?? Promise.resolve()).then(() => socket.destroySoon())
      }
      await ended
    },
  }
}
function removeStale(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined) return
  if (!found.isSocket()) throw new Fault('unavailable', `${path} is in the way of the socket; move it and start again.`)
  rmSync(path)
}
function serveSocket(socket: Socket, options: IpcOptions, opened: (session: SocketSession) => void): void {
  const nonce = randomBytes(32).toString('base64url')
  const features = ['bytes', delegated, ...(options.sockets ? [carrying] : [])]
  const emptying = drainedOnce(socket, options.stallLimitMs ?? stallLimitMs)
  const write = (value: unknown) => socket.write(`${JSON.stringify(value)}\n`)
  let session: SocketSession | undefined
  /** What came behind the hello before it was answered. */
  let early: string[] | undefined
  const refuse = (fault: Fault) => {
    write({ id: 0, fault: fault.toJSON() })
    socket.destroySoon()
  }
  const late = setTimeout(() => refuse(new Fault('unauthenticated', 'No hello came in time.')), options.helloLimitMs ?? 5_000)
  const greet = async (line: string) => {
    clearTimeout(late)
    const { caller, carried } = admit(line, nonce, options)
    const carriedFor = carried && (await endCaller(options.authenticator, carried.as, carried.via, 'ipc'))
    if (socket.destroyed) return
    const wire = wireOf(socket, emptying)
    const end = (close: number, reason: string) => {
      write({ id: 0, close, reason })
      socket.destroySoon()
    }
    session =
      carried && carriedFor ? socketAt(carried.path, options)({ ...wire, end }, carriedFor) : serveFrames(wire, { ...options, caller, door: 'ipc' })
    const { ended } = carriedFor ?? caller ?? {}
    const sentence = 'The credential of this connection has ended.'
    const over = () => (carried ? end(closeCodes.credentialEnded, sentence) : refuse(new Fault('unauthenticated', sentence)))
    ended?.addEventListener('abort', over, { once: true })
    socket.once('close', () => ended?.removeEventListener('abort', over))
    opened(session)
  }
  const feed = createLines(maxFrameBytes, {
    line(text) {
      if (session) return void session.receive(text)
      if (socket.writableEnded) return
      if (early) return void early.push(text)
      early = []
      greet(text).then(
        () => early?.forEach((frame) => void session?.receive(frame)),
        (error: unknown) => refuse(toFault(error)),
      )
    },
    tooLong(beginning) {
      const fault = new Fault('too_large', `A frame has at most ${maxFrameBytes} bytes.`)
      if (session) write({ id: idAtStart(beginning), fault: { ...fault.toJSON(), requestId: newRequestId() } })
      else refuse(fault)
    },
  })
  socket.on('data', (chunk: Buffer) => {
    feed(chunk)
    if (!socket.writableNeedDrain || socket.isPaused()) return
    // A client that does not read its answers is not asked for more.
    socket.pause()
    void emptying().then((emptied) => (emptied ? socket.resume() : socket.destroy()))
  })
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    clearTimeout(late)
    void session?.close()
  })
  write({ hello: { protocol: options.protocol, features, nonce } })
}
interface Admitted {
  /** `null`: the connection has no rights of its own. */
  readonly caller: Caller | null
  readonly carried: z.output<typeof carries> | undefined
}
function admit(line: string, nonce: string, { authenticator, protocol, sockets }: IpcOptions): Admitted {
  const read = hello.safeParse(parseJson(line))
  if (!read.success) throw new Fault('unauthenticated', 'The first line must be the hello: protocol, features, instanceId and proof.')
  const said = read.data.hello
  const proved = authenticator.prove(nonce, said.proof, 'ipc')
  if (said.protocol !== protocol)
    throw new Fault(
      'unprocessable',
      `This daemon speaks protocol ${protocol}, the client ${said.protocol}: restart the older of the two, so that both are of one version of Steward.`,
      { daemon: protocol, client: said.protocol },
    )
  const ownless = proved === null || said.features.includes(delegated)
  if (said.carries && !(ownless && sockets)) throw new Fault('invalid', 'Only a connection that speaks for others carries a WebSocket.')
  return { caller: ownless ? null : { ...proved, instanceId: said.instanceId }, carried: said.carries }
}
function socketAt(path: string, { sockets = {} }: IpcOptions): ServeSocket {
  const serve = Object.hasOwn(sockets, path) ? sockets[path] : undefined
  if (serve === undefined) throw new Fault('not_found', `${path} is no WebSocket; ${Object.keys(sockets).join(', ')} is.`)
  return serve
}
function wireOf(socket: Socket, emptying: () => Promise<boolean>) {
  return {
    send: (frame: string) => !socket.writable || socket.write(`${frame}\n`),
    async drained() {
      const emptied = await emptying()
      if (!emptied) socket.destroy()
      return emptied
    },
  }
}
