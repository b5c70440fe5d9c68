import { useSyncExternalStore } from 'react'

/** So long a deed can be undone. */
export const undoMs = 8_000
/** Something to be told. */
export interface Notice {
  readonly words: string
  readonly isFault?: boolean
  readonly undo?: () => void
  /** Called when the words have gone and nothing was undone. */
  readonly kept?: () => void
}
let waiting: readonly Notice[] = []
const watchers = new Set<() => void>()
const change = (notices: readonly Notice[]) => {
  waiting = notices
  for (const watcher of watchers) watcher()
}
const watch = (watcher: () => void) => {
  watchers.add(watcher)
  return () => void watchers.delete(watcher)
}
/** Tells something, as soon as there is a place for it. */
export const tell = (notice: Notice): void => change([...waiting, notice])
/** What has been told and is not shown yet, for whoever shows it. */
export function useWaiting(): readonly Notice[] {
  return useSyncExternalStore(watch, () => waiting)
}
/** Takes what waits, to show it. */
export function takeWaiting(): readonly Notice[] {
  const taken = waiting
  if (taken.length > 0) change([])
  return taken
}
