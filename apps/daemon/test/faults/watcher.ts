import type { WireEvent } from '@steward/contract'

/** What one reader of a session's event stream has been shown, over all its connections. */
export interface Watcher {
  readonly sessionId: string
  /** Durable events by their number. */
  readonly events: ReadonlyMap<number, WireEvent>
  /** The words shown of each message, spliced at their offsets. */
  readonly shown: ReadonlyMap<string, { text: string; reasoning: string }>
  /** What no reader may see: a gap in the words, an event twice, numbers out of order. */
  readonly complaints: readonly string[]
  /** Reads until the connection ends, from where the last one stopped. */
  watch(url: string, token: string, heard?: (name: string) => void): Promise<void>
}
/** A reader of `GET /v1/sessions/{id}/events` that knows nothing of our client: the text of the stream and Last-Event-ID alone. */
export function createWatcher(sessionId: string): Watcher {
  const events = new Map<number, WireEvent>()
  const shown = new Map<string, { text: string; reasoning: string }>()
  const complaints: string[] = []
  let cursor: string | undefined
  let last = 0
  const splice = (name: string, { messageId, offset, text }: { messageId: string; offset: number; text: string }) => {
    const kind = name === 'token' ? 'text' : 'reasoning'
    const known = shown.get(messageId) ?? { text: '', reasoning: '' }
    if (offset > known[kind].length) complaints.push(`${messageId}: words at ${offset}, but only ${known[kind].length} were shown before`)
    shown.set(messageId, { ...known, [kind]: known[kind].slice(0, offset) + text })
  }
  const take = (block: string, heard?: (name: string) => void) => {
    const fields = new Map<string, string>()
    for (const line of block.split('\n')) {
      const at = line.indexOf(': ')
      if (at > 0) fields.set(line.slice(0, at), line.slice(at + 2))
    }
    const name = fields.get('event')
    const id = fields.get('id')
    if (id !== undefined) cursor = id
    if (name === undefined) return
    if (name === 'reset') complaints.push('the reader was reset')
    const data = JSON.parse(fields.get('data') ?? 'null')
    if (id === undefined && (name === 'token' || name === 'reasoning')) splice(name, data.data)
    if (id !== undefined && name !== 'reset') {
      const event = data as WireEvent
      if (event.seq <= last) complaints.push(`event ${event.seq} after ${last}`)
      if (event.sessionId !== sessionId) complaints.push(`event ${event.seq} is of ${event.sessionId}`)
      last = event.seq
      events.set(event.seq, event)
    }
    heard?.(name)
  }
  return {
    sessionId,
    events,
    shown,
    complaints,
    async watch(url, token, heard) {
      let rest = ''
      try {
        const headers = { authorization: `Bearer ${token}`, ...(cursor === undefined ? {} : { 'last-event-id': cursor }) }
        const response = await fetch(`${url}/v1/sessions/${sessionId}/events`, { headers })
        if (!response.ok) throw new Error(`The stream answered ${response.status}: ${await response.text()}`)
        const decoder = new TextDecoder()
        for await (const chunk of response.body!) {
          rest += decoder.decode(chunk as Uint8Array, { stream: true })
          for (let at = rest.indexOf('\n\n'); at >= 0; at = rest.indexOf('\n\n')) {
            const block = rest.slice(0, at)
            rest = rest.slice(at + 2)
            take(block, heard)
          }
        }
      } catch (error) {
        // A daemon that is killed cuts its streams; what it said is told by the status.
        if ((error as Error).message.startsWith('The stream answered')) complaints.push((error as Error).message)
      }
    },
  }
}
