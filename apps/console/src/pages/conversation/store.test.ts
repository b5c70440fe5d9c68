import type { Message, ToolCall } from '@steward/contract/daemon'
import { expect, test } from 'vitest'
import { createConversation } from './store.ts'

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString()
const message = (position: number, more: Partial<Message> = {}): Message => ({
  id: `msg_${position}`,
  sessionId: 'ses_a',
  runId: 'run_a',
  position,
  role: position % 2 === 1 ? 'user' : 'assistant',
  status: 'final',
  text: `text ${position}`,
  reasoning: null,
  model: null,
  attachments: [],
  toolCalls: [],
  origin: null,
  synthetic: false,
  createdAt: at(position),
  ...more,
})
const toolCall = (more: Partial<ToolCall> = {}): ToolCall => ({
  id: 'call_a',
  sessionId: 'ses_a',
  runId: 'run_a',
  messageId: 'msg_2',
  toolId: 'shell.run',
  input: { command: 'ls' },
  status: 'asked',
  output: null,
  text: null,
  createdAt: at(2),
  startedAt: null,
  finishedAt: null,
  ...more,
})
/** A store whose frames come when the test says so. */
function opened() {
  const frames: (() => void)[] = []
  let gaps = 0
  const store = createConversation('ses_a', { soon: (deed) => void frames.push(deed), onGap: () => void gaps++ })
  let seq = 0
  return {
    store,
    frame: () => {
      for (const deed of frames.splice(0)) deed()
    },
    event: (name: string, data: unknown, second = 10, sessionId = 'ses_a') =>
      store.hear({ event: { seq: ++seq, id: `evt_${seq}`, name, at: at(second), sessionId, runId: 'run_a', data }, cursor: String(seq) }),
    token: (messageId: string, offset: number, text: string) =>
      store.hear({ flash: { name: 'token', at: at(10), sessionId: 'ses_a', runId: 'run_a', data: { messageId, offset, text } } }),
    gaps: () => gaps,
    texts: () => store.rows().keys.map((key) => store.message(key)?.text ?? key),
  }
}
const started = (messageId: string) => ({ step: 1, messageId, model: 'a/b', reservedUsd: 0 })
const final = (messageId: string, text: string, interrupted = false) => ({
  messageId,
  role: 'assistant',
  text,
  reasoning: null,
  toolCalls: [],
  model: 'a/b',
  reason: 'stop',
  interrupted,
})

test('words that come twice, late or after the end are there once', () => {
  const { store, event, token, frame } = opened()
  store.newest([message(1)], false)
  event('step.started', started('msg_2'))
  for (const [offset, text] of [
    [0, 'Hel'],
    [3, 'lo 😀'],
    [0, 'Hel'],
    [3, 'lo 😀'],
    [8, ' there'],
  ] as const)
    token('msg_2', offset, text)
  frame()
  expect(store.message('msg_2')?.text).toBe('Hello 😀 there')
  event('message.final', final('msg_2', 'Hello 😀 there.'))
  token('msg_2', 0, 'Hel')
  frame()
  expect(store.message('msg_2')).toMatchObject({ text: 'Hello 😀 there.', status: 'final' })
})
test('many words of one frame draw one message once, and no other', () => {
  const { store, event, token, frame } = opened()
  store.newest([message(1)], false)
  event('step.started', started('msg_2'))
  const drawn = { one: 0, two: 0, rows: 0 }
  store.watch('msg_1', () => void drawn.one++)
  store.watch('rows', () => void drawn.rows++)
  store.watch('msg_2', () => void drawn.two++)
  token('msg_2', 0, 'a')
  frame()
  expect(drawn).toEqual({ one: 0, two: 1, rows: 0 })
  for (let offset = 1; offset < 50; offset++) token('msg_2', offset, 'a')
  expect(drawn.two).toBe(1)
  frame()
  expect(drawn.one).toBe(0)
  expect(drawn.rows).toBe(0)
  expect(store.message('msg_2')?.text).toHaveLength(50)
})
test('a piece that begins beyond what is known is not guessed: the page is read again', () => {
  const { store, event, token, frame, gaps } = opened()
  store.newest([message(1)], false)
  event('step.started', started('msg_2'))
  token('msg_2', 7, 'world')
  frame()
  expect([store.message('msg_2')?.text, gaps()]).toEqual(['', 1])
  store.newest([message(1), message(2, { status: 'streaming', text: 'Hello, world' })], false)
  token('msg_2', 12, '!')
  frame()
  expect(store.message('msg_2')?.text).toBe('Hello, world!')
})
test('old news do not take a call back, and an answer in another tab settles it here', () => {
  const { store, event } = opened()
  store.newest([message(1), message(2, { toolCalls: [toolCall()] })], false)
  const approval = { id: 'apr_a', callId: 'call_a', status: 'waiting' }
  event('approval.asked', { approval })
  expect([store.newsOf('call_a').approval?.status, store.message('msg_2')?.toolCalls[0]?.status]).toEqual(['waiting', 'waiting'])
  event('approval.settled', { approvalId: 'apr_a', callId: 'call_a', status: 'approved', settledBy: 'owner', scope: 'once', note: null })
  event('tool.started', { callId: 'call_a', toolId: 'shell.run' }, 11)
  event('tool.result', { callId: 'call_a', toolId: 'shell.run', status: 'completed', output: {}, text: 'done', durationMs: 5 }, 12)
  event('tool.started', { callId: 'call_a', toolId: 'shell.run' }, 13)
  expect(store.newsOf('call_a').approval?.status).toBe('approved')
  expect(store.message('msg_2')?.toolCalls[0]).toMatchObject({ status: 'completed', text: 'done', startedAt: at(11), finishedAt: at(12) })
})
test('a message that was cut before its first word goes when the next begins', () => {
  const { store, event, texts } = opened()
  store.newest([message(1)], false)
  event('step.started', started('msg_2'))
  event('step.started', started('msg_3'))
  event('message.final', final('msg_3', 'whole'))
  expect(texts()).toEqual(['text 1', 'whole'])
  expect(store.message('msg_2')).toBeUndefined()
})
test('the newest page, read again, puts right what was missed, and keeps what was read before it', () => {
  const { store, texts } = opened()
  store.newest([message(3), message(4)], true)
  store.beside([message(1), message(2)], 'older', false)
  store.newest([message(3), message(5)], true)
  expect(texts()).toEqual(['text 1', 'text 2', 'text 3', 'text 5'])
  expect(store.rows().hasOlder).toBe(false)
  store.newest([message(90), message(91)], true)
  expect(texts()).toEqual(['text 90', 'text 91'])
  expect(store.rows().hasOlder).toBe(true)
})
test('a rewind takes away what came from there on, and leaves its mark', () => {
  const { store, event, texts } = opened()
  store.newest(
    [1, 2, 3, 4].map((position) => message(position)),
    false,
  )
  event('session.rewound', { messageId: 'msg_3', removedMessages: 2, restoredFiles: ['a.txt'] })
  expect(texts()).toEqual(['text 1', 'text 2', `rewound ${at(10)}`])
})
test('what comes while somebody reads far back is counted, not shown', () => {
  const { store, event } = opened()
  store.stretch([message(1), message(2)], false, true)
  event('message.created', { message: message(99) })
  expect(store.rows()).toMatchObject({ hasNewer: true, missed: 1, keys: ['msg_1', 'msg_2'] })
  store.newest([message(98), message(99)], true)
  expect(store.rows()).toMatchObject({ hasNewer: false, missed: 0, keys: ['msg_98', 'msg_99'] })
})
test('a message waits outside the conversation until its run takes it up, at its place', () => {
  const { store, event, texts } = opened()
  store.newest([message(1)], false)
  event('message.created', { message: message(2, { id: 'msg_q', role: 'user', status: 'queued', text: 'later' }) })
  event('step.started', started('msg_3'))
  event('message.final', final('msg_3', 'answer'))
  expect(texts()).toEqual(['text 1', 'answer'])
  event('message.taken', { messageId: 'msg_q', position: 4 })
  expect(texts()).toEqual(['text 1', 'answer', 'later'])
})
test('a run that ends leaves nothing half open', () => {
  const { store, event, token, frame } = opened()
  store.newest([message(1)], false)
  event('step.started', started('msg_2'))
  token('msg_2', 0, 'half')
  frame()
  event('status', { status: 'failed', previous: 'running', stop: 'model_error', message: 'The model is away.', resumes: 0 })
  expect(store.message('msg_2')).toMatchObject({ status: 'interrupted', text: 'half' })
  expect(store.work()).toMatchObject({ status: 'failed', error: 'The model is away.' })
})
test('news of other sessions change nothing', () => {
  const { store, event, texts } = opened()
  store.newest([message(1)], false)
  event('message.created', { message: message(2) }, 10, 'ses_b')
  expect(texts()).toEqual(['text 1'])
})
