/** Bytes kept from a stream: the beginning and the end, whatever comes between is counted and let go. */
export interface KeptOutput {
  add(chunk: Uint8Array): void
  readonly keptBytes: number
  /** The text within `limit` bytes, with a line that says how much is missing, and the number of bytes not in it. Never cuts a character in two. */
  take(limit: number): { text: string; droppedBytes: number }
}

/** Keeps at most `limit` bytes, half from the beginning and half from the end. Memory stays below twice the limit. */
export function createKeptOutput(limit: number): KeptOutput {
  const headLimit = Math.ceil(limit / 2)
  const tailLimit = limit - headLimit
  const head: Uint8Array[] = []
  let headBytes = 0
  const tail: Uint8Array[] = []
  let tailBytes = 0
  let total = 0
  return {
    add(chunk) {
      total += chunk.length
      const first = chunk.subarray(0, headLimit - headBytes)
      if (first.length > 0) head.push(first)
      headBytes += first.length
      const rest = chunk.subarray(first.length).subarray(-tailLimit || chunk.length)
      if (rest.length === 0) return
      tail.push(rest)
      tailBytes += rest.length
      for (let oldest = tail[0]; oldest && tailBytes - oldest.length >= tailLimit; oldest = tail[0]) {
        tailBytes -= oldest.length
        tail.shift()
      }
    },
    get keptBytes() {
      return Math.min(total, limit)
    },
    take(most) {
      const start = Buffer.concat(head)
      const end = tailLimit > 0 ? Buffer.concat(tail).subarray(-tailLimit) : Buffer.alloc(0)
      if (total <= most && start.length + end.length === total) return { text: Buffer.concat([start, end]).toString(), droppedBytes: 0 }
      const room = Math.min(most, limit)
      const all = Buffer.concat([start, end])
      const first = wholeEnd(all.subarray(0, Math.min(Math.ceil(room / 2), start.length)))
      const last = wholeStart(all.subarray(Math.max(first.length, all.length - Math.floor(room / 2))))
      const droppedBytes = total - first.length - last.length
      return { text: `${first.toString()}\n[… ${droppedBytes} bytes left out …]\n${last.toString()}`, droppedBytes }
    },
  }
}

/** Without a UTF-8 character that is cut off at the end (RFC 3629). */
export function wholeEnd(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(4, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes
  }
  return bytes
}

/** Without the rest of a UTF-8 character that is cut off at the beginning. */
export function wholeStart(bytes: Buffer): Buffer {
  let from = 0
  while (from < Math.min(3, bytes.length) && ((bytes[from] ?? 0) & 0xc0) === 0x80) from += 1
  return bytes.subarray(from)
}
