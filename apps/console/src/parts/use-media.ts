import { useSyncExternalStore } from 'react'

/** Below these widths a phone's, and a narrow window's, layout is shown; the same as the tokens' breakpoints. */
export const narrow = '(width < 720px)'
export const belowLarge = '(width < 1200px)'

/** Whether the window is as a media query asks, and from then on. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query)
      list.addEventListener('change', changed)
      return () => list.removeEventListener('change', changed)
    },
    () => matchMedia(query).matches,
  )
}
