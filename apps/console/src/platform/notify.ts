import { useSyncExternalStore } from 'react'

const kept = 'steward.notify'
const watchers = new Set<() => void>()
const changed = () => {
  for (const watcher of watchers) watcher()
}
const watch = (watcher: () => void) => {
  watchers.add(watcher)
  addEventListener('storage', watcher)
  return () => {
    watchers.delete(watcher)
    removeEventListener('storage', watcher)
  }
}
/** Whether a browser can notify at all: only pages that came by https, or from this machine, may. */
export const canNotify = (): boolean => 'Notification' in globalThis && 'locks' in navigator
/** Whether this browser notifies when something waits: a person has said so here, and the browser lets it. */
export const isNotifying = (): boolean => canNotify() && localStorage.getItem(kept) === 'on' && Notification.permission === 'granted'
export const useNotifying = (): boolean => useSyncExternalStore(watch, isNotifying)

/** Asks the browser for leave and begins. Only on a press of a person. Answers whether it notifies now. */
export async function startNotifying(): Promise<boolean> {
  if (!canNotify() || (await Notification.requestPermission()) !== 'granted') return false
  localStorage.setItem(kept, 'on')
  changed()
  return true
}
export function stopNotifying(): void {
  localStorage.removeItem(kept)
  changed()
}
/** Holds a lock among all windows of the console until the signal; `held` is called when it is had. */
export const holdLock = (name: string, mode: LockMode, signal: AbortSignal, held: () => void = () => {}): Promise<void> =>
  navigator.locks
    .request(name, { mode, signal }, () => {
      held()
      return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    })
    .catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
/** Whether any window holds a lock. */
export const isHeld = async (name: string): Promise<boolean> => ((await navigator.locks.query()).held ?? []).some((lock) => lock.name === name)
