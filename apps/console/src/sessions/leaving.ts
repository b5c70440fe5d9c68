import { useSyncExternalStore } from 'react'
import { sayFault, sayUndo } from '../parts/toast.tsx'
import { call } from '../platform/daemon.ts'
import { sessions as words } from '../text/sessions.ts'

let leaving: ReadonlySet<string> = new Set()
const watchers = new Set<() => void>()
function change(next: ReadonlySet<string>): void {
  leaving = next
  for (const watcher of watchers) watcher()
}
const watch = (watcher: () => void) => {
  watchers.add(watcher)
  return () => void watchers.delete(watcher)
}
/** Sessions that were deleted here and can still be brought back: lists leave them out. */
export const useLeaving = (): ReadonlySet<string> => useSyncExternalStore(watch, () => leaving)

/** A page that goes away can wait for no toast: what was deleted is deleted now, by a request that outlives the page. */
function flush(): void {
  for (const id of leaving) void fetch(`/v1/sessions/${encodeURIComponent(id)}`, { method: 'DELETE', keepalive: true })
}
const stay = (id: string) => {
  change(new Set([...leaving].filter((one) => one !== id)))
  if (leaving.size === 0) removeEventListener('pagehide', flush)
}
/**
 * Deletes a session once it can no longer be undone: the daemon keeps nothing of a deleted one, so it is asked only when the toast has gone, or
 * the page does. Until then the session is as it was, only out of sight.
 */
export function deleteSession(id: string, title: string): void {
  if (leaving.size === 0) addEventListener('pagehide', flush)
  change(new Set([...leaving, id]))
  sayUndo(
    words.deleted(title),
    () => stay(id),
    () =>
      void call('sessions.delete', { id })
        .catch(sayFault)
        .finally(() => stay(id)),
  )
}
