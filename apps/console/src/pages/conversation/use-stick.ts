import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react'

/** So near to the end is at the end. */
const nearEnd = 48
export interface Stick {
  /** The live end is in view, and stays there as it grows. */
  readonly isLive: boolean
  /** Goes to the live end and stays there. */
  stick(): void
  /** Stays where it is. */
  release(): void
}
/** Keeps the end of `frame` in view while it is there: what grows below then moves up; one who has scrolled away is never moved. */
export function useStick(frame: RefObject<HTMLElement | null>, content: RefObject<HTMLElement | null>, startsLive: boolean): Stick {
  const [isLive, setLive] = useState(startsLive)
  const live = useRef(startsLive)
  const toEnd = useCallback(() => {
    const { current } = frame
    if (live.current && current) current.scrollTop = current.scrollHeight
  }, [frame])
  const change = useCallback((next: boolean) => {
    live.current = next
    setLive(next)
  }, [])
  useLayoutEffect(() => {
    const { current } = frame
    if (!current || !content.current) return
    let before = current.scrollTop
    const scrolled = () => {
      const { scrollTop, scrollHeight, clientHeight } = current
      if (scrollHeight - scrollTop - clientHeight <= nearEnd) {
        if (!live.current) change(true)
        // What grew in the same moment leaves the end a little below; only going up is leaving.
      } else if (scrollTop < before - 1 && live.current) change(false)
      before = scrollTop
    }
    const sizes = new ResizeObserver(toEnd)
    sizes.observe(content.current)
    sizes.observe(current)
    current.addEventListener('scroll', scrolled, { passive: true })
    return () => {
      sizes.disconnect()
      current.removeEventListener('scroll', scrolled)
    }
  }, [frame, content, toEnd, change])
  return {
    isLive,
    stick: useCallback(() => {
      change(true)
      toEnd()
    }, [change, toEnd]),
    release: useCallback(() => change(false), [change]),
  }
}
