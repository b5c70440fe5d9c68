import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { request, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { route } from '@steward/contract'
import { operations, protocol, type OperationName } from '@steward/contract/daemon'
import { expect } from 'vitest'
import type { TestDaemon } from '../kit.ts'

export interface Route {
  readonly name: string
  readonly method: string
  readonly path: string
  /** The scope it needs; null where any credential will do. */
  readonly needs: string | null
}
const filled = (path: string) => path.replace(/\{\w+\}/g, 'x')
export const operationRoutes: readonly Route[] = Object.entries(operations).map(([name, op]) => {
  const { method, path } = route(op)
  return { name, method, path: filled(path), needs: op.needs }
})
/** Everything that asks for a credential over HTTP: the operations, the streams, the description, other names of paths. */
export const closedRoutes: readonly Route[] = [
  ...operationRoutes,
  { name: 'stream of a session', method: 'GET', path: '/v1/sessions/x/events', needs: 'sessions:read' },
  { name: 'stream of all', method: 'GET', path: '/v1/events', needs: 'events:read' },
  { name: 'socket without an upgrade', method: 'GET', path: '/v1/ws', needs: null },
  { name: 'description', method: 'GET', path: '/openapi.json', needs: null },
  { name: 'docs', method: 'GET', path: '/docs', needs: null },
  { name: 'docs, a file', method: 'GET', path: '/docs/start.js', needs: null },
  { name: 'alias', method: 'GET', path: '/tools', needs: 'tools:read' },
  { name: 'old prefix', method: 'GET', path: '/api/sessions', needs: 'sessions:read' },
  { name: 'doubled slash', method: 'GET', path: '//v1/status', needs: null },
  { name: 'trailing slash', method: 'GET', path: '/v1/status/', needs: 'system:read' },
  { name: 'nothing there', method: 'GET', path: '/v1/nothing', needs: null },
]
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The fault's code, where the body has the fixed shape. */
  readonly code: string | undefined
}
type Headers = Readonly<Record<string, string>>
/** One request whose headers, Host and Origin too, are exactly those given. An `upgrade` that succeeds is answered 101 and closed. */
export function ask({ url }: Pick<TestDaemon, 'url'>, method: string, path: string, headers: Headers = {}, body?: string | Buffer): Promise<Answer> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers, agent: false, setHost: headers['host'] === undefined })
    sent.on('error', reject)
    sent.on('upgrade', (answer, socket) => {
      socket.destroy()
      resolve({ status: 101, headers: answer.headers, text: '', code: undefined })
    })
    sent.on('response', (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      const done = () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, code: codeOf(text) })
      if (answer.headers['content-type']?.startsWith('text/event-stream') && answer.statusCode === 200) {
        sent.destroy()
        return done()
      }
      answer
        .on('data', (chunk: string) => void (text += chunk))
        .on('end', done)
        .on('error', done)
    })
    sent.end(body)
  })
}
function codeOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { error?: { code?: string } }).error?.code
  } catch {
    return undefined
  }
}
export const upgradeHeaders: Headers = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-protocol': 'steward.v1',
}
export const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` })
/** A fault in the fixed shape: code, a sentence, an id to look it up by. */
export function expectFault(answer: Answer, status: number, code: string, what: string): void {
  expect([what, answer.status, answer.code]).toEqual([what, status, code])
  const { error } = JSON.parse(answer.text) as { error: { message: string; requestId: string } }
  expect(error.message).toMatch(/\S+ \S+/)
  expect(error.requestId).toMatch(/\S/)
}
/** What is said to whoever has no right credential. */
export function expectUnauthenticated(answer: Answer, what: string): void {
  expectFault(answer, 401, 'unauthenticated', what)
  expect(answer.headers['www-authenticate']).toBe('Bearer realm="steward"')
}
/** The cookie of a login with a code. */
export async function loginCookie(daemon: TestDaemon): Promise<string> {
  const { code } = await daemon.client.logins.create({})
  const answer = await ask(daemon, 'POST', '/v1/login', { 'content-type': 'application/json' }, JSON.stringify({ code }))
  expect(answer.status).toBe(204)
  return (answer.headers['set-cookie']?.[0] ?? '').split(';', 1)[0] ?? ''
}
/** An operation that takes no input, for trying a credential out. */
export const anyCall = { method: 'GET', path: '/v1/whoami' } as const
export const operationNames = Object.keys(operations) as OperationName[]

export interface FrameSocket extends AsyncDisposable {
  send(frame: object | string): void
  /** The next frame, or null at the end. */
  next(): Promise<Record<string, any> | null>
  /** The next frame with this id. */
  answer(id: number): Promise<Record<string, any>>
}
/** A bare connection to the daemon's socket, greeted with a proof of `token`. */
export async function openFrames(socketPath: string, token: string, features: readonly string[] = []): Promise<FrameSocket> {
  const socket = connect(socketPath)
  await once(socket, 'connect')
  socket.on('error', () => undefined)
  const lines = createInterface({ input: socket, crlfDelay: Infinity })[Symbol.asyncIterator]()
  const next = async () => {
    const read = await lines.next()
    return read.done ? null : (JSON.parse(read.value) as Record<string, any>)
  }
  const send = (frame: object | string) => void socket.write(`${typeof frame === 'string' ? frame : JSON.stringify(frame)}\n`)
  const hello = await next()
  const proof = createHmac('sha256', token).update(hello!['hello'].nonce).digest('base64url')
  send({ hello: { protocol, features, instanceId: 'test', proof } })
  return {
    send,
    next,
    async answer(id) {
      for (;;) {
        const frame = await next()
        if (frame === null) throw new Error('The connection ended.')
        if (frame['id'] === id) return frame
      }
    },
    [Symbol.asyncDispose]: async () => void socket.destroy(),
  }
}
