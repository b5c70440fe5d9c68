import { Fault, type Answer, type Contract, type Sent } from '@steward/contract'
import { operations, type Operations, type Outcome } from '@steward/contract/daemon'
import { createCall, type Caller, type CallOptions } from '@steward/kernel'
import type { CapturedExecution, CapturedPlan, WorkflowTool } from '../src/domains/workflows/ports.ts'
import { createWorkflowsRoom } from '../src/domains/workflows/room.ts'
import { agentsMigrations } from '../src/migrations/agents.ts'
import { createLedger } from '../src/platform/storage/ledger.ts'
import { openStore } from '../src/platform/storage/store.ts'
import { builtinTools } from '../src/tools/builtin.ts'
import { createRegistry } from '../src/tools/registry.ts'
import { createHome, ownerCaller } from './room-harness.ts'

const names = [
  ...['save', 'get', 'list', 'delete', 'versions', 'diff', 'export', 'import', 'capture', 'run'].map((verb) => `workflows.${verb}` as const),
  'executions.start',
] as (keyof Operations & (`workflows.${string}` | 'executions.start'))[]
type Name = (typeof names)[number]

/** The workflows room over a real database and the real tools. Plans and executions are what a test puts into the maps; starting one is only noted. */
export async function createWorkflowHarness(given?: string) {
  const made = given === undefined ? createHome() : undefined
  const home = given ?? made?.home ?? ''
  const agents = await openStore(home, 'agents', agentsMigrations)
  const registry = createRegistry(builtinTools)
  const plans = new Map<string, CapturedPlan>()
  const executions = new Map<string, CapturedExecution>()
  const changed = new Map<string, Partial<WorkflowTool> | undefined>()
  const awaited: string[] = []
  const room = createWorkflowsRoom(agents.db, {
    async ensure(id) {
      awaited.push(id)
    },
    tool(id) {
      const tool = registry.find(id)
      const listing = registry.listing(id)
      if (!tool || !listing || (changed.has(id) && !changed.get(id))) return undefined
      return { ...listing, inSession: tool.inSession === true, ...changed.get(id) } as WorkflowTool
    },
    plan: (id) => plans.get(id),
    execution: (id) => executions.get(id),
  })
  const started: unknown[] = []
  const handlers = {
    ...room.handlers,
    async 'executions.start'(_context: unknown, input: unknown): Promise<Outcome> {
      started.push(input)
      return { id: 'exe_1', status: 'completed', outputs: { a: 1 } }
    },
  }
  const refused: Fault[] = []
  const ledger = createLedger({ agents } as never, { refused: (_facts, fault) => void refused.push(fault), wasRead: () => undefined })
  const contract = Object.fromEntries(names.map((name) => [name, operations[name]]))
  const call = createCall(contract as Contract, handlers as never, ledger, (error) => {
    throw error
  })
  return {
    home,
    agents,
    plans,
    executions,
    /** What tools are now; undefined: they are not there any more. */
    changed,
    /** Tools that were waited for. */
    awaited,
    started,
    resolve: room.resolve,
    async ask<N extends Name>(name: N, input: Sent<Operations[N]>, options: CallOptions & { caller?: Caller } = {}): Promise<Answer<Operations[N]>> {
      return (await call(options.caller ?? ownerCaller, name, input, options)).value as Answer<Operations[N]>
    },
    async refusal(name: Name, input: unknown, options: CallOptions & { caller?: Caller } = {}): Promise<Fault> {
      const fault: unknown = await call(options.caller ?? ownerCaller, name, input, options).catch((error: unknown) => error)
      if (fault instanceof Fault) return fault
      throw new Error(`${name} was expected to be refused.`)
    },
    /** What a download gives, whole or a range of it. */
    async download(input: Sent<Operations['workflows.export']>, range?: { start: number; end: number }) {
      const { value, open } = await call(ownerCaller, 'workflows.export', input)
      const chunks: Uint8Array[] = []
      for await (const chunk of open!(range)) chunks.push(chunk)
      return { value: value as Answer<Operations['workflows.export']>, text: Buffer.concat(chunks).toString('utf8') }
    },
    /** The names and data of the events of workflows, in order. */
    async events() {
      await agents.log.durable()
      const all = agents.log.read(0, 10_000).map(({ name, json }) => ({ name, data: (JSON.parse(json) as { data: unknown }).data }))
      return all.filter(({ name }) => name.startsWith('workflow.'))
    },
    async close() {
      await agents.close()
      made?.dispose()
    },
  }
}
export type WorkflowHarness = Awaited<ReturnType<typeof createWorkflowHarness>>
/** The bytes of an upload, in pieces. */
export async function* bodyOf(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}
