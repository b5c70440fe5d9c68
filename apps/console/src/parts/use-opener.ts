import { useState } from 'react'

/** What had the focus; for an item of a menu, which goes with its menu, the menu's button. */
function openerOf(element: Element | null): HTMLElement | null {
  const opener = element?.closest('[role=menu]') ? document.querySelector('[aria-haspopup=menu][aria-expanded=true]') : element
  return opener instanceof HTMLElement && opener !== document.body ? opener : null
}
/** Remembers from where something was opened. Answers where the focus goes when that closes: back there, or nowhere when a deed has moved it already. */
export function useOpener(open: boolean): (closed: HTMLElement | null) => HTMLElement | boolean {
  const [last, setLast] = useState<{ readonly open: boolean; readonly opener: HTMLElement | null }>({ open: false, opener: null })
  // While drawing, not after: what opens takes the focus as soon as it is there.
  if (open !== last.open) setLast({ open, opener: open ? openerOf(document.activeElement) : last.opener })
  return (closed) => {
    const at = document.activeElement
    if (at !== null && at !== document.body && closed?.contains(at) !== true) return false
    return last.opener?.isConnected === true ? last.opener : true
  }
}
