import { useQueryClient } from '@tanstack/react-query'
import type { Session } from '@steward/contract/daemon'
import { sayFault, sayUndo } from '../parts/toast.tsx'
import { call, type InputOf } from '../platform/daemon.ts'
import { known } from '../platform/operations.ts'

type Settings = NonNullable<InputOf<'tasks.update'>['settings']>
/** Changes how a session works, also while it runs; says so, and how to undo it. */
export function useSettings(
  session: Session | undefined,
): (change: Pick<Settings, 'model' | 'agentId' | 'permissionMode' | 'budgetUsd'>, words: string) => void {
  const queries = useQueryClient()
  return (change, words) => {
    if (session === undefined) return
    const { id } = session
    const before = Object.fromEntries(Object.keys(change).map((key) => [key, session[key as keyof typeof change]])) as typeof change
    const show = (patch: typeof change) => known(queries, 'sessions.get', { id }, { ...session, ...(patch as Partial<Session>) })
    const put = async (patch: typeof change) => {
      await queries.cancelQueries({ queryKey: ['sessions.get'] })
      show(patch)
      try {
        await call('tasks.update', { id, settings: patch })
      } catch (error) {
        show(before)
        throw error
      }
    }
    put(change).then(() => sayUndo(words, () => void put(before).catch(sayFault)), sayFault)
  }
}
