/** Where lines go: whole ones to `line`, the beginning of one that is too long to `tooLong`, once. */
export interface LineSink {
  line(text: string): void
  tooLong(beginning: string): void
}
/** Cuts a stream of bytes into lines of at most `limit` bytes. What is longer is dropped as it comes: it is never held. */
export function createLines(limit: number, sink: LineSink): (chunk: Buffer) => void {
  let held: Buffer[] = []
  let size = 0
  let dropping = false
  const add = (part: Buffer) => {
    if (dropping) return
    held.push(part)
    size += part.length
    if (size <= limit) return
    const beginning = (held[0] ?? part).subarray(0, 200).toString('utf8')
    held = []
    dropping = true
    sink.tooLong(beginning)
  }
  return (chunk) => {
    let from = 0
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      add(chunk.subarray(from, at))
      const text = dropping ? '' : Buffer.concat(held, size).toString('utf8').trim()
      held = []
      size = 0
      dropping = false
      from = at + 1
      if (text !== '') sink.line(text)
    }
    if (from < chunk.length) add(chunk.subarray(from))
  }
}
