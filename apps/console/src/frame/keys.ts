import { useEffect, useRef } from 'react'

/** Keys and what they do: `mod+k` (⌘ on a Mac, else Ctrl), `?`, `Escape`, `j`. Single letters do nothing while one writes. */
export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>
/** True for what is typed into. */
export const writes = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

/** The name of a pressed key. */
const nameOfKey = ({ key, metaKey, ctrlKey, shiftKey, altKey }: KeyboardEvent): string =>
  [
    metaKey || ctrlKey ? 'mod' : '',
    altKey ? 'alt' : '',
    shiftKey && key.length > 1 ? 'shift' : '',
    key.length === 1 && (metaKey || ctrlKey) ? key.toLowerCase() : key,
  ]
    .filter((part) => part !== '')
    .join('+')
type Listener = (event: KeyboardEvent) => void
const listeners: Listener[] = []
function pressed(event: KeyboardEvent): void {
  for (const listener of listeners.toReversed()) if (!event.defaultPrevented) listener(event)
}
/** Listens for keys while the component is on the page. The last that asked for a key gets it first; one that was dealt with goes no further. */
export function useKeys(keys: Keys): void {
  const now = useRef(keys)
  useEffect(() => {
    now.current = keys
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      const name = nameOfKey(event)
      const deed = now.current[name]
      if (!deed || event.repeat || (name.length === 1 && (writes(event.target) || isModal(event.target)))) return
      event.preventDefault()
      deed(event)
    }
    if (listeners.push(listener) === 1) document.addEventListener('keydown', pressed)
    return () => {
      listeners.splice(listeners.indexOf(listener), 1)
      if (listeners.length === 0) document.removeEventListener('keydown', pressed)
    }
  }, [])
}
/** What stands in front of everything has its own keys. */
const isModal = (target: EventTarget | null) => target instanceof Element && target.closest('[role=dialog], [role=menu], [role=alertdialog]') !== null
