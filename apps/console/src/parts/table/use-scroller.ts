import { useLayoutEffect, useState, type RefObject } from 'react'

const scrolls = (element: Element) => /auto|scroll/.test(getComputedStyle(element).overflowY)

/** What scrolls an element: the nearest ancestor that does; and how far below its start the element lies. */
export function useScroller(inside: RefObject<HTMLElement | null>): { readonly scroller: HTMLElement | null; readonly offset: number } {
  const [found, setFound] = useState<{ scroller: HTMLElement | null; offset: number }>({ scroller: null, offset: 0 })
  useLayoutEffect(() => {
    const element = inside.current
    if (!element) return
    let scroller = element.parentElement
    while (scroller && scroller !== document.documentElement && !scrolls(scroller)) scroller = scroller.parentElement
    const box = scroller ?? document.documentElement
    const measure = () => {
      const offset = Math.round(element.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop)
      setFound((before) => (before.scroller === box && before.offset === offset ? before : { scroller: box, offset }))
    }
    measure()
    // What stands above may grow or shrink, and only the boxes around it tell.
    const watch = new ResizeObserver(measure)
    for (let around: HTMLElement | null = element; around && around !== scroller?.parentElement; around = around.parentElement) watch.observe(around)
    return () => watch.disconnect()
  }, [inside])
  return found
}
