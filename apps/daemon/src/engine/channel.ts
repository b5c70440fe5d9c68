/** Told to a `put` whose value will never be taken: the reader has gone or the channel was closed. */
export class ChannelClosed extends Error {
  override readonly name = 'ChannelClosed'
}

/** Merges values of many writers for one reader, with back-pressure: nobody gets ahead of the reader. */
export interface Channel<T> extends AsyncIterable<T> {
  /** Resolves when the reader has taken the value *and come back for the next one*. Rejects with ChannelClosed when that will never happen. */
  put(value: T): Promise<void>
  /** Ends the reader after the values already put, with `error` if one is given. Later puts are refused. */
  close(error?: unknown): void
}

/** Makes a channel for one reader. It holds at most one value per writer that waits in `put`. */
export function createChannel<T>(): Channel<T> {
  const queue: { value: T; taken: () => void; refused: (error: ChannelClosed) => void }[] = []
  let closed: { error: unknown } | null = null
  let wake: (() => void) | null = null

  async function* read(): AsyncGenerator<T> {
    try {
      for (;;) {
        const first = queue[0]
        if (first) {
          yield first.value
          queue.shift()
          first.taken()
        } else if (closed) {
          if (closed.error !== undefined) throw closed.error
          return
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      }
    } finally {
      closed ??= { error: undefined }
      for (const { refused } of queue.splice(0)) refused(new ChannelClosed('The reader has gone.'))
    }
  }
  return {
    put(value) {
      if (closed) return Promise.reject(new ChannelClosed('The channel is closed.'))
      return new Promise((taken, refused) => {
        queue.push({ value, taken, refused })
        wake?.()
      })
    },
    close(error) {
      closed ??= { error }
      wake?.()
    },
    [Symbol.asyncIterator]: read,
  }
}
