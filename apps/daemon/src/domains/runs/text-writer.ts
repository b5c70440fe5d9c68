import type { RunDeps } from './ports.ts'

const restMs = 30
/**
 * Shows a message as it grows: the first words at once, then at most every 30 ms. What is shown was written before (it survives kill -9),
 * and no shown piece ends in half of a surrogate pair.
 */
export function createTextWriter({ commit, live, messages }: Pick<RunDeps, 'commit' | 'live' | 'messages'>, sessionId: string, messageId: string) {
  const waiting = { text: '', reasoning: '' }
  const whole = { text: '', reasoning: '' }
  let chunks = 0
  let lastAt = -Infinity
  let timer: NodeJS.Timeout | undefined
  let failure: unknown

  const flushOne = (kind: 'text' | 'reasoning', last: boolean) => {
    let piece = waiting[kind]
    const tail = piece.charCodeAt(piece.length - 1)
    if (!last && tail >= 0xd800 && tail <= 0xdbff) piece = piece.slice(0, -1)
    if (piece === '') return
    commit(() => void messages.appendChunk(messageId, chunks, kind, piece))
    waiting[kind] = waiting[kind].slice(piece.length)
    chunks++
    whole[kind] += piece
    live.append(sessionId, kind, piece)
  }
  const flush = (last = false) => {
    clearTimeout(timer)
    timer = undefined
    lastAt = performance.now()
    flushOne('reasoning', last)
    flushOne('text', last)
    lastAt = performance.now() // readers see the words when they are written, which may have taken a while
  }
  /** What fails here is told at the next word or at the end, and is tried again then. */
  const attempt = () => {
    failure = undefined
    try {
      flush()
    } catch (error) {
      failure = error
    }
  }
  /** Writes what could not be written before. Throws, with nothing changed, while it still cannot. */
  const settle = () => {
    if (failure === undefined) return
    attempt()
    if (failure !== undefined) throw failure
  }
  return {
    /** Takes words in. When it throws it has not taken them; the same call may be made again. */
    push(kind: 'text' | 'reasoning', text: string) {
      settle()
      waiting[kind] += text
      const due = lastAt + restMs - performance.now()
      if (due <= 0) attempt()
      else timer ??= setTimeout(attempt, Math.ceil(due))
    },
    /** Shows what is left; may be called again when it throws. After this nothing more is written. */
    finish() {
      settle()
      flush(true)
      return { ...whole }
    },
    stop: () => clearTimeout(timer),
  }
}
export type TextWriter = ReturnType<typeof createTextWriter>
