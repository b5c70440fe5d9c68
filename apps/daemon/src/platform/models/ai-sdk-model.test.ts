import { createWireServer, lastUserText, toolResults, turnIndex } from '@steward/testkit'
import type { Turn, WireServer } from '@steward/testkit'
import { afterEach, describe, expect, test } from 'vitest'
import { ModelError } from '../../engine/types.ts'
import type { ModelMessage, ModelPart, ModelRequest, ReasoningPart } from '../../engine/types.ts'
import { createAiSdkModel } from './ai-sdk-model.ts'
import type { ProviderSettings } from './providers.ts'

const formats = [
  ['anthropic messages', { kind: 'anthropic' }],
  ['openai chat completions', { kind: 'openai', api: 'chat' }],
  ['openai responses', { kind: 'openai', api: 'responses' }],
  ['an openai-compatible server', { kind: 'openai-compatible' }],
] as const satisfies readonly (readonly [string, ProviderSettings])[]

const KEY = 'sk-planted-secret-4711'
const user = (text: string): ModelMessage => ({ role: 'user', content: [{ type: 'text', text }] })
const add = { name: 'add', description: 'Adds.', inputSchema: { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } } } }
const never = new AbortController().signal

function ask(more: Partial<ModelRequest> = {}): ModelRequest {
  return { system: 'You add.', messages: [user('hello')], tools: [], maxOutputTokens: 1000, ...more }
}

let running: WireServer | undefined
afterEach(() => running?.close())

const file = (name: string, mediaType: string, data: string) =>
  ({ type: 'file', fileId: 'f', name, mediaType, data: Buffer.from(data).toString('base64') }) as const

async function serve(provider: ProviderSettings, turns: readonly Turn[] | ((request: Parameters<typeof turnIndex>[0]) => Turn), modelId = 'm-1') {
  const server = await createWireServer({ turns, key: KEY })
  running = server
  const model = createAiSdkModel({
    provider: { apiKey: KEY, ...provider, baseUrl: server.url },
    modelId,
    contextTokens: 1000,
    maxOutputTokens: 1000,
    price: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
  })
  return { model, server }
}

async function collect(stream: AsyncIterable<ModelPart>): Promise<{ parts: ModelPart[]; text: string; error: unknown }> {
  const parts: ModelPart[] = []
  let error: unknown
  try {
    for await (const part of stream) parts.push(part)
  } catch (thrown) {
    error = thrown
  }
  return { parts, text: parts.map((part) => (part.type === 'text' ? part.text : '')).join(''), error }
}

describe.each(formats)('over %s', (_, provider) => {
  test('text comes delta by delta, then why it ended and what it cost', async () => {
    const usage = { inputTokens: 7, outputTokens: 3, cacheReadTokens: 20, cacheWriteTokens: 5 }
    const { model, server } = await serve(provider, [{ text: ['one ', 'two ', 'ünd 🎉'], usage }])
    const { parts, error } = await collect(model.stream(ask(), never))
    expect(error).toBeUndefined()
    // The compatible servers' format has no word for tokens written to a cache; they count as input.
    expect(parts).toEqual([
      { type: 'text', text: 'one ' },
      { type: 'text', text: 'two ' },
      { type: 'text', text: 'ünd 🎉' },
      {
        type: 'finish',
        reason: 'stop',
        usage: provider.kind === 'openai-compatible' ? { ...usage, inputTokens: 12, cacheWriteTokens: 0 } : usage,
      },
    ])
    expect(lastUserText(server.requests[0]!)).toBe('hello')
  })

  test('calls of tools come in order and their results go back', async () => {
    const calls = [
      { name: 'add', input: { a: 1, b: 2 } },
      { name: 'add', input: { a: 3, b: 4 } },
    ]
    const { model, server } = await serve(provider, [{ text: 'Adding.', calls }, { text: 'Done.' }])
    const tools = [add]
    const first = await collect(model.stream(ask({ tools }), never))
    const asked = first.parts.filter((part) => part.type === 'tool_call')
    expect(asked).toMatchObject(calls)
    expect(first.parts.at(-1)).toMatchObject({ type: 'finish', reason: 'tool_calls' })
    const messages: ModelMessage[] = [
      user('hello'),
      { role: 'assistant', content: [{ type: 'text', text: first.text }, ...asked] },
      {
        role: 'tool',
        content: asked.map(({ callId, name }, place) => ({ type: 'tool_result', callId, name, text: `sum ${place}`, isError: place === 1 })),
      },
    ]
    const second = await collect(model.stream(ask({ tools, messages }), never))
    expect(second.text).toBe('Done.')
    const seen = server.requests[1]!
    expect(turnIndex(seen)).toBe(1)
    expect(toolResults(seen)).toMatchObject([
      { callId: asked[0]!.callId, text: 'sum 0' },
      { callId: asked[1]!.callId, text: 'sum 1', isError: provider.kind === 'anthropic' },
    ])
  })

  test('an abort throws its reason and closes the connection to the provider', async () => {
    const { model, server } = await serve(provider, [{ text: 'x', fault: { kind: 'endless' } }])
    const abort = new AbortController()
    const reason = new Error('enough')
    const stream = collect(
      (async function* () {
        for await (const part of model.stream(ask(), abort.signal)) {
          abort.abort(reason)
          yield part
        }
      })(),
    )
    expect((await stream).error).toBe(reason)
    await server.disconnected()
  })

  test('leaving the answer early closes the connection to the provider', async () => {
    const { model, server } = await serve(provider, [{ text: 'x', fault: { kind: 'endless' } }])
    for await (const part of model.stream(ask(), never)) if (part.type === 'text') break
    await server.disconnected()
    expect(server.openSockets()).toBe(0)
  })

  test('an abort while the provider is silent ends the wait', async () => {
    const { model, server } = await serve(provider, [{ text: 'x', fault: { kind: 'hang', gate: 'g' } }])
    const abort = new AbortController()
    const stream = collect(model.stream(ask(), abort.signal))
    await server.waitFor(1)
    abort.abort(new Error('enough'))
    expect((await stream).error).toBe(abort.signal.reason)
    await server.disconnected()
  })

  test.each([
    ['rate_limited', { kind: 'status', status: 429, retryAfter: 7, message: 'Slow down.' }, 'Slow down.'],
    ['overloaded', { kind: 'status', status: 529, message: 'Overloaded' }, 'Overloaded'],
    ['overloaded', { kind: 'status', status: 503, message: 'No room.' }, 'No room.'],
    ['overloaded', { kind: 'status', status: 500, message: 'Oh.' }, 'Oh.'],
    ['overflow', { kind: 'overflow' }, /prompt is too long|maximum context length|context window/],
    ['auth', { kind: 'unauthorized' }, /key/],
    ['auth', { kind: 'status', status: 403, message: 'Not for you.' }, 'Not for you.'],
    ['refused', { kind: 'status', status: 404, message: 'No such model.' }, 'No such model.'],
    ['network', { kind: 'cut', afterDeltas: 2 }, /./],
    ['network', { kind: 'unfinished', afterDeltas: 2 }, /./],
    ['malformed', { kind: 'malformed', afterDeltas: 2 }, /./],
    ['overloaded', { kind: 'error-event', afterDeltas: 2, message: 'Overloaded now.' }, 'Overloaded now.'],
  ] as const)('%s is what %o means', async (kind, fault, words) => {
    const { model, server } = await serve(provider, [{ text: ['a', 'b', 'c', 'd'], fault }])
    const { error, text } = await collect(model.stream(ask(), never))
    expect(error).toBeInstanceOf(ModelError)
    expect(error).toMatchObject({
      kind,
      message: expect.stringMatching(words) as string,
      ...(fault.kind === 'status' ? { status: fault.status } : {}),
      retryAfterMs: 'retryAfter' in fault ? 7000 : undefined,
    })
    expect(text).toBe('afterDeltas' in fault ? 'ab' : '')
    expect(server.requests).toHaveLength(1)
  })

  test('a server that does not answer at all is a matter of the network', async () => {
    const { model, server } = await serve(provider, [])
    await server.close()
    expect((await collect(model.stream(ask(), never))).error).toMatchObject({ kind: 'network' })
  })

  test('the key is in no error, even when the provider repeats it', async () => {
    const { model } = await serve(provider, [{ fault: { kind: 'status', status: 401, message: `The key ${KEY} is wrong.` } }])
    const { error } = await collect(model.stream(ask(), never))
    expect(error).toMatchObject({ kind: 'auth', message: 'The key [key] is wrong.' })
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(KEY)
  })

  test('an answer cut by the token limit ends with that reason', async () => {
    const { model } = await serve(provider, [{ text: 'half', finish: 'length' }])
    expect((await collect(model.stream(ask(), never))).parts.at(-1)).toMatchObject({ type: 'finish', reason: 'length' })
  })

  test('an output schema is sent with the request', async () => {
    const outputSchema = { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'], additionalProperties: false }
    const { model, server } = await serve(provider, [{ text: '{"sum": 3}' }], provider.kind === 'anthropic' ? 'claude-sonnet-4-5' : 'gpt-4.1')
    const { text, error } = await collect(model.stream(ask({ outputSchema }), never))
    expect(error).toBeUndefined()
    expect(text).toBe('{"sum": 3}')
    expect(JSON.stringify(server.requests[0]!.body)).toContain('"required":["sum"]')
  })

  test('a picture and a PDF are sent as files, a text file as text', async () => {
    const { model, server } = await serve(provider, [{ text: 'seen' }])
    const content = [file('a.png', 'image/png', 'PNGDATA'), file('b.pdf', 'application/pdf', 'PDFDATA'), file('c.txt', 'text/plain', 'plain words')]
    const { error } = await collect(model.stream(ask({ messages: [{ role: 'user', content }] }), never))
    expect(error).toBeUndefined()
    const sent = JSON.stringify(server.requests[0]!.body)
    expect(sent).toContain(Buffer.from('PNGDATA').toString('base64'))
    expect(sent).toContain(Buffer.from('PDFDATA').toString('base64'))
    expect(sent).toContain('plain words')
  })
})

test.each([
  ['anthropic messages', { kind: 'anthropic' }, 'claude-opus-5-5', 'c2lnbmF0dXJlLW9mLXRoZS10aG91Z2h0'],
  ['openai responses', { kind: 'openai', api: 'responses' }, 'gpt-5', 'ZW5jcnlwdGVkLXJlYXNvbmluZw=='],
  ['an openai-compatible server', { kind: 'openai-compatible' }, 'm-1', 'thinking hard about it'],
] as const)('reasoning over %s goes back as the provider wants it', async (_, provider, modelId, proof) => {
  const { model, server } = await serve(
    provider,
    [{ reasoning: 'thinking hard about it', text: 'yes', calls: [{ name: 'add', input: {} }] }, { text: 'ok' }],
    modelId,
  )
  const { parts } = await collect(model.stream(ask({ thinking: true, tools: [add] }), never))
  const thought = parts.map((part) => (part.type === 'reasoning' ? part.text : '')).join('')
  expect(thought).toBe('thinking hard about it')
  const end = parts.find((part) => part.type === 'reasoning_end')!
  const reasoning: ReasoningPart = { type: 'reasoning', text: thought, ...(end.metadata === undefined ? {} : { metadata: end.metadata }) }
  const call = parts.find((part) => part.type === 'tool_call')!
  const messages: ModelMessage[] = [
    user('hello'),
    { role: 'assistant', content: [reasoning, { type: 'text', text: 'yes' }, call] },
    { role: 'tool', content: [{ type: 'tool_result', callId: call.callId, name: 'add', text: '3', isError: false }] },
  ]
  const second = await collect(model.stream(ask({ messages, tools: [add], thinking: true }), never))
  expect(second.text).toBe('ok')
  const answered = JSON.stringify(server.requests[1]!.body)
  expect(answered).toContain('thinking hard about it')
  expect(answered).toContain(proof)
})

test('Anthropic is asked to cache the system text and the last two messages from outside', async () => {
  const { model, server } = await serve({ kind: 'anthropic' }, [{}, { text: 'ok' }])
  const messages: ModelMessage[] = [user('first'), { role: 'assistant', content: [{ type: 'text', text: 'yes' }] }, user('second')]
  await collect(model.stream(ask({ messages }), never))
  const { system, messages: sent } = server.requests[0]!.body as {
    system: { cache_control?: object }[]
    messages: { role: string; content: { cache_control?: object }[] }[]
  }
  expect(system.at(-1)?.cache_control).toEqual({ type: 'ephemeral' })
  expect(sent.map(({ content }) => content.at(-1)?.cache_control !== undefined)).toEqual([true, false, true])
})

test('a call whose input is no JSON is malformed, but at the token limit it is the limit', async () => {
  const { model } = await serve({ kind: 'openai', api: 'chat' }, (request) => ({
    calls: [{ name: 'add', raw: '{"a": 1, ' }],
    finish: lastUserText(request) === 'long' ? 'length' : 'tool_calls',
  }))
  const { error } = await collect(model.stream(ask({ tools: [add] }), never))
  expect(error).toMatchObject({ kind: 'malformed', message: expect.stringContaining('add') as string })
  const limited = await collect(model.stream(ask({ tools: [add], messages: [user('long')] }), never))
  expect(limited.parts).toMatchObject([{ type: 'finish', reason: 'length' }])
})

test('a retry date in the past means at once', async () => {
  const retryAfter = new Date(0).toUTCString()
  const { model } = await serve({ kind: 'anthropic' }, [{ fault: { kind: 'status', status: 429, retryAfter } }])
  expect((await collect(model.stream(ask(), never))).error).toMatchObject({ kind: 'rate_limited', retryAfterMs: 0 })
})
