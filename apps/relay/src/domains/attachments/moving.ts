import { Fault } from '@steward/contract'

/** The bytes as they come. Throws Fault `invalid` when none came for `limitMs`, or when the sender is gone (`signal`), and reads no further. */
export async function* moving(bytes: AsyncIterable<Uint8Array>, limitMs: number, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  const source = bytes[Symbol.asyncIterator]()
  let give: (error: Fault) => void = () => undefined
  const gone = () => give(new Fault('invalid', 'The upload broke off before its end; send it again.'))
  signal.addEventListener('abort', gone, { once: true })
  try {
    for (;;) {
      let late: NodeJS.Timeout | undefined
      const given = new Promise<never>((_, reject) => {
        give = reject
        late = setTimeout(() => reject(new Fault('invalid', `Nothing came for ${limitMs / 1000} s; send the file again.`)), limitMs)
        if (signal.aborted) gone()
      })
      const next = await Promise.race([source.next(), given]).finally(() => clearTimeout(late))
      if (next.done === true) return
      yield next.value
    }
  } finally {
    signal.removeEventListener('abort', gone)
    // Not awaited: a source that stands still would never answer.
    void source.return?.().then(undefined, () => undefined)
  }
}
