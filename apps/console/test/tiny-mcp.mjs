// An MCP server over stdio with one tool, for stories: it says its words back.
import { createInterface } from 'node:readline'

const tool = {
  name: 'shout',
  description: 'Says your words loudly.',
  inputSchema: { type: 'object', properties: { words: { type: 'string' } }, required: ['words'] },
  annotations: { readOnlyHint: true },
}
const answers = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'tiny', version: '1.0.0' } }),
  'tools/list': () => ({ tools: [tool] }),
  'tools/call': (params) => ({ content: [{ type: 'text', text: params.arguments.words.toUpperCase() }] }),
  ping: () => ({}),
}
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined) continue
  const answer = answers[method]
  const said = answer ? { result: answer(params) } : { error: { code: -32601, message: `There is no ${method}.` } }
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...said })}\n`)
}
