import type { RelaySocket } from '@steward/testkit/relay'

const window = 1024 * 1024
interface Data {
  readonly streamId: string
  readonly offset: number
  readonly data: Uint8Array
}
/** A client's end of a stream: it keeps what the other has not confirmed, asks for bytes as it takes them, and can move to another socket. */
export class StreamEnd {
  readonly received: Uint8Array[] = []
  receivedBytes = 0
  closedBecause: string | undefined
  readonly #kept: { offset: number; data: Uint8Array }[] = []
  #socket: RelaySocket
  readonly #id: string
  readonly #key: string
  #end = 0
  #sent = 0
  #allowed: number
  constructor(socket: RelaySocket, opened: { streamId: string; key: string }, allowed: number) {
    this.#socket = socket
    this.#id = opened.streamId
    this.#key = opened.key
    this.#allowed = allowed
    this.#attach()
  }
  /** Queues bytes; they go as the other end asks for them. */
  write(data: Uint8Array): void {
    for (let at = 0; at < data.length; at += 256 * 1024) {
      const piece = data.subarray(at, at + 256 * 1024)
      this.#kept.push({ offset: this.#end, data: piece })
      this.#end += piece.length
    }
    this.#pump()
  }
  close(reason = 'done'): Promise<unknown> {
    return this.#socket.call('stream-close', { streamId: this.#id, reason })
  }
  /** Goes on over another socket. */
  async resume(socket: RelaySocket): Promise<unknown> {
    this.#socket = socket
    this.#attach()
    const answer = await socket.call<{ ok: boolean; sendFrom?: number; allowed?: number }>('stream-resume', {
      streamId: this.#id,
      key: this.#key,
      received: this.receivedBytes,
    })
    if (answer.sendFrom !== undefined) this.#from(answer.sendFrom, answer.allowed ?? 0)
    return answer
  }
  #from(offset: number, allowed: number) {
    this.#sent = offset
    this.#allowed = allowed
    this.#pump()
  }
  #attach() {
    const { socket } = this.#socket
    socket.on('stream-data', ({ streamId, offset, data }: Data) => {
      if (streamId !== this.#id) return
      if (offset !== this.receivedBytes) throw new Error(`Bytes of ${offset} came where ${this.receivedBytes} were due.`)
      this.received.push(new Uint8Array(data))
      this.receivedBytes += data.length
      socket.emit('stream-credit', { streamId, upTo: this.receivedBytes + window })
    })
    socket.on('stream-credit', ({ streamId, upTo }: { streamId: string; upTo: number }) => {
      if (streamId !== this.#id) return
      this.#allowed = Math.max(this.#allowed, upTo)
      this.#pump()
    })
    socket.on('stream-resumed', ({ streamId, received }: { streamId: string; received: number }, answer: (value: unknown) => void) => {
      if (streamId !== this.#id) return
      answer({ received: this.receivedBytes })
      this.#from(received, received)
    })
    socket.on('stream-closed', ({ streamId, reason }: { streamId: string; reason: string }) => {
      if (streamId === this.#id) this.closedBecause = reason
    })
  }
  #pump() {
    for (const { offset, data } of this.#kept) {
      if (offset < this.#sent) continue
      if (offset > this.#sent) throw new Error('Bytes that were confirmed are asked for again.')
      if (offset + data.length > this.#allowed) return
      this.#sent += data.length
      this.#socket.socket.emit('stream-data', { streamId: this.#id, offset, data: Buffer.from(data) })
    }
  }
}
