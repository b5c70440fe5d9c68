import { useState } from 'react'

/** Which steps are open: those that a person opened, and those that `calls` says without having been closed. */
export function useOpen(calls: readonly string[]) {
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map())
  const open = new Set([...calls.filter((id) => chosen.get(id) !== false), ...[...chosen].flatMap(([id, isOpen]) => (isOpen ? [id] : []))])
  return {
    open,
    toggle: (id: string) => setChosen(new Map(chosen).set(id, !open.has(id))),
    show: (id: string) => setChosen(new Map(chosen).set(id, true)),
  }
}
