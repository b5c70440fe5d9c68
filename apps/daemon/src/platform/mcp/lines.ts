import { StringDecoder } from 'node:string_decoder'

/** Cuts bytes into lines without copying them again for every chunk. `push` gives false, and forgets, when a line has more than `most` bytes. */
export function createLineReader(most: number, onLine: (line: string) => void): { push(chunk: Buffer): boolean } {
  let parts: Buffer[] = []
  let held = 0
  return {
    push(chunk) {
      let from = 0
      for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
        const last = chunk.subarray(from, end)
        from = end + 1
        if (held + last.length > most) return false
        const line = held === 0 ? last : Buffer.concat([...parts, last])
        parts = []
        held = 0
        onLine(line.toString('utf8').replace(/\r$/, ''))
      }
      const rest = chunk.subarray(from)
      if (rest.length > 0) parts.push(rest)
      held += rest.length
      if (held <= most) return true
      parts = []
      held = 0
      return false
    },
  }
}

const longestLine = 2000
const linesInWindow = 100
const windowMs = 10_000
const tailChars = 500

/**
 * A listener for stderr: hands on at most 100 lines in 10 s, each of at most 2,000 characters, and says when some were left out.
 * `tail` is the end of what was said.
 */
export function createBoundedLog(log: (text: string) => void): { push(chunk: Buffer): void; tail(): string } {
  const decoder = new StringDecoder()
  let rest = ''
  let tail = ''
  let windowFrom = 0
  let inWindow = 0
  const tell = (line: string) => {
    const now = performance.now()
    if (now - windowFrom > windowMs || windowFrom === 0) {
      windowFrom = now
      inWindow = 0
    }
    inWindow += 1
    if (inWindow <= linesInWindow) log(line.length > longestLine ? `${line.slice(0, longestLine)}…` : line)
    else if (inWindow === linesInWindow + 1) log('[… further lines are left out for some seconds …]')
  }
  return {
    push(chunk) {
      const text = decoder.write(chunk)
      tail = (tail + text).slice(-tailChars)
      const lines = (rest + text).split('\n')
      // What has no end yet is kept only as far as it would be shown.
      rest = (lines.pop() ?? '').slice(0, longestLine + 1)
      for (const line of lines) if (line.trim() !== '') tell(line.trimEnd())
    },
    tail: () => tail.trim(),
  }
}
