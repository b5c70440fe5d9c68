import type { ModelMessage, ToolCallPart, ToolResultPart } from './types.ts'

type Content = Extract<ModelMessage, { role: 'assistant' }>['content']

/** A user message of one text. */
export const userText = (text: string): ModelMessage => ({ role: 'user', content: [{ type: 'text', text }] })

/** The tool calls among the parts of an answer, in their order. */
export function callsOf(content: Content): readonly ToolCallPart[] {
  return content.filter((part) => part.type === 'tool_call')
}

/** The text of an answer, its text parts joined. */
export function textOf(content: Content): string {
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('')
}

/** True when a message of these parts says nothing; providers refuse such messages. */
export function isBlank(content: Content): boolean {
  return content.every((part) => part.type !== 'tool_call' && part.text.trim() === '')
}

/** Index of the newest message of the user; 0 when there is none. */
export function newestUser(messages: readonly ModelMessage[]): number {
  return Math.max(
    0,
    messages.findLastIndex((message) => message.role === 'user'),
  )
}

/** Adds a result to the conversation's last batch, in the order in which the model gave the calls, whatever order they finished in. */
export function withResult(messages: readonly ModelMessage[], result: ToolResultPart): readonly ModelMessage[] {
  const last = messages.at(-1)
  if (last?.role !== 'tool') return [...messages, { role: 'tool', content: [result] }]
  const asking = messages.at(-2)
  const order = asking?.role === 'assistant' ? callsOf(asking.content).map((call) => call.callId) : []
  const content = [...last.content, result].toSorted((a, b) => order.indexOf(a.callId) - order.indexOf(b.callId))
  return [...messages.slice(0, -1), { role: 'tool', content }]
}

/**
 * The same conversation as providers demand it: each call is answered, once, right after the message that asked; nothing answers a call that is not
 * there; no message is empty. Messages that are in order are handed on as they are.
 */
export function mendMessages(messages: readonly ModelMessage[]): readonly ModelMessage[] {
  const mended: ModelMessage[] = []
  for (let index = 0; index < messages.length; index++) {
    const message = messages[index]
    if (!message || message.role === 'tool') continue
    if (message.role === 'user') {
      if (message.content.length > 0) mended.push(message)
      continue
    }
    if (isBlank(message.content)) continue
    mended.push(message)
    const calls = callsOf(message.content)
    if (calls.length > 0) mended.push({ role: 'tool', content: calls.map((call) => resultOf(call, messages, index + 1)) })
  }
  return mended
}

function resultOf(call: ToolCallPart, messages: readonly ModelMessage[], from: number): ToolResultPart {
  for (let index = from; messages[index]?.role === 'tool'; index++) {
    const found = messages[index]?.content.find((part) => part.type === 'tool_result' && part.callId === call.callId)
    if (found?.type === 'tool_result') return found
  }
  return {
    type: 'tool_result',
    callId: call.callId,
    name: call.name,
    isError: true,
    text: 'No result of this call was recorded. Verify before you repeat it.',
  }
}
