import { createHash, randomBytes } from 'node:crypto'
import net from 'node:net'
import tls from 'node:tls'

export interface WebSocketEnd {
  send(data: string | Uint8Array): void
  close(): void
}
export interface WebSocketOptions {
  /** Address of this machine to come from. */
  readonly from?: string
  message(data: Buffer, isText: boolean, end: WebSocketEnd): void
  closed(why: string): void
}
const [textFrame, bytesFrame, closeFrame, pingFrame, pongFrame] = [1, 2, 8, 9, 10]
const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/**
 * A client's end of a WebSocket (RFC 6455) that costs a load generator little: its masks are zero, and messages come as the bytes they are. `url` is http or https.
 * Resolves when it is open; throws when it is refused.
 */
export function openWebSocket(url: URL, { from, message, closed }: WebSocketOptions): Promise<WebSocketEnd> {
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  const to = { host: url.hostname, port, ...(from === undefined ? {} : { localAddress: from }) }
  const socket = url.protocol === 'https:' ? tls.connect({ ...to, servername: url.hostname }) : net.connect(to)
  socket.setNoDelay(true)
  const key = randomBytes(16).toString('base64')
  const head = [`GET ${url.pathname}${url.search} HTTP/1.1`, `Host: ${url.host}`, 'Upgrade: websocket', 'Connection: Upgrade']
  socket.write([...head, `Sec-WebSocket-Key: ${key}`, 'Sec-WebSocket-Version: 13', '', ''].join('\r\n'))
  const send = (opcode: number, data: Uint8Array) => {
    socket.cork()
    socket.write(headOf(opcode, data.length))
    if (data.length > 0) socket.write(data)
    socket.uncork()
  }
  const end: WebSocketEnd = {
    send: (data) => (typeof data === 'string' ? send(textFrame, Buffer.from(data)) : send(bytesFrame, data)),
    close: () => void socket.destroy(),
  }
  return new Promise((resolve, reject) => {
    let isOpen = false
    const reader = createReader((opcode, data) => {
      if (opcode === pingFrame) send(pongFrame, data)
      else if (opcode === closeFrame) socket.end()
      else message(data, opcode === textFrame, end)
    })
    let answer = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      if (isOpen) return reader(chunk)
      answer = Buffer.concat([answer, chunk])
      const over = answer.indexOf('\r\n\r\n')
      if (over < 0) return
      const words = answer.subarray(0, over).toString()
      const accept = createHash('sha1').update(`${key}${magic}`).digest('base64')
      if (!words.startsWith('HTTP/1.1 101') || !words.includes(accept)) return void socket.destroy(new Error(words.split('\r\n', 1)[0]))
      isOpen = true
      resolve(end)
      reader(answer.subarray(over + 4))
    })
    let why = 'it was closed'
    socket.on('error', (error) => (why = error.message))
    socket.on('close', () => (isOpen ? closed(why) : reject(new Error(`There is no WebSocket at ${url.host}: ${why}.`))))
  })
}
/** The head of a client's frame; its mask is four zeros. */
function headOf(opcode: number, length: number): Buffer {
  const extra = length < 126 ? 0 : length < 65_536 ? 2 : 8
  const head = Buffer.alloc(6 + extra)
  head[0] = 0x80 | opcode
  head[1] = 0x80 | (extra === 0 ? length : extra === 2 ? 126 : 127)
  if (extra === 2) head.writeUInt16BE(length, 2)
  if (extra === 8) head.writeBigUInt64BE(BigInt(length), 2)
  return head
}
/** Takes chunks and gives whole frames. */
function createReader(frame: (opcode: number, data: Buffer) => void) {
  let held: Buffer[] = []
  let heldBytes = 0
  let needed = 2
  return (chunk: Buffer): void => {
    held.push(chunk)
    heldBytes += chunk.length
    if (heldBytes < needed) return
    const all = held.length === 1 ? chunk : Buffer.concat(held, heldBytes)
    let at = 0
    for (;;) {
      const left = all.length - at
      const short = left < 2 ? 0 : (all[at + 1] ?? 0) & 0x7f
      const head = short === 126 ? 4 : short === 127 ? 10 : 2
      needed = head
      if (left < head) break
      const length = short === 126 ? all.readUInt16BE(at + 2) : short === 127 ? Number(all.readBigUInt64BE(at + 2)) : short
      needed = head + length
      if (left < needed) break
      frame((all[at] ?? 0) & 0x0f, all.subarray(at + head, at + needed))
      at += needed
    }
    heldBytes = all.length - at
    held = heldBytes === 0 ? [] : [all.subarray(at)]
  }
}
