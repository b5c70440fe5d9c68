/** The daemon with a tool that does nothing, and with a thousand more that only stand there. */
import { parseArgs } from 'node:util'
import { serve, type Tool } from '@steward/daemon'
import { z } from 'zod'

const bare = { name: 'Nothing', permissions: ['bench:use'], risk: 'read', repeatable: true, targets: async () => [] } as const
const noop: Tool = {
  ...bare,
  id: 'bench.noop',
  description: 'Does nothing.',
  inputs: z.strictObject({}),
  examples: [],
  run: async () => ({ output: null }),
}
const [verbs, nouns] = [
  ['create', 'list', 'delete', 'update', 'send', 'archive', 'rename', 'share', 'copy', 'print'],
  ['invoice', 'ticket', 'photo', 'contact', 'ledger', 'parcel', 'recipe', 'sensor', 'booking', 'playlist'],
]
const many = Array.from({ length: 1_000 }, (_, n): Tool => {
  const [verb, noun] = [verbs[n % 10] ?? '', nouns[Math.floor(n / 10) % 10] ?? '']
  return {
    ...bare,
    id: `shop${Math.floor(n / 100)}.${verb}_${noun}`,
    name: `${verb} ${noun}`,
    description: `Will ${verb} one ${noun} of department ${Math.floor(n / 100)}.`,
    inputs: z.strictObject({ title: z.string(), count: z.int().optional() }),
    examples: [`${verb} the ${noun} "Blue"`],
    run: async () => ({ output: null }),
  }
})
const { values } = parseArgs({ options: { home: { type: 'string', default: '' }, port: { type: 'string' } } })
const served = await serve({ home: values.home, http: { host: '127.0.0.1', port: Number(values.port ?? 0) }, tools: [noop, ...many] })
process.on('SIGTERM', () => void served.stop().then(() => process.exit(0)))
process.send?.({ type: 'ready', url: served.url, socket: served.socket, pid: process.pid })
