import type { EventData, EventName, Message, ToolCall } from '@steward/contract/daemon'

/** An event as the store reads it: its data by its name. */
export type News = {
  readonly [N in EventName]: { readonly name: N; readonly at: string; readonly runId?: string; readonly data: EventData<N> }
}[EventName]
/** How far a call is; news that would take it back are old ones. */
const progressOf = { asked: 0, waiting: 1, approved: 2, started: 3, unknown: 3, completed: 4, failed: 4, denied: 4, cancelled: 4 } as const

/** Puts `text` at `offset` (UTF-16 units) of what is known and drops what stood from there on; nothing when it begins beyond it. Old pieces change nothing. */
export function spliced(known: string, offset: number, text: string): string | undefined {
  if (offset > known.length) return undefined
  return known.startsWith(text, offset) ? known : known.slice(0, offset) + text
}
/** A message that has just been begun by the model. */
export const begun = (
  sessionId: string,
  runId: string | null,
  at: string,
  position: number,
  { messageId, model }: EventData<'step.started'>,
): Message => ({
  id: messageId,
  sessionId,
  runId,
  position,
  role: 'assistant',
  status: 'streaming',
  text: '',
  reasoning: null,
  model,
  attachments: [],
  toolCalls: [],
  origin: null,
  synthetic: false,
  createdAt: at,
})
/** A message whose words are whole; its calls follow by news of their own, so none is taken away. */
export const finished = (message: Message, { text, reasoning, model, interrupted }: EventData<'message.final'>): Message => ({
  ...message,
  text,
  reasoning,
  model,
  status: interrupted ? 'interrupted' : 'final',
})
export const withCall = (message: Message, call: ToolCall): Message =>
  message.toolCalls.some(({ id }) => id === call.id) ? message : { ...message, toolCalls: [...message.toolCalls, call] }

/** Takes a call of a message further; the same message when it is there already. */
export function advanced(message: Message, callId: string, change: Partial<ToolCall> & Pick<ToolCall, 'status'>): Message {
  const call = message.toolCalls.find(({ id }) => id === callId)
  if (call === undefined || progressOf[call.status] >= progressOf[change.status]) return message
  return { ...message, toolCalls: message.toolCalls.map((one) => (one === call ? { ...call, ...change } : one)) }
}
/** Reading order: by place in the conversation; what still waits for its run comes last. */
export const inOrder = (a: Message, b: Message): number => Number(a.status === 'queued') - Number(b.status === 'queued') || a.position - b.position
