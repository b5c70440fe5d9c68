import { useNavigate, useSearch } from '@tanstack/react-router'

/** Which thing of a part of the settings is open, kept in the address under `name`; and how another, or none, is opened. */
export function useOpened(section: string, name: string): { readonly opened: string | undefined; open(id?: string): void } {
  const search = useSearch({ strict: false }) as Readonly<Record<string, string>>
  const navigate = useNavigate()
  return {
    opened: search[name],
    open: (id) => void navigate({ to: '/settings/$section', params: { section }, search: id === undefined ? {} : { [name]: id }, replace: true }),
  }
}
