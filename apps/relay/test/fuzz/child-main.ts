import { ServerResponse } from 'node:http'
import { Socket as NetworkSocket } from 'node:net'
import { inspect } from 'node:util'
import { queryObjects } from 'node:v8'
import { Socket } from 'socket.io'
import { defaults, openRelay, type RelayConfig } from '../../src/index.ts'
import type { Counts } from './child.ts'

// A relay as a process of its own, that says over IPC what it holds. It ends with the process that started it.
const config = JSON.parse(process.env['STEWARD_FUZZ_RELAY'] ?? '{}') as Partial<RelayConfig> & Pick<RelayConfig, 'home'>
const reported: string[] = []
const relay = await openRelay(
  { ...defaults, ...config, port: 0 },
  (error, what) => void reported.push(`${what}: ${inspect(error, { depth: 5 }).slice(0, 4_000)}`),
  '0.0.0',
)
function counts(): Counts {
  const count = (kind: new (...given: never[]) => object) => Number(queryObjects(kind as never, { format: 'count' }))
  // Counting collects what is garbage: what is left then is in use.
  const held = {
    connections: count(NetworkSocket),
    sockets: count(Socket),
    responses: count(ServerResponse),
    aborts: count(AbortController),
    handles: process.getActiveResourcesInfo().filter((name) => name !== 'Timeout').length,
    timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length,
  }
  const { heapUsed, rss } = process.memoryUsage()
  return { reported, sockets: relay.sockets(), heapMb: heapUsed / 1024 / 1024, residentMb: rss / 1024 / 1024, held }
}
process.on('message', (asked) => {
  if (asked === 'reported') process.send?.(reported)
  if (asked === 'counts') process.send?.(counts())
  if (asked === 'heap') {
    globalThis.gc?.()
    const { heapUsed, external } = process.memoryUsage()
    process.send?.((heapUsed + external) / 1024 / 1024)
  }
})
process.on('disconnect', () => process.exit(9))
process.send?.(relay.url)
