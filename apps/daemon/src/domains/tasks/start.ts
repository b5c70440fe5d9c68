import type { Caller } from '@steward/kernel'
import { fillPrompt, fillValue } from '../../engine/reactions/fill.ts'
import type { FireRecord, Started } from './fire-store.ts'
import type { TaskPorts } from './ports.ts'
import type { TaskRecord } from './store.ts'

/** Who a task acts as: its owner, with the rights that the owner held when it was made or changed, and no others. */
export const ownerOf = ({ owner, ownerKind, scopes }: TaskRecord): Caller => ({ id: owner, kind: ownerKind, door: 'task', scopes })
/** One name for one try of one fire: whoever calls with it again gets what was made the first time. */
export const keyOf = ({ id, taskId, at, cause, attempt }: FireRecord): string => `task:${taskId}:${cause === 'time' ? Date.parse(at) : id}:${attempt}`
const needed = { prompt: ['sessions:write', 'runs:write'], workflow: ['executions:write'], tool: ['executions:write'] } as const
/** The scopes that a target and its triggers ask of its owner at least. */
export const scopesOf = ({ target, triggers }: Pick<TaskRecord, 'target' | 'triggers'>): readonly string[] => [
  ...needed[target.kind],
  ...(triggers.some(({ kind }) => kind === 'event') ? ['events:read'] : []),
]

/** Makes the calls of a fire. Each carries a key derived from the fire, so that after a crash the same calls find what they made. Rejects with Fault. */
export function createStarter({ call }: Pick<TaskPorts, 'call'>) {
  return async (task: TaskRecord, fire: FireRecord): Promise<Started> => {
    const { target, budgetUsd } = task
    const caller = ownerOf(task)
    const key = keyOf(fire)
    const workspace = target.workspace === undefined ? {} : { workspace: target.workspace }
    if (target.kind !== 'prompt') {
      const what = target.kind === 'workflow' ? { workflowId: target.workflowId } : { toolId: target.toolId }
      const inputs = fillValue(target.inputs, { input: fire.input ?? {} })
      const { value } = await call(caller, 'executions.start', { ...what, inputs, ...workspace, waitMs: 0 }, { key })
      return { sessionId: null, runId: null, executionId: (value as { id: string }).id }
    }
    const agent = target.agentId === undefined ? {} : { agentId: target.agentId }
    const opened = await call(caller, 'sessions.create', { title: task.name, ...agent, ...workspace }, { key: `${key}:session` })
    const { id: sessionId } = opened.value as { id: string }
    const budget = budgetUsd === null ? {} : { budgetUsd }
    const input = fillPrompt(target.text, fire.input)
    const run = await call(caller, 'runs.start', { subject: { sessionId }, input, ...budget }, { key: `${key}:run` })
    return { sessionId, runId: (run.value as { runId: string }).runId, executionId: null }
  }
}
