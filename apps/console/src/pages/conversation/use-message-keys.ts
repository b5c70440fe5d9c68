import type { Virtualizer } from '@tanstack/react-virtual'
import type { RefObject } from 'react'
import { useKeys } from '../../frame/keys.ts'

/** J and K go to the next and the previous message, wherever the focus is but in a field. */
export function useMessageKeys(
  keys: readonly string[],
  virtual: Virtualizer<HTMLDivElement, Element>,
  frame: RefObject<HTMLElement | null>,
  release: () => void,
): void {
  const step = (by: number) => {
    const focused = document.activeElement?.closest('article')?.id
    const at = focused === undefined ? -1 : keys.indexOf(focused)
    const inView = virtual.getVirtualItems().find(({ end }) => end > (frame.current?.scrollTop ?? 0))?.index ?? 0
    const to = Math.min(Math.max(at === -1 ? inView : at + by, 0), keys.length - 1)
    const key = keys[to]
    if (key === undefined) return
    if (to < keys.length - 1) release()
    virtual.scrollToIndex(to, { align: 'auto' })
    // The row may only now come onto the page.
    requestAnimationFrame(() => document.getElementById(key)?.focus({ preventScroll: true }))
  }
  useKeys({ j: () => step(1), k: () => step(-1) })
}
