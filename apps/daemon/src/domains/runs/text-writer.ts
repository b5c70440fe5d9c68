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
    waiting[kind] = waiting[kind].slice(piece.length)
    commit(() => void messages.appendChunk(messageId, chunks, kind, piece))
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
  }
  return {
    push(kind: 'text' | 'reasoning', text: string) {
      if (failure !== undefined) throw failure
      waiting[kind] += text
      const due = lastAt + restMs - performance.now()
      if (due <= 0) flush()
      else
        timer ??= setTimeout(() => {
          try {
            flush()
          } catch (error) {
            failure = error // told to the run at its next word, which ends the step
          }
        }, Math.ceil(due))
    },
    /** Shows what is left. After this nothing more is written. */
    finish() {
      if (failure !== undefined) throw failure
      flush(true)
      return { ...whole }
    },
    stop: () => clearTimeout(timer),
  }
}
export type TextWriter = ReturnType<typeof createTextWriter>
