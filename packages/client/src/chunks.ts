/** The chunks of a stream, in every browser (not all of them can iterate one). Leaving the loop early ends the stream. */
export async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  let whole = false
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value
    whole = true
  } finally {
    if (!whole) await reader.cancel().catch(() => undefined)
  }
}
/** A stream of chunks, in every browser (not all of them can make one of an iterable). What reads it sets the pace. */
export function streamOf(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = chunks[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next()
      if (done === true) controller.close()
      else controller.enqueue(value as Uint8Array<ArrayBuffer>)
    },
    async cancel() {
      await iterator.return?.()
    },
  })
}
