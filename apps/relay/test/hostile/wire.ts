import { connect, type Socket } from 'node:net'

/** Sends bytes as they are and gives what comes back until the relay closes the connection, or says no more for `quietMs`. */
export const raw = (url: string, bytes: string | Uint8Array, quietMs = 1_500): Promise<string> =>
  new Promise((resolve) => {
    let answer = ''
    const socket: Socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes))
    socket.setTimeout(quietMs, () => socket.destroy())
    socket.on('data', (data) => (answer += data.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
  })
/** Statuses of the answers in what came back. */
export const statusesOf = (answer: string): number[] => [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status))
/** A request with a JSON body that may be no JSON at all. */
export function post(path: string, body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): Buffer {
  const bytes = Buffer.from(body)
  const all = { host: 'relay', connection: 'close', 'content-type': 'application/json', 'content-length': String(bytes.length), ...headers }
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${head.join('')}\r\n`), bytes])
}
/** An Engine.IO connection that speaks for itself: frames are sent as they are. `closed` resolves when the relay ends it. */
export function engine(
  url: string,
): Promise<{ send(frame: string | Uint8Array<ArrayBuffer>): void; frames: string[]; closed: Promise<void>; close(): void }> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/updates/?EIO=4&transport=websocket`)
  const frames: string[] = []
  socket.addEventListener('message', ({ data }) => void frames.push(String(data)))
  const closed = new Promise<void>((resolve) => socket.addEventListener('close', () => resolve()))
  return new Promise((resolve, reject) => {
    socket.addEventListener('error', () => reject(new Error('There was no connection.')))
    socket.addEventListener('open', () => resolve({ send: (frame) => socket.send(frame), frames, closed, close: () => socket.close() }))
  })
}
