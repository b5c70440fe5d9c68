import type { About } from '../../engine/reactions/match.ts'
import type { Happening } from '../../engine/types.ts'
import type { FireRecord, FireStore } from './fire-store.ts'
import type { TaskStore } from './store.ts'

export interface AboutPorts {
  /** Of a session: its title and its agent. */
  session(id: string): { readonly title: string; readonly agentId: string } | undefined
}
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
/** Finds out whose doing an event is: the task, by the fire that started the session or execution it tells of, or the session's own task. */
export function createAbout(tasks: Pick<TaskStore, 'find'>, fires: Pick<FireStore, 'find' | 'ofSession' | 'ofExecution'>, ports: AboutPorts) {
  const fireOf = ({ sessionId, data }: Happening): FireRecord | undefined => {
    const [fireId, executionId] = [text(data['fireId']), text(data['executionId'])]
    if (fireId !== undefined) return fires.find(fireId)
    if (sessionId !== null) return fires.ofSession(sessionId)
    return executionId === undefined ? undefined : fires.ofExecution(executionId)
  }
  return (event: Happening): About => {
    const fire = fireOf(event)
    const session = event.sessionId === null ? undefined : ports.session(event.sessionId)
    const named = fire?.taskId ?? text(event.data['taskId'])
    const task = named === undefined ? undefined : tasks.find(named)
    const target = task?.target
    return {
      taskId: named ?? event.sessionId,
      taskName: task?.name ?? session?.title ?? null,
      agentId: session?.agentId ?? (target?.kind === 'prompt' ? (target.agentId ?? null) : null),
      chain: fire ? [...fire.chain, fire.taskId] : named === undefined ? [] : [named],
    }
  }
}
export type FindAbout = ReturnType<typeof createAbout>
