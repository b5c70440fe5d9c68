import type { CallToolResult } from '@modelcontextprotocol/server'
import type { ExecutionStatus, Outcome } from '@steward/contract/daemon'
import { failureOf, outcomeOf } from './answers.ts'
import type { McpPort } from './port.ts'

export interface Running {
  readonly signal: AbortSignal
  /** The folder that it works in; that of the settings unless said. */
  readonly folder?: string | undefined
  /** Says how it goes, to a host that asked for it: seconds since the start, and a few words. */
  readonly progress?: ((seconds: number, words: string) => Promise<void>) | undefined
}
/** One wait of an execution; with progress it is told of so often. Milliseconds. */
const waitMs = 30_000
const progressMs = 2_000
const under: readonly ExecutionStatus[] = ['queued', 'running']

/**
 * Carries out one tool of the registry as the caller: an execution like any other, with its rules, its history and its approvals. A host that
 * takes its call back cancels it. Throws Fault for what is refused before it begins.
 */
export async function execute(port: McpPort, toolId: string, inputs: unknown, { signal, folder, progress }: Running): Promise<CallToolResult> {
  const begun = performance.now()
  const workspace = folder === undefined ? {} : { workspace: { path: folder } }
  let outcome = (await port.call('executions.start', { toolId, inputs, waitMs: 0, ...workspace })) as Outcome
  const { id } = outcome
  if (id === null) throw new Error('An execution that was started has no id.')
  try {
    while (under.includes(outcome.status)) {
      signal.throwIfAborted()
      await progress?.(Math.round(performance.now() - begun) / 1_000, `${toolId} is ${outcome.status} as ${id}.`)
      outcome = await port.outcome(id, progress ? progressMs : waitMs, signal)
    }
  } catch (error) {
    if (!signal.aborted) throw error
    await port.cancel(id)
    return failureOf(`${toolId} was cancelled.`, { executionId: id, status: 'cancelled' })
  }
  return outcomeOf(toolId, outcome)
}
