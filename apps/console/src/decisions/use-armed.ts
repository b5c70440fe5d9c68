import { useEffect, useState, type FocusEvent } from 'react'

/** A card that has just come under the fingers does not yet hear keys: the next letter may still be meant for the one before. */
const armMs = 300

/** Whether a card with focus hears its keys, and what its root listens with. */
export function useArmed() {
  const [isIn, setIn] = useState(false)
  const [armed, setArmed] = useState(false)
  useEffect(() => {
    if (!isIn) return setArmed(false)
    const timer = setTimeout(() => setArmed(true), armMs)
    return () => clearTimeout(timer)
  }, [isIn])
  return {
    armed,
    onFocus: () => setIn(true),
    onBlur: (event: FocusEvent<HTMLElement>) => event.currentTarget.contains(event.relatedTarget) || setIn(false),
  }
}
/** True for something that letters are typed into. */
export const isWriting = (target: EventTarget): boolean =>
  target instanceof HTMLElement && target.matches('input:not([type=radio], [type=checkbox]), textarea, select')
