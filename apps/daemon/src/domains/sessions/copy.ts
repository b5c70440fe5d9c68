import type { ToolCall } from '@steward/contract/daemon'
import type { Message } from '@steward/contract/daemon'

type Parts = Message['toolCalls'][number]['input']
/** A message with what the model itself needs of it. */
export interface MessageCopy extends Omit<Message, 'attachments' | 'toolCalls'> {
  readonly delivery: 'queue' | 'steer'
  readonly parts: Parts | null
}
const isCall = (part: unknown): part is { type: 'tool_call'; callId: string } =>
  typeof part === 'object' && part !== null && 'type' in part && part.type === 'tool_call' && 'callId' in part && typeof part.callId === 'string'
/** The model's own content with other names for its calls, so that calls and results stay pairs. */
export function renameCalls(parts: Parts | null, nameOf: (callId: string) => string): Parts | null {
  if (!Array.isArray(parts)) return parts
  return parts.map((part) => (isCall(part) ? { ...part, callId: nameOf(part.callId) } : part)) as Parts
}
const ended = new Set<ToolCall['status']>(['completed', 'failed', 'denied', 'unknown', 'cancelled'])
/** A call as a copy holds it: what had no end yet has none there either, and says so. */
export function settledCopy(call: ToolCall, at: string): Pick<ToolCall, 'status' | 'output' | 'text'> & { finishedAt: string } {
  if (ended.has(call.status)) return { status: call.status, output: call.output, text: call.text, finishedAt: call.finishedAt ?? call.createdAt }
  return { status: 'cancelled', output: null, text: 'The session was forked before this call ended.', finishedAt: at }
}
