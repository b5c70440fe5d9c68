import { until } from '@steward/testkit'

/** A connection to `/v1/updates` that speaks for itself: packets are sent as they are. It answers pings, and whatever the relay asks of it with junk. */
export interface Line {
  send(packet: string | Uint8Array<ArrayBuffer>): void
  /** What was acknowledged, by id. */
  readonly acks: Map<number, unknown>
  /** Why the introduction was refused. */
  refused(): string | undefined
  introduced(): boolean
  /** How it ended. */
  why(): string
  open(): boolean
  /** A stream that the relay has told of, and its key. */
  readonly stream: { id: string; key: string }
  close(): void
  readonly closed: Promise<void>
}
const junk = ['"x"', '', 'null', '{"accept":true}', '{"accept":false,"reason":"no"}', '{"received":0}', '{"a":[1]},2', '"answer"']
const fieldsOf = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {})

/** Opens one. It introduces itself with `introduction`, where there is one, and waits for the answer. */
export async function openLine(url: string, introduction?: unknown): Promise<Line> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/updates/?EIO=4&transport=websocket`)
  socket.binaryType = 'arraybuffer'
  const acks = new Map<number, unknown>()
  const stream = { id: 'none', key: 'none' }
  let state: 'new' | 'introduced' | 'refused' = 'new'
  let refusal: string | undefined
  let asked = 0
  let why = ''
  const closed = new Promise<void>((resolve) =>
    socket.addEventListener('close', ({ code, reason }) => {
      why += ` ${code} ${reason}`
      resolve()
    }),
  )
  socket.addEventListener('message', ({ data }) => {
    if (typeof data !== 'string') return
    if (data === '2') return socket.send('3')
    if (data === '41' || data.startsWith('42["ended"')) why += data
    if (data.startsWith('40')) state = 'introduced'
    if (data.startsWith('44')) [state, refusal] = ['refused', data]
    const [, kind, id, text] = /^4([2356])(?:\d+-)?(\d*)(\[.*)$/s.exec(data) ?? []
    if (text === undefined) return
    const said = JSON.parse(text) as unknown[]
    const { streamId, key } = fieldsOf(kind === '3' || kind === '6' ? said[0] : said[1])
    if (typeof streamId === 'string') Object.assign(stream, { id: streamId, ...(typeof key === 'string' ? { key } : {}) })
    if (kind === '3' || kind === '6') acks.set(Number(id), said[0])
    else if (id !== '' && socket.readyState === WebSocket.OPEN) socket.send(`43${id}[${junk[asked++ % junk.length]}]`)
  })
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve())
    socket.addEventListener('error', () => reject(new Error('There was no connection.')))
  })
  const isOpen = () => socket.readyState === WebSocket.OPEN
  if (introduction !== undefined) {
    socket.send(`40${JSON.stringify(introduction)}`)
    await until(() => state !== 'new' || !isOpen(), { timeoutMs: 15_000, what: 'an answer to the introduction' })
  }
  return {
    send: (packet) => (isOpen() ? socket.send(packet) : undefined),
    acks,
    refused: () => refusal,
    introduced: () => state === 'introduced',
    why: () => why,
    open: isOpen,
    stream,
    close: () => socket.close(),
    closed,
  }
}
