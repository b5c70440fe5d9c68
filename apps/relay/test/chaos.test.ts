import { lacking } from '@steward/testkit'
import { lackingPostgres } from '@steward/testkit/relay'
import { expect, test } from 'vitest'
import { runChaos } from './chaos/run.ts'

const missing = lackingPostgres() ?? lacking('redis-server')
const seed = Number(process.env['STEWARD_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const asked = process.env['STEWARD_CHAOS_SECONDS']
const seconds = Number(asked ?? 30)
const limitMs = seconds * 1_000 + 240_000

test.skipIf(missing !== null)(
  `whatever ends, stalls or is cut between three nodes and their clients: what was acknowledged is there once and in order, and every reader has the same log${missing ?? ''}`,
  async () => {
    const { failures, events, table, of } = await runChaos({ seed, seconds, kind: 'chaos' })
    process.stdout.write(`${table}\n`)
    expect(failures, [table, ...events].join('\n')).toEqual([])
    for (const what of [
      'kill -9 of a node',
      'Redis restarted',
      'PostgreSQL restarted',
      'messages acknowledged',
      'updates seen',
      'RPC answered',
      'stream bytes',
    ])
      expect(of(what), `${what}\n${table}`).toBeGreaterThan(0)
  },
  limitMs,
)
// In the ordinary run apps/cli/test/relay/drain.test.ts stops a node under load.
if (asked !== undefined)
  test.skipIf(missing !== null)(
    `nodes are restarted one after the other under load, and no message, reader or stream is lost${missing ?? ''}`,
    async () => {
      const { failures, events, table, of } = await runChaos({ seed, seconds: Math.max(20, seconds / 5), kind: 'rolling' })
      process.stdout.write(`${table}\n`)
      expect(failures, [table, ...events].join('\n')).toEqual([])
      expect(of('SIGTERM to a node'), table).toBeGreaterThan(2)
      expect(of('messages acknowledged'), table).toBeGreaterThan(0)
    },
    limitMs,
  )
