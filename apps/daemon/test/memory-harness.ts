import { Fault, type Answer, type Contract, type Sent } from '@steward/contract'
import { createCall, type Caller, type CallOptions } from '@steward/kernel'
import { memory } from '@steward/contract/daemon'
import type { MemoryCommit } from '../src/domains/memory/context.ts'
import { createMemoryRoom } from '../src/domains/memory/room.ts'
import { createMemoryStore } from '../src/domains/memory/store.ts'
import { agentsMigrations } from '../src/migrations/agents.ts'
import { createLedger } from '../src/platform/storage/ledger.ts'
import { createRedactor } from '../src/platform/redact.ts'
import { openStore } from '../src/platform/storage/store.ts'
import { createHome, ownerCaller } from './room-harness.ts'

type Operations = typeof memory
type Name = keyof Operations

/** The memory room over a real database. Agents and sessions are those that a test puts into the sets. */
export async function createMemoryHarness(given?: string) {
  const made = given === undefined ? createHome() : undefined
  const home = given ?? made?.home ?? ''
  const agents = await openStore(home, 'agents', agentsMigrations)
  const there = {
    agents: new Set(['agt_a', 'agt_b']),
    sessions: new Set(['ses_1', 'ses_2']),
    days: 0,
    secrets: [] as string[],
    model: null as string | null,
    embed: (_text: string): number[] => [],
    reported: [] as unknown[],
  }
  const commit = agents.log.commit as unknown as MemoryCommit
  const room = createMemoryRoom(agents.db, createMemoryStore(agents.db), {
    commit,
    embeddingModel: () => there.model,
    embedder: async () => async (texts) => texts.map(there.embed),
    report: (error) => void there.reported.push(error),
    redact: createRedactor(() => there.secrets),
    agentExists: (id) => there.agents.has(id),
    sessionExists: (id) => there.sessions.has(id),
    days: () => there.days,
  })
  const ledger = createLedger({ agents } as never, { refused: () => undefined, wasRead: () => undefined })
  const call = createCall(memory as Contract, room.handlers as never, ledger, (error) => {
    throw error
  })
  const ask = async <N extends Name>(name: N, input: Sent<Operations[N]>, options: CallOptions & { caller?: Caller } = {}) =>
    (await call(options.caller ?? ownerCaller, name, input, options)).value as Answer<Operations[N]>
  return {
    home,
    db: agents.db,
    commit,
    room,
    there,
    ask,
    async refusal(name: Name, input: unknown, options: CallOptions & { caller?: Caller } = {}): Promise<Fault> {
      const fault: unknown = await call(options.caller ?? ownerCaller, name, input, options).catch((error: unknown) => error)
      if (fault instanceof Fault) return fault
      throw new Error(`${name} was expected to be refused.`)
    },
    /** The texts that a search finds, best first. */
    async found(input: Sent<Operations['memory.search']>): Promise<string[]> {
      const { items } = await ask('memory.search', input)
      return Promise.all(items.map(async ({ id }) => (await ask('memory.get', { id })).text))
    },
    /** An export as text. */
    async exported(input: Sent<Operations['memory.export']>): Promise<string> {
      const { open } = await call(ownerCaller, 'memory.export', input)
      const chunks: Uint8Array[] = []
      for await (const chunk of open!()) chunks.push(chunk)
      return Buffer.concat(chunks).toString('utf8')
    },
    /** The names and data of the events of memories, in order. */
    async events() {
      await agents.log.durable()
      const all = agents.log.read(0, 10_000).map(({ name, json }) => ({ name: name as string, data: (JSON.parse(json) as { data: unknown }).data }))
      return all.filter(({ name }) => name.startsWith('memory.'))
    },
    async close() {
      await room.close()
      await agents.close()
      made?.dispose()
    },
  }
}
export type MemoryHarness = Awaited<ReturnType<typeof createMemoryHarness>>
/** The bytes of an upload, in pieces. */
export async function* bodyOf(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}
