import { useEffect, type KeyboardEvent as ReactKeyboardEvent, type RefObject } from 'react'

const steps: Readonly<Record<string, (at: number, last: number) => number>> = {
  j: (at) => at + 1,
  k: (at) => at - 1,
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at) => at + 10,
  PageUp: (at) => at - 10,
  Home: () => 0,
  End: (_, last) => last,
}
const writes = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
const hasModifier = (event: { altKey: boolean; ctrlKey: boolean; metaKey: boolean }) => event.altKey || event.ctrlKey || event.metaKey
/** Which row holds the focus. */
const rowOf = (target: EventTarget | null) => {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null
  return row === null ? undefined : Number(row.dataset['row'])
}
export interface RowKeys {
  /** The table, in which rows bear their number as `data-row` and what opens them `data-opens`. */
  readonly table: RefObject<HTMLElement | null>
  readonly rows: number
  /** Rows can be opened: only then there is something to move to. */
  readonly active: boolean
  /** Brings a row, which may not be drawn yet, into view. */
  show(index: number): void
}
/** Moves the focus from row to row: arrows, J and K, a page, first and last. Where nothing has the focus, J and K begin. */
export function useRowKeys({ table, rows, active, show }: RowKeys): (event: ReactKeyboardEvent) => void {
  const focus = (index: number) => {
    const wanted = Math.min(Math.max(index, 0), rows - 1)
    show(wanted)
    let tries = 5
    const take = () => {
      const opens = table.current?.querySelector<HTMLElement>(`[data-row="${wanted}"] [data-opens]`)
      if (opens) opens.focus({ preventScroll: true })
      else if (tries-- > 0) requestAnimationFrame(take)
    }
    take()
  }
  useEffect(() => {
    if (!active || rows === 0) return
    const pressed = (event: KeyboardEvent) => {
      const idle = document.activeElement === document.body || /^(MAIN|H1)$/.test(document.activeElement?.tagName ?? '')
      if (!idle || event.defaultPrevented || hasModifier(event) || (event.key !== 'j' && event.key !== 'k')) return
      event.preventDefault()
      focus(0)
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  })
  return (event) => {
    const at = rowOf(event.target)
    const step = steps[event.key]
    if (!active || at === undefined || !step || hasModifier(event) || writes(event.target)) return
    event.preventDefault()
    focus(step(at, rows - 1))
  }
}
