import { useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { text } from '../text/index.ts'

const headingOf = (main: HTMLElement | null) => main?.querySelector('h1') ?? null

/** The words of the page's first heading, as they are now; empty while there is none. */
function useHeadingWords(): string {
  const [words, setWords] = useState('')
  useEffect(() => {
    const main = document.querySelector('main')
    if (main === null) return
    const read = () => setWords(headingOf(main)?.textContent ?? '')
    read()
    const observer = new MutationObserver(read)
    observer.observe(main, { childList: true, subtree: true, characterData: true })
    return () => observer.disconnect()
  }, [])
  return words
}
/** Names the document after the page, with how many things wait for a person before it: `(2) Inbox · Steward`. */
export function useDocumentTitle(waiting: number): void {
  const heading = useHeadingWords()
  useEffect(() => {
    const name = heading === '' || heading === text.frame.product ? text.frame.product : `${heading} · ${text.frame.product}`
    document.title = waiting > 0 ? `(${waiting}) ${name}` : name
  }, [heading, waiting])
}
/** After a way to another page the focus is on its heading, unless the page has put it somewhere itself. */
export function useFocusOnNavigation(): void {
  const router = useRouter()
  useEffect(
    () =>
      router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
        const main = document.querySelector('main')
        if (fromLocation === undefined || !pathChanged || main === null) return
        if (main.contains(document.activeElement) && document.activeElement !== main) return
        const heading = headingOf(main)
        if (heading !== null) heading.tabIndex = -1
        ;(heading ?? main).focus({ preventScroll: true })
      }),
    [router],
  )
}
