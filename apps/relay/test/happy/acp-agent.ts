/**
 * A scripted agent that speaks ACP (newline-delimited JSON-RPC on stdin and stdout), run as a program of its own. It answers each prompt with one
 * tool call that asks for permission, and then with text in two chunks that says what was decided.
 */
import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'

interface Message {
  id?: number | string
  method?: string
  params?: { sessionId: string; prompt: { type: string; text: string }[] }
  result?: { outcome: { outcome: string; optionId?: string } }
}

const send = (message: object): void => void process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
const waiting = new Map<string, (message: Message) => void>()

const ask = (method: string, params: object): Promise<Message> => {
  const id = randomUUID()
  send({ id, method, params })
  return new Promise((resolve) => waiting.set(id, resolve))
}

const prompt = async ({ sessionId, prompt: blocks }: NonNullable<Message['params']>): Promise<object> => {
  const update = (fields: object): void => send({ method: 'session/update', params: { sessionId, update: fields } })
  const say = (text: string): void => update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } })
  const asked = blocks.map(({ text }) => text).join('')
  const toolCall = { toolCallId: randomUUID(), title: 'write hello.txt', kind: 'edit', status: 'pending' }
  update({ sessionUpdate: 'tool_call', ...toolCall })
  const { result } = await ask('session/request_permission', {
    sessionId,
    toolCall,
    options: [
      { optionId: 'proceed_once', name: 'Allow once', kind: 'allow_once' },
      { optionId: 'cancel', name: 'Cancel', kind: 'reject_once' },
    ],
  })
  update({ sessionUpdate: 'tool_call_update', toolCallId: toolCall.toolCallId, kind: 'edit', status: 'completed', content: [] })
  say(`You said: ${asked}. `)
  say(`You chose ${result?.outcome.optionId ?? 'nothing'}.`)
  return { stopReason: 'end_turn' }
}

const answers: Record<string, (params: NonNullable<Message['params']>) => object | Promise<object>> = {
  initialize: () => ({ protocolVersion: 1, agentCapabilities: {}, authMethods: [] }),
  'session/new': () => ({ sessionId: randomUUID() }),
  'session/prompt': prompt,
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line) as Message
  if (message.method === undefined) return waiting.get(String(message.id))?.(message)
  if (message.id === undefined) return undefined
  const answer = answers[message.method]
  if (answer === undefined) return send({ id: message.id, error: { code: -32_601, message: `This agent has no ${message.method}.` } })
  return void Promise.resolve(answer(message.params as never)).then((result) => send({ id: message.id, result }))
})
