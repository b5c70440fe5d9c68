import type { Socket } from 'node:net'

/** How the network is at the moment; read for every chunk. */
export interface Weather {
  /** How long the next chunk is under way, in milliseconds. */
  delayMs(): number
  /** Whether the next chunk is lost. */
  isLost(): boolean
  isStalled(): boolean
}
const mostBytes = 1024 * 1024

/**
 * Carries what comes from one socket to the other, in order, however long the chunks are under way, the end included. At most 1 MiB (and one chunk)
 * is under way or waits for the reader; then the writer has to wait. Calls `cut` in place of carrying a lost chunk. Returns what is to be called
 * when a stall begins or ends.
 */
export function carry(from: Socket, to: Socket, weather: Weather, cut: () => void): () => void {
  const underWay: { readonly chunk: Buffer | null; readonly dueAt: number }[] = []
  let bytes = 0
  let timer: NodeJS.Timeout | undefined
  const add = (chunk: Buffer | null): void => {
    const earliest = underWay.at(-1)?.dueAt ?? 0
    underWay.push({ chunk, dueAt: Math.max(earliest, performance.now() + weather.delayMs()) })
    bytes += chunk?.length ?? 0
    move()
  }
  const move = (): void => {
    clearTimeout(timer)
    while (!weather.isStalled() && !to.writableNeedDrain && !to.destroyed) {
      const [next] = underWay
      if (!next) break
      const waitMs = next.dueAt - performance.now()
      if (waitMs > 0) {
        timer = setTimeout(move, waitMs)
        break
      }
      underWay.shift()
      bytes -= next.chunk?.length ?? 0
      if (next.chunk) to.write(next.chunk)
      else to.end()
    }
    if (weather.isStalled() || bytes > mostBytes) from.pause()
    else from.resume()
  }
  from.on('data', (chunk: Buffer) => (weather.isLost() ? cut() : add(chunk)))
  from.on('end', () => add(null))
  to.on('drain', move)
  to.on('close', () => clearTimeout(timer))
  move()
  return move
}
