import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Failed } from '../parts/notes.tsx'
import { keys } from '../text/keys.ts'

/** What is looked for on the host: says that it looks, or what went wrong, and then shows what was found. */
export function Found<T>({ found, children }: { readonly found: UseQueryResult<T>; readonly children: (answer: T) => ReactNode }) {
  if (found.isPending)
    return (
      <p role="status" className="text-muted">
        {keys.looking}
      </p>
    )
  if (found.error) return <Failed error={found.error} retry={() => void found.refetch()} />
  return children(found.data)
}
