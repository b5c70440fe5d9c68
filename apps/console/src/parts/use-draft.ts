import { useState } from 'react'

/** What is being written into a control whose value is kept elsewhere: begins anew from `value` whenever that has changed. */
export function useDraft(value: string): [string, (draft: string) => void] {
  const [draft, setDraft] = useState(value)
  const [was, setWas] = useState(value)
  if (was !== value) {
    setWas(value)
    setDraft(value)
  }
  return [draft, setDraft]
}
