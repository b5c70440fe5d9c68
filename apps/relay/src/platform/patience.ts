import { silent, unreachable } from './s3-faults.ts'

/** Watches that a store gives signs of life, and only it: the time in which a sender or a reader is slow does not count. */
export interface Patience extends Disposable {
  /** Aborted when the store was silent for too long. */
  readonly signal: AbortSignal
  /** A sign of life. */
  restart(): void
  /** Why a request failed, where that is known here: the store was silent, or the bytes for it broke off. */
  why(): unknown
  /** Bytes on their way to the store. */
  whileTaken(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void>
  /** Bytes on their way from the store. They are watched until they end or are given up; where nobody reads them, until patience is at its end. */
  whileGiven(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void>
}
/** Patience for one request. It begins with the first `restart`. */
export function createPatience(silenceMs: number, endpoint: string): Patience {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let broken: { error: unknown } | undefined
  const pause = () => clearTimeout(timer)
  const restart = () => {
    clearTimeout(timer)
    timer = setTimeout(() => controller.abort(silent(endpoint, silenceMs)), silenceMs).unref()
  }
  const why = (): unknown => (broken ? broken.error : controller.signal.aborted ? controller.signal.reason : undefined)
  return {
    signal: controller.signal,
    restart,
    why,
    async *whileTaken(bytes) {
      try {
        pause()
        for await (const chunk of bytes) {
          restart()
          yield chunk
          pause()
        }
        restart()
      } catch (error) {
        broken = { error }
        throw error
      }
    },
    async *whileGiven(bytes) {
      try {
        restart()
        for await (const chunk of bytes) {
          pause()
          yield chunk
          restart()
        }
      } catch (error) {
        throw why() ?? unreachable(endpoint, error)
      } finally {
        pause()
      }
    },
    [Symbol.dispose]: pause,
  }
}
