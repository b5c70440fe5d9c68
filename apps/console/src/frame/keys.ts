import { useEffect, useRef } from 'react'

/** Keys and what they do: `mod+k` (⌘ on a Mac, else Ctrl), `?`, `Escape`, `j`. Single letters do nothing while one writes. What answers false leaves the key to others. */
export type Keys = Readonly<Record<string, (event: KeyboardEvent) => unknown>>
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
/**
 * Listens for keys while the component is on the page. What has dealt with a key itself, where it was pressed, comes before all of these. Of these the one that came to
 * the page last comes first; of those that came at once, such as a page in its frame, the outer one. A key that one of them has dealt with goes no further.
 */
export function useKeys(keys: Keys): void {
  const now = useRef(keys)
  useEffect(() => {
    now.current = keys
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      const name = nameOfKey(event)
      const deed = now.current[name]
      // What an input method composes is its own.
      if (!deed || event.repeat || event.isComposing || (name.length === 1 && (writes(event.target) || isModal(event.target)))) return
      if (deed(event) !== false) event.preventDefault()
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
