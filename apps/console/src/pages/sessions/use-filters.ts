import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { State } from '../../parts/status.tsx'

/** States that a session can be in, those first that want a person. */
export const liveStates = ['waiting', 'running', 'queued', 'interrupted', 'idle'] as const satisfies readonly State[]
export type LiveState = (typeof liveStates)[number]
interface Words {
  readonly q?: string
  readonly state?: string
  readonly archived?: string
}
/** What the list is narrowed to. It lives in the address; what is being typed is here at once, and there a moment later. */
export function useFilters() {
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as Words
  const [query, setQuery] = useState(search.q ?? '')
  const sent = useRef(search.q ?? '')
  useEffect(() => {
    // The way back, or a link: not what was typed here.
    if ((search.q ?? '') === sent.current) return
    sent.current = search.q ?? ''
    setQuery(sent.current)
  }, [search.q])
  const change = (part: Words) => {
    const next = Object.entries({ ...search, ...part }).filter(([, value]) => value !== '' && value !== undefined)
    void navigate({ to: '/sessions', search: Object.fromEntries(next), replace: true })
  }
  return {
    query,
    state: liveStates.find((one) => one === search.state),
    isArchived: search.archived === 'true',
    setQuery(q: string) {
      setQuery(q)
      sent.current = q
      change({ q })
    },
    setState: (state: LiveState | '') => change({ state }),
    setArchived: (isArchived: boolean) => change({ archived: isArchived ? 'true' : '' }),
  }
}
