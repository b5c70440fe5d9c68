import { createServer, type IncomingMessage } from 'node:http'
import { createClient, createFetchSender, type Client } from '@steward/client'
import { until } from '@steward/testkit'
import { expect } from 'vitest'
import { startDaemon, type TestDaemon, type TestDaemonOptions } from './kit.ts'

/** A request as the stand-in got it. */
export interface Got {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: any
}
type Answering = (got: Got) => unknown
export interface StandIn extends AsyncDisposable {
  readonly url: string
  /** Every request, in order of arrival. */
  readonly requests: readonly Got[]
  /** What is answered from now on: JSON with 200, or a `Response`. */
  answer: Answering
  /** Resolves when so many requests have arrived. */
  waitFor(count: number): Promise<void>
}
/** A service of the network: a loopback server that keeps what it was asked and echoes it, or answers what a test says. */
export async function createStandIn(answer: Answering = ({ query, body }) => ({ text: query['text'] ?? body?.text ?? null })): Promise<StandIn> {
  const requests: Got[] = []
  const bells = new Set<() => void>()
  const serve = async (incoming: IncomingMessage): Promise<Response> => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://loopback')
    const got = {
      method: incoming.method ?? '',
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers: incoming.headers as Got['headers'],
    }
    requests.push({ ...got, body: text === '' ? null : JSON.parse(text) })
    for (const bell of bells) bell()
    const given = await made.answer(requests.at(-1)!)
    return given instanceof Response ? given : Response.json(given)
  }
  const server = createServer((incoming, outgoing) => {
    serve(incoming)
      .then(async (response) => outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text()))
      .catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const made: StandIn = {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    requests,
    answer,
    async waitFor(count) {
      while (requests.length < count)
        await new Promise<void>((resolve) => {
          const bell = () => {
            bells.delete(bell)
            resolve()
          }
          bells.add(bell)
        })
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return made
}

const text = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'], additionalProperties: false }
const body = { text: '{{inputs.text}}' }
const output = { path: 'body' }
export const benchTools = {
  ask: {
    id: 'ask',
    name: 'Ask',
    description: 'Asks the bench for a text.',
    inputs: text,
    http: { method: 'GET', url: '{{settings.baseUrl}}/ask', query: body, output },
  },
  tell: {
    id: 'tell',
    name: 'Tell',
    description: 'Tells the bench a text.',
    inputs: text,
    http: { method: 'POST', url: '{{settings.baseUrl}}/tell', body, output },
  },
  put: {
    id: 'put',
    name: 'Put',
    description: 'Puts a text on the bench.',
    inputs: text,
    http: { method: 'PUT', url: '{{settings.baseUrl}}/put', body, output },
  },
  list: {
    id: 'list',
    name: 'List',
    description: 'Lists what lies on the bench.',
    inputs: { type: 'object', properties: {}, additionalProperties: false },
    outputs: {
      type: 'object',
      properties: { items: { type: 'array', items: { type: 'string' } } },
      required: ['items'],
      additionalProperties: false,
    },
    http: { method: 'GET', url: '{{settings.baseUrl}}/list', output },
  },
  sleep: {
    id: 'sleep',
    name: 'Sleep',
    description: 'Does nothing for a while.',
    inputs: { type: 'object', properties: { seconds: { type: 'integer' } }, required: ['seconds'], additionalProperties: false },
    command: { argv: ['sleep', '{{inputs.seconds}}'] },
  },
} as const
/** An app whose tools ask a stand-in, or run a command. */
export const benchApp = (url: string, tools: readonly object[] = Object.values(benchTools), more: object = {}) => ({
  id: 'bench',
  name: 'Bench',
  settings: { baseUrl: { default: url } },
  tools,
  ...more,
})
/** A daemon with the app `bench`, in a mode that asks for nothing unless said. */
export const startBench = (service: StandIn, { env, manifests, ...options }: TestDaemonOptions = {}) =>
  startDaemon({ ...options, manifests: { bench: benchApp(service.url), ...manifests }, env: { STEWARD_RUNS_PERMISSION_MODE: 'auto', ...env } })

export const execute = async (daemon: TestDaemon, wanted: object, headers: Record<string, string> = {}) =>
  (await daemon.ask('POST', '/v1/execute', wanted, headers)).body
/** Stores a workflow and answers its id. */
export async function saved(daemon: TestDaemon, steps: readonly object[], more: object = {}): Promise<string> {
  const { status, body: made } = await daemon.ask('POST', '/v1/workflows', { name: 'Made for a test', permissions: ['*'], steps, ...more })
  expect({ status, made }).toMatchObject({ status: 201 })
  return made.id
}
export const settle = async (daemon: TestDaemon, approvalId: string, decision: 'approve' | 'reject' = 'approve', reason?: string) =>
  (await daemon.ask('POST', `/v1/approvals/${approvalId}`, { decision, ...(reason === undefined ? {} : { reason }) })).body
/** The execution once it has this status, or any of those that it can rest in without a person. */
export const ended = (daemon: TestDaemon, id: string, status?: string): Promise<any> =>
  until(
    async () => {
      const { body: outcome } = await daemon.ask('GET', `/v1/executions/${id}/outcome?waitMs=${status === undefined ? 5_000 : 0}`)
      const over = status === undefined ? !['queued', 'running', 'waiting'].includes(outcome.status) : outcome.status === status
      return over ? (await daemon.ask('GET', `/v1/executions/${id}`)).body : undefined
    },
    { timeoutMs: 20_000, what: `the execution ${id} to be ${status ?? 'at its end'}` },
  )
export const stepsOf = async (daemon: TestDaemon, id: string): Promise<any[]> => (await daemon.ask('GET', `/v1/executions/${id}/steps`)).body.items
export const historyOf = async (daemon: TestDaemon, query = ''): Promise<any[]> => (await daemon.ask('GET', `/v1/history${query}`)).body.items
/** A client with a token of its own that holds these scopes, and how to ask with it. */
export async function asToken(daemon: TestDaemon, scopes: readonly string[]) {
  const { token, secret } = await daemon.client.tokens.create({ name: 'Made for a test', scopes: [...scopes] })
  const client: Client = createClient(createFetchSender({ url: daemon.url, token: secret }))
  const ask: TestDaemon['ask'] = (method, route, sent, headers) => daemon.ask(method, route, sent, { ...headers, authorization: `Bearer ${secret}` })
  return { id: token.id, secret, client, ask }
}
