import type { JSONRPCMessage } from '@modelcontextprotocol/client'

type FetchLike = (url: string | URL, init?: RequestInit) => Promise<Response>
/** How long an answer that came with the last bytes may take to be read. */
const lastWordsMs = 500
/** In the style of an error that a server answers, see JSON-RPC 2.0 5.1. */
const lost = -32_000
type Id = string | number

/**
 * Answers requests whose stream of events broke or ended without their answer, which the library would wait for until their time is over. A
 * stream with event ids is left to the library: it asks for the rest. `heard` must be told of every message.
 */
export function createBrokenStreams(answer: (message: JSONRPCMessage) => void) {
  const waiting = new Set<Id>()
  const giveUp = (id: Id, message: string): void => {
    if (waiting.delete(id)) answer({ jsonrpc: '2.0', id, error: { code: lost, message } })
  }
  async function* watched(body: ReadableStream<Uint8Array>, id: Id): AsyncGenerator<Uint8Array> {
    let resumable = false
    let seam = '\n'
    let why = 'The server ended its answer before it was complete'
    try {
      for await (const chunk of body) {
        const text = seam + Buffer.from(chunk).toString('latin1')
        resumable ||= /[\r\n]id:/.test(text)
        seam = text.slice(-3)
        yield chunk
      }
    } catch (error) {
      why = `The connection broke before the answer was complete (${error instanceof Error ? error.message : String(error)})`
      throw error
    } finally {
      if (!resumable) setTimeout(() => giveUp(id, `${why}, so the outcome is unknown.`), lastWordsMs).unref()
    }
  }
  return {
    heard(message: JSONRPCMessage): void {
      if ('id' in message && message.id !== undefined && !('method' in message)) waiting.delete(message.id)
    },
    watch:
      (fetch: FetchLike): FetchLike =>
      async (url, init) => {
        const response = await fetch(url, init)
        const id = requestId(init)
        const events = (response.headers.get('content-type') ?? '').startsWith('text/event-stream')
        if (id === undefined || !events || response.body === null) return response
        waiting.add(id)
        return new Response(ReadableStream.from(watched(response.body, id)), response)
      },
  }
}

function requestId(init: RequestInit | undefined): Id | undefined {
  if (init?.method !== 'POST' || typeof init.body !== 'string') return undefined
  const message = JSON.parse(init.body) as { readonly id?: Id; readonly method?: string }
  return message.method === undefined ? undefined : message.id
}
