import { useRef, type PointerEvent } from 'react'

/** Lets a mouse drag what scrolls. Fingers do that by themselves; a press on a button is none. */
export function useDrag() {
  const from = useRef<{ x: number; y: number; left: number; top: number }>(undefined)
  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.pointerType !== 'mouse' || event.button !== 0 || (event.target as Element).closest('[data-node]')) return
      const { scrollLeft: left, scrollTop: top } = event.currentTarget
      from.current = { x: event.clientX, y: event.clientY, left, top }
      event.currentTarget.setPointerCapture(event.pointerId)
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      const start = from.current
      if (!start) return
      event.currentTarget.scrollTo(start.left - event.clientX + start.x, start.top - event.clientY + start.y)
    },
    onPointerUp: () => void (from.current = undefined),
    onPointerCancel: () => void (from.current = undefined),
  }
}
