import { useCallback, useState } from 'react'

const name = (key: string) => `steward.${key}`
function read<T>(store: Storage, key: string): T | undefined {
  try {
    const text = store.getItem(name(key))
    return text === null ? undefined : (JSON.parse(text) as T)
  } catch {
    return undefined
  }
}
function write(store: Storage, key: string, value: unknown): void {
  try {
    if (value === undefined) store.removeItem(name(key))
    else store.setItem(name(key), JSON.stringify(value))
  } catch {
    // A browser that keeps nothing, or has no room, still works until the page is left.
  }
}
/**
 * A value that is kept over reloads under a key: in this tab, or in this browser with `localStorage`. Undefined is nothing kept. The key may not change while the component
 * stands.
 */
export function useKept<T>(key: string, store: Storage = sessionStorage): readonly [T | undefined, (value: T | undefined) => void] {
  const [value, setValue] = useState(() => read<T>(store, key))
  const keep = useCallback(
    (next: T | undefined) => {
      setValue(next)
      write(store, key, next)
    },
    [key, store],
  )
  return [value, keep]
}
/** Whether something is kept under a key. */
export const isKept = (key: string, store: Storage = sessionStorage): boolean => read(store, key) !== undefined
/** Keeps nothing under a key any more. */
export const forget = (key: string, store: Storage = sessionStorage): void => write(store, key, undefined)
