import { useState } from 'react'
import { useTalk } from './use-conversation.ts'

/** What a person has opened or closed in a row; it is kept while the row is not on the page. Until then `fallback` says how it is. */
export function useKept(key: string, fallback: boolean): readonly [isOpen: boolean, set: (isOpen: boolean) => void] {
  const { opened } = useTalk()
  const [, again] = useState(0)
  return [
    opened.get(key) ?? fallback,
    (isOpen) => {
      opened.set(key, isOpen)
      again((count) => count + 1)
    },
  ]
}
