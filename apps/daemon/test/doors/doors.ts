import { createHmac } from 'node:crypto'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { Fault, mutates, route, type FaultWire } from '@steward/contract'
import { operations, protocol, type OperationName } from '@steward/contract/daemon'
import { createFetchSender, createWebSocketSender, type Sender } from '@steward/client'
import { createIpcSender } from '@steward/client/node'
import type { TestDaemon } from '../kit.ts'
import type { Description } from './description.ts'

export interface Asked {
  readonly key?: string
  /** The credential; the owner's unless said. */
  readonly token?: string
}
/** One way to ask for any operation. Throws Fault. Bytes go up from `uploaded` and come down as text beside the answer. */
export type Door = (op: OperationName, input: unknown, asked?: Asked) => Promise<unknown>
export const uploaded = Buffer.from('The bytes of an upload: é😀.')

export const inProcess =
  (daemon: TestDaemon): Door =>
  async (op, input, { key, token = daemon.token } = {}) => {
    const { app } = daemon.served
    const caller = app.authenticator.authenticate({ token }, 'process')
    const body = operations[op].bytes === 'upload' ? { body: piecesOf(uploaded) } : {}
    const { value, open } = await app.call(caller, op, input, { ...body, ...(key === undefined ? {} : { key }) })
    const plain = JSON.parse(JSON.stringify(value)) as unknown
    return open ? { value: plain, text: await textOf(open()) } : plain
  }
async function* piecesOf(bytes: Uint8Array) {
  yield bytes
}
async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
/** Any sender of the client. */
const bySender =
  (make: (token: string) => Sender, owner: string): Door =>
  async (op, input, { key, token = owner } = {}) => {
    const sender = make(token)
    const options = key === undefined ? {} : { key }
    try {
      const { bytes }: { bytes?: string } = operations[op]
      if (bytes === 'upload') return await sender.upload(op, input, uploaded, options)
      if (bytes !== 'download') return await sender.call(op, input, options)
      const got = await sender.download(op, input)
      return { value: got.value, text: await textOf(got.bytes) }
    } finally {
      await sender.close()
    }
  }
export const client = ({ url, token }: TestDaemon) => bySender((held) => createFetchSender({ url, token: held }), token)
export const webSocket = ({ url, token }: TestDaemon) => bySender((held) => createWebSocketSender({ url, token: held }), token)
/** The owner's connection; another's credential travels in the frame. */
export const ipc = ({ served, token: owner }: TestDaemon): Door => {
  const owned = bySender((token) => createIpcSender({ socket: served.socket, token }), owner)
  return (op, input, asked = {}) =>
    asked.token === undefined || asked.token === owner ? owned(op, input, asked) : frameAs(served.socket, owner, asked.token, op, input)
}
/** One frame with `as`, spoken by hand: what a gateway sends for somebody. */
function frameAs(path: string, owner: string, as: string, op: string, input: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = connect(path).on('error', reject)
    const say = (frame: unknown) => socket.write(`${JSON.stringify(frame)}\n`)
    createInterface({ input: socket }).on('line', (line) => {
      const frame = JSON.parse(line) as { hello?: { nonce: string }; ok?: unknown; fault?: FaultWire }
      if (frame.hello) {
        const proof = createHmac('sha256', owner).update(frame.hello.nonce).digest('base64url')
        say({ hello: { protocol, features: ['delegated'], instanceId: 'test', proof } })
        return void say({ id: 1, op, input, as })
      }
      socket.destroy()
      if (frame.fault) reject(new Fault(frame.fault.code, frame.fault.message, frame.fault.details, { retryable: frame.fault.retryable }))
      else resolve(frame.ok)
    })
  })
}
/** HTTP by hand; every answer is held against the description that the daemon itself serves. */
export const http =
  ({ url, token: owner }: TestDaemon, description: Description): Door =>
  async (name, input, { key, token = owner } = {}) => {
    const op = operations[name]
    const { method, path } = route(op)
    const rest = new Map(Object.entries((input ?? {}) as Record<string, unknown>))
    const spelled = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
    const filled = path.replace(/\{(\w+)\}/g, (_all, field: string) => {
      const value = spelled(rest.get(field))
      rest.delete(field)
      return encodeURIComponent(value)
    })
    const bytes = (op as { bytes?: string }).bytes
    const inBody = mutates(op) && bytes !== 'upload'
    const type = bytes === 'upload' ? String(rest.get('mediaType') ?? 'application/octet-stream') : 'application/json'
    const query = inBody
      ? ''
      : `?${new URLSearchParams([...rest].filter(([field]) => bytes !== 'upload' || field !== 'mediaType').map(([field, value]): [string, string] => [field, spelled(value)]))}`
    const response = await fetch(`${url}${filled}${query}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(mutates(op) ? { 'content-type': type } : {}),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(bytes === 'upload' ? { body: uploaded } : inBody ? { body: JSON.stringify(Object.fromEntries(rest)) } : {}),
    })
    const text = await response.text()
    const json = response.headers.get('content-type')?.startsWith('application/json') && text !== '' ? (JSON.parse(text) as unknown) : null
    if (response.ok && bytes === 'download')
      return { value: JSON.parse(decodeURIComponent(response.headers.get('x-answer') ?? 'null')) as unknown, text }
    description.check(name, response.status, json)
    if (response.ok) return json
    const { error } = json as { error: FaultWire }
    throw new Fault(error.code, error.message, error.details, { retryable: error.retryable })
  }
