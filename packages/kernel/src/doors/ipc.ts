import { randomBytes } from 'node:crypto'
import { chmodSync, lstatSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { Fault } from '@steward/contract'
import { z } from 'zod'
import type { Caller } from '../caller.ts'
import { parseJson } from '../json.ts'
import { drained, stallLimitMs } from './drained.ts'
import { toFault } from './errors.ts'
import { idAtStart, maxFrameBytes } from './frame.ts'
import { serveFrames, type FrameSession } from './frames.ts'
import type { DoorOptions } from './http-options.ts'
import { createLines } from './lines.ts'
import { newRequestId } from './request-id.ts'

export interface IpcOptions extends DoorOptions {
  /** A Unix socket in a private folder (at most 100 bytes), or a named pipe. Whoever serves it holds the home's lock: what lies there is stale. */
  readonly path: string
  /** The version of the frames; a client of another one is told so. */
  readonly protocol: number
  /** Time for the hello; 5,000 unless said. */
  readonly helloLimitMs?: number
}
export interface IpcServer {
  /** Takes no more connections, ends streams, lets what was asked to be done finish for up to 2 s, and closes. */
  close(): Promise<void>
}
/** Said in the hello by a connection that speaks for others: it has no rights of its own. */
const delegated = 'delegated'
const features: readonly string[] = ['bytes', delegated]
const hello = z.object({
  hello: z.object({
    protocol: z.int(),
    features: z.array(z.string().max(100)).max(100).default([]),
    instanceId: z.string().regex(/^[\w.-]{1,100}$/),
    proof: z.string().max(200),
  }),
})
const closeGraceMs = 2_000

/** Serves frames on a socket of this machine, one JSON object a line, after a hello that proves the owner's token. */
export async function serveIpc(options: IpcOptions): Promise<IpcServer> {
  const open = new Map<Socket, FrameSession | undefined>()
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
function serveSocket(socket: Socket, options: IpcOptions, opened: (session: FrameSession) => void): void {
  const nonce = randomBytes(32).toString('base64url')
  const write = (value: unknown) => socket.write(`${JSON.stringify(value)}\n`)
  let session: FrameSession | undefined
  const refuse = (fault: Fault) => {
    write({ id: 0, fault: fault.toJSON() })
    socket.destroySoon()
  }
  const late = setTimeout(() => refuse(new Fault('unauthenticated', 'No hello came in time.')), options.helloLimitMs ?? 5_000)
  const greet = (line: string) => {
    clearTimeout(late)
    const { caller, speaksForOthers } = admit(line, nonce, options)
    session = serveFrames(wireOf(socket, options), { ...options, caller: speaksForOthers ? null : caller, door: 'ipc' })
    caller.ended?.addEventListener('abort', () => refuse(new Fault('unauthenticated', 'The credential of this connection has ended.')), {
      once: true,
    })
    opened(session)
  }
  const feed = createLines(maxFrameBytes, {
    line(text) {
      if (session) return session.receive(text)
      if (socket.writableEnded) return
      try {
        greet(text)
      } catch (error) {
        refuse(toFault(error))
      }
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
    void drained(socket, options.stallLimitMs ?? stallLimitMs).then((emptied) => (emptied ? socket.resume() : socket.destroy()))
  })
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    clearTimeout(late)
    void session?.close()
  })
  write({ hello: { protocol: options.protocol, features, nonce } })
}
function admit(line: string, nonce: string, { authenticator, protocol }: IpcOptions): { caller: Caller; speaksForOthers: boolean } {
  const read = hello.safeParse(parseJson(line))
  if (!read.success) throw new Fault('unauthenticated', 'The first line must be the hello: protocol, features, instanceId and proof.')
  const said = read.data.hello
  const caller = { ...authenticator.prove(nonce, said.proof, 'ipc'), instanceId: said.instanceId }
  if (said.protocol !== protocol)
    throw new Fault('unprocessable', `This daemon speaks protocol ${protocol}, the client ${said.protocol}: bring both to one version of Steward.`)
  return { caller, speaksForOthers: said.features.includes(delegated) }
}
function wireOf(socket: Socket, options: IpcOptions) {
  return {
    send: (frame: string) => !socket.writable || socket.write(`${frame}\n`),
    async drained() {
      const emptied = await drained(socket, options.stallLimitMs ?? stallLimitMs)
      if (!emptied) socket.destroy()
      return emptied
    },
  }
}
