import { useSyncExternalStore } from 'react'

/** How changes are shown: one column, or what was beside what is. Kept in this browser; all changes on the page follow. */
export type DiffView = 'unified' | 'split'
const kept = 'steward.diff'
const watchers = new Set<() => void>()
const watch = (watcher: () => void) => {
  watchers.add(watcher)
  return () => void watchers.delete(watcher)
}
const chosen = (): DiffView => (localStorage.getItem(kept) === 'split' ? 'split' : 'unified')

export function chooseDiffView(view: DiffView): void {
  localStorage.setItem(kept, view)
  for (const watcher of watchers) watcher()
}
/** The chosen view, and whether there is room for another than one column. */
export function useDiffView(): { readonly view: DiffView; readonly hasRoom: boolean } {
  const view = useSyncExternalStore(watch, chosen)
  const hasRoom = useSyncExternalStore(watchWidth, isWide)
  return { view: hasRoom ? view : 'unified', hasRoom }
}
const wide = '(min-width: 720px)'
const isWide = () => matchMedia(wide).matches
function watchWidth(watcher: () => void): () => void {
  const query = matchMedia(wide)
  query.addEventListener('change', watcher)
  return () => query.removeEventListener('change', watcher)
}
