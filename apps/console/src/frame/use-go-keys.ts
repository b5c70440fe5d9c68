import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { writes } from './keys.ts'
import { places } from './places.ts'

/** So long after G its letter is waited for. */
const patienceMs = 1_500

/** G and then a letter goes to a page. While the letter is waited for, it is nobody else's. */
export function useGoKeys(): void {
  const navigate = useNavigate()
  useEffect(() => {
    let until = 0
    const pressed = (event: KeyboardEvent) => {
      if (writes(event.target) || event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return
      const isWaiting = event.timeStamp < until
      until = 0
      if (!isWaiting) {
        if (event.key === 'g') until = event.timeStamp + patienceMs
        return
      }
      const place = places.find(({ go }) => go === event.key)
      if (place === undefined) return
      event.preventDefault()
      event.stopPropagation()
      void navigate({ to: place.to })
    }
    document.addEventListener('keydown', pressed, { capture: true })
    return () => document.removeEventListener('keydown', pressed, { capture: true })
  }, [navigate])
}
