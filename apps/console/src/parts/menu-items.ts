import type { ReactElement, ReactNode } from 'react'

export interface MenuItem {
  readonly label: string
  readonly icon?: ReactNode
  readonly danger?: boolean
  readonly disabled?: boolean
  /** A key that does the same, by its name (`mod+k`), shown at the right. */
  readonly keys?: string
  readonly onSelect: () => void
}
export interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement<Record<string, unknown>>
  /** Items; `null` is a line between groups. */
  readonly items: readonly (MenuItem | null)[]
}
