import type { Caller } from '@steward/kernel'
import type { FireRecord, Started } from './fire-store.ts'
import type { SchedulePorts } from './ports.ts'
import type { ScheduleRecord } from './store.ts'

/** Who a schedule acts as: its owner, with the rights that the owner held when it was made or changed, and no others. */
export const ownerOf = ({ owner, ownerKind, scopes }: ScheduleRecord): Caller => ({ id: owner, kind: ownerKind, door: 'schedule', scopes })
/** One name for one try of one fire: whoever calls with it again gets what was made the first time. */
export const keyOf = ({ id, scheduleId, at, cause, attempt }: FireRecord): string =>
  `schedule:${scheduleId}:${cause === 'time' ? Date.parse(at) : id}:${attempt}`
const needed = { prompt: ['sessions:write', 'runs:write'], workflow: ['executions:write'], tool: ['executions:write'] } as const
/** The scopes that a target asks of its owner at least. */
export const scopesOf = (target: ScheduleRecord['target']): readonly string[] => needed[target.kind]

/** Makes the calls of a fire. Each carries a key derived from the fire, so that after a crash the same calls find what they made. Rejects with Fault. */
export function createStarter({ call }: Pick<SchedulePorts, 'call'>) {
  return async (schedule: ScheduleRecord, fire: FireRecord): Promise<Started> => {
    const { target, budgetUsd } = schedule
    const caller = ownerOf(schedule)
    const key = keyOf(fire)
    const workspace = target.workspace === undefined ? {} : { workspace: target.workspace }
    if (target.kind !== 'prompt') {
      const what = target.kind === 'workflow' ? { workflowId: target.workflowId } : { toolId: target.toolId }
      const { value } = await call(caller, 'executions.start', { ...what, inputs: target.inputs, ...workspace, waitMs: 0 }, { key })
      return { sessionId: null, runId: null, executionId: (value as { id: string }).id }
    }
    const agent = target.agentId === undefined ? {} : { agentId: target.agentId }
    const opened = await call(caller, 'sessions.create', { title: schedule.name, ...agent, ...workspace }, { key: `${key}:session` })
    const { id: sessionId } = opened.value as { id: string }
    const budget = budgetUsd === null ? {} : { budgetUsd }
    const run = await call(caller, 'runs.start', { subject: { sessionId }, input: target.text, ...budget }, { key: `${key}:run` })
    return { sessionId, runId: (run.value as { runId: string }).runId, executionId: null }
  }
}
