import { useNavigate, useSearch } from '@tanstack/react-router'

/** The words of an address behind its `?`, by name. */
export type Words = Readonly<Record<string, string>>
/** What a page keeps in its address: filters, tabs, selections. Setting a word puts it there in place of the address before; undefined and '' take it out. */
export function useAddress(): readonly [Words, (changes: Readonly<Record<string, string | undefined>>) => void] {
  const words = useSearch({ strict: false }) as Words
  const navigate = useNavigate()
  const set = (changes: Readonly<Record<string, string | undefined>>) => {
    const next = Object.fromEntries(Object.entries({ ...words, ...changes }).filter(([, value]) => value !== undefined && value !== ''))
    void navigate({ to: '.', search: next as never, replace: true })
  }
  return [words, set]
}
