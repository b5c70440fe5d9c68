import type { ItemOf } from '../../../platform/operations.ts'

export type Hook = ItemOf<'hooks.list'>

export type Action = Hook['action']
/** Where an action goes: an address, a command, a task. */
export function targetOf(action: Action): string {
  if (action.kind === 'webhook') return action.url
  if (action.kind === 'task') return action.taskId
  return typeof action.command === 'string' ? action.command : action.command.join(' ')
}
/** The action that a form means. What an earlier action of the same kind says besides is kept; a command of words that was not touched stays as it was. */
export function actionOf(kind: Action['kind'], target: string, before?: Action): Action {
  if (before?.kind === kind && targetOf(before) === target) return before
  if (kind === 'webhook') return before?.kind === kind ? { ...before, url: target } : { kind, url: target, method: 'POST', headers: {} }
  if (kind === 'task') return { kind, taskId: target }
  return before?.kind === kind ? { ...before, command: target } : { kind, command: target, timeoutMs: 30_000 }
}
