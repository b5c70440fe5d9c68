// An MCP server that misbehaves in the way its argument names. Just enough of the protocol to come that far.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const mode = process.argv[2] ?? ''
type Params = { name?: string; cursor?: string; arguments?: unknown; _meta?: unknown; protocolVersion?: string }
interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: Params
}
const write = (value: unknown): void => void process.stdout.write(`${typeof value === 'string' ? value : JSON.stringify(value)}\n`)
const answer = (id: number | undefined, result: unknown): void => write({ jsonrpc: '2.0', id, result })
const tool = (name: string, more: object = {}): object => ({ name, inputSchema: { type: 'object' }, ...more })

if (mode === 'dies') {
  process.stderr.write('no luck today\n')
  process.exit(3)
}
if (mode === 'endless') for (;;) if (!process.stdout.write('x'.repeat(64 * 1024))) await new Promise((go) => process.stdout.once('drain', go))
if (mode === 'garbage') for (;;) if (!process.stdout.write('<html>no</html>\n')) await new Promise((go) => process.stdout.once('drain', go))
if (mode === 'stray') process.stdout.write('Starting up…\n{"half": \n[1,2]\n')
if (mode === 'forks') for (let n = 0; n < 3; n += 1) spawn('sleep', ['300'], { detached: true, stdio: 'ignore' }).unref()
if (mode === 'noisy') for (let n = 0; n < 5000; n += 1) process.stderr.write(`line ${n} ${'y'.repeat(3000)}\n`)
if (mode === 'deaf') process.on('SIGTERM', () => undefined)

const laughs = Object.fromEntries(
  Array.from({ length: 40 }, (_, n) => [
    `l${n}`,
    { allOf: n === 39 ? [{ type: 'object' }] : [{ $ref: `#/$defs/l${n + 1}` }, { $ref: `#/$defs/l${n + 1}` }] },
  ]),
)
const badSchemas = [
  tool('proto', {
    inputSchema: JSON.parse('{"type":"object","__proto__":{"polluted":1},"properties":{"__proto__":{"type":"string"},"a":{"type":"string"}}}'),
  }),
  tool('slow pattern', { inputSchema: { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' }, n: { type: 'number' } } } }),
  tool('laughs', { inputSchema: { type: 'object', $defs: laughs, $ref: '#/$defs/l0' } }),
  tool('itself', { inputSchema: { type: 'object', $ref: '#' } }),
  tool('nowhere', { inputSchema: { type: 'object', $ref: 'http://127.0.0.1/x' } }),
  tool('deep', { inputSchema: JSON.parse('{"not":'.repeat(3000) + '{}' + '}'.repeat(3000)) }),
  tool('huge', { inputSchema: { type: 'object', description: 'z'.repeat(300_000) } }),
  { name: 'no schema' },
  { name: 7, inputSchema: {} },
  'nothing',
  tool('__proto__'),
  tool('same name'),
  tool('same_name'),
  tool('same.name', { description: 'd'.repeat(10_000), annotations: { destructiveHint: true, title: 5 } }),
  tool(`long ${'n'.repeat(200)}`),
]
const pageOf = (cursor: string | undefined): object => {
  if (mode === 'many') return { tools: Array.from({ length: 10_000 }, (_, n) => tool(`t${n}`)) }
  if (mode === 'paged') {
    const from = Number(cursor ?? 0)
    return { tools: Array.from({ length: 10 }, (_, n) => tool(`t${from + n}`)), ...(from < 90 ? { nextCursor: String(from + 10) } : {}) }
  }
  if (mode === 'loop') return { tools: [tool(`t${cursor ?? ''}`)], nextCursor: String(Number(cursor ?? 0) + 1) }
  if (mode === 'schemas') return { tools: badSchemas }
  if (mode === 'list') return { tools: 'none' }
  return { tools: Array.from({ length: grown }, (_, n) => tool(`t${n}`)) }
}
let grown = 3
let pings = 0
const calls: Readonly<Record<string, (message: Message) => void>> = {
  // grows its list of tools
  t0({ id }) {
    grown += 1
    for (let n = 0; n < 50; n += 1) write({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' })
    answer(id, { content: [{ type: 'text', text: 'grown' }] })
  },
  // tells what it was sent
  t1: ({ id, params }) => answer(id, { content: [{ type: 'text', text: JSON.stringify(params) }] }),
  // answers too much of everything
  t2({ id }) {
    const content = [
      { type: 'image', mimeType: 'image/png', data: 'A'.repeat(4_000_000) },
      { type: 'text', text: 'w'.repeat(1_000_000) },
    ]
    answer(id, { content })
  },
  t3: ({ id }) => write(`{"jsonrpc":"2.0","id":${id},"result":{"content":[],"structuredContent":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}}}`),
  t4: ({ id }) => answer(id, { content: 'wrong' }),
  t5: ({ id }) => answer(id, { content: [{ type: 'text', text: '' }], isError: true }),
}
const handlers: Readonly<Record<string, (message: Message) => void>> = {
  initialize: ({ id, params }) =>
    answer(id, {
      protocolVersion: params?.protocolVersion,
      capabilities: { tools: { listChanged: true } },
      serverInfo: { name: 'hostile', version: '0' },
    }),
  'tools/list': ({ id, params }) => answer(id, pageOf(params?.cursor)),
  'tools/call': (message) => calls[message.params?.name ?? '']?.(message),
  ping({ id }) {
    pings += 1
    if (mode !== 'mute' || pings < 2) answer(id, {})
  },
}
/** The revision 2026-07-28, which has no `initialize` and no `ping`. */
const complete = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' }
const modern: Readonly<Record<string, (message: Message) => void>> = {
  initialize: ({ id }) => write({ jsonrpc: '2.0', id, error: { code: -32_601, message: 'Method not found' } }),
  'server/discover'({ id }) {
    pings += 1
    answer(id, { ...complete, supportedVersions: ['2026-07-28'], capabilities: { tools: {} } })
  },
  'tools/list': ({ id }) => answer(id, { ...complete, tools: [tool('t1'), tool('pings')] }),
  'tools/call': ({ id, params }) =>
    answer(id, { resultType: 'complete', content: [{ type: 'text', text: params?.name === 'pings' ? String(pings) : JSON.stringify(params) }] }),
}
if (mode === 'wide') grown = 6
if (mode !== 'silent') {
  createInterface({ input: process.stdin }).on('line', (line) => {
    const message = JSON.parse(line) as Message
    const table = mode === 'modern' ? modern : handlers
    table[message.method ?? '']?.(message)
  })
} else process.stdin.resume()
