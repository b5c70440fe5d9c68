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
