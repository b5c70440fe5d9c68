import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { anthropicWire } from './wire-anthropic.ts'
import { createWireAnswers } from './wire-answers.ts'
import { embeddingList, type EmbedText } from './wire-embeddings.ts'
import type { Wire } from './wire-format.ts'
import { modelList } from './wire-models.ts'
import { openaiChatWire } from './wire-openai-chat.ts'
import { openaiResponsesWire } from './wire-openai-responses.ts'
import { script } from './wire-script.ts'
import type { Script, Turn, WireRequest } from './wire-script.ts'

const WIRES: Readonly<Record<string, Wire>> = {
  '/v1/messages': anthropicWire,
  '/v1/chat/completions': openaiChatWire,
  '/v1/responses': openaiResponsesWire,
}

export interface WireServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, without `/v1`. */
  readonly url: string
  /** Every model call that came with a good key, in order of arrival. */
  readonly requests: readonly WireRequest[]
  /** Answers the next request with this turn, whatever the script says. Pushed turns are used up in order. */
  push(turn: Turn): void
  /** From now on everything that comes with this key is answered 401. */
  revoke(key: string): void
  /** Opens the gate of `hang` faults, for those waiting and those to come. */
  release(gate: string): void
  /** TCP connections that are open now, idle ones too. */
  openSockets(): number
  /** Resolves when so many model calls have arrived. */
  waitFor(count: number): Promise<void>
  /** Resolves when no answer is being given. */
  idle(): Promise<void>
  /** Resolves when no connection is open. */
  disconnected(): Promise<void>
  /** Destroys all connections and ends. */
  close(): Promise<void>
}

/**
 * A loopback server that speaks the streaming wire formats of Anthropic Messages, OpenAI chat completions and OpenAI Responses, the models lists, and with `embed` OpenAI
 * embeddings.
 * `turns` as an array is answered by `turnIndex` (see `script`). Without `key` any key is good. `POST /-/release/NAME` and
 * `GET /-/requests` serve a test that runs it in another process.
 */
export async function createWireServer(
  options: { turns?: readonly Turn[] | Script; key?: string; models?: readonly string[]; port?: number; embed?: EmbedText } = {},
): Promise<WireServer> {
  const { turns = [], key, models = ['wire-1', 'wire-2'], port = 0, embed } = options
  const requests: WireRequest[] = []
  const sockets = new Set<Socket>()
  const arrivals = new Set<() => void>()
  const idlers = new Set<() => void>()
  const leavers = new Set<() => void>()
  const answers = createWireAnswers(typeof turns === 'function' ? turns : script(turns))
  const revoked = new Set<string>()
  let active = 0

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (incoming.url ?? '/').replace(/\?.*$/, '')
    if (path === '/-/requests') return reply(response, 200, requests)
    if (path.startsWith('/-/release/')) {
      answers.release(decodeURIComponent(path.slice('/-/release/'.length)))
      return reply(response, 200, {})
    }
    const wire = WIRES[path] ?? (incoming.headers['anthropic-version'] === undefined ? openaiChatWire : anthropicWire)
    const given = givenKey(incoming)
    if ((key !== undefined && given !== key) || (given !== undefined && revoked.has(given))) {
      const { status, body } = wire.error({ kind: 'unauthorized' })
      return reply(response, status, body)
    }
    if (path === '/v1/models') return reply(response, 200, modelList(wire.format, models))
    const body = await readJson(incoming)
    if (path === '/v1/embeddings' && embed && body) {
      const answer = embeddingList(body, embed)
      return reply(response, answer.status, answer.body)
    }
    if (WIRES[path] === undefined || body === undefined) {
      const failed = wire.error({ kind: 'status', status: body === undefined ? 400 : 404, message: `There is nothing at ${path} for this request.` })
      return reply(response, failed.status, failed.body)
    }
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]))
    const request: WireRequest = { format: wire.format, path: incoming.url ?? path, headers, body, at: performance.now() }
    requests.push(request)
    for (const arrived of arrivals) arrived()
    await answers.answer(wire, request, response)
  }

  const server = createServer((incoming, response) => {
    active += 1
    response.on('close', () => {
      active -= 1
      if (active === 0) for (const idle of idlers) idle()
    })
    serve(incoming, response).catch(() => response.destroy())
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => {
      sockets.delete(socket)
      for (const left of leavers) left()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  return {
    url,
    requests,
    push: answers.push,
    revoke: (one) => void revoked.add(one),
    release: answers.release,
    openSockets: () => sockets.size,
    waitFor: (count) => when(arrivals, () => requests.length >= count),
    idle: () => when(idlers, () => active === 0),
    disconnected: () => when(leavers, () => sockets.size === 0),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function when(bells: Set<() => void>, done: () => boolean): Promise<void> {
  if (done()) return Promise.resolve()
  return new Promise((resolve) => {
    const bell = (): void => {
      if (!done()) return
      bells.delete(bell)
      resolve()
    }
    bells.add(bell)
  })
}

function givenKey(incoming: IncomingMessage): string | undefined {
  const named = incoming.headers['x-api-key']
  if (typeof named === 'string') return named
  return incoming.headers.authorization?.replace(/^Bearer /i, '')
}

async function readJson(incoming: IncomingMessage): Promise<Record<string, unknown> | undefined> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk))
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : undefined
  } catch {
    return undefined
  }
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
