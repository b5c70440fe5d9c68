import { useEffect, useRef } from 'react'

/** Keys and what they do: `mod+k` (⌘ on a Mac, else Ctrl), `?`, `Escape`, `j`. Single letters do nothing while one writes. */
export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>
const writes = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

/** The name of a pressed key. */
export const nameOfKey = ({ key, metaKey, ctrlKey, shiftKey, altKey }: KeyboardEvent): string =>
  [
    metaKey || ctrlKey ? 'mod' : '',
    altKey ? 'alt' : '',
    shiftKey && key.length > 1 ? 'shift' : '',
    key.length === 1 && (metaKey || ctrlKey) ? key.toLowerCase() : key,
  ]
    .filter((part) => part !== '')
    .join('+')
/** Listens for keys while the component is on the page. The last that asked for a key gets it first; one that was dealt with goes no further. */
export function useKeys(keys: Keys): void {
  const now = useRef(keys)
  useEffect(() => {
    now.current = keys
  })
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const name = nameOfKey(event)
      const deed = now.current[name]
      if (!deed || event.defaultPrevented || (name.length === 1 && writes(event.target))) return
      event.preventDefault()
      deed(event)
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  }, [])
}
