import type { ReactNode } from 'react'

export interface Choice<V extends string = string> {
  readonly value: V
  /** Short: shown when chosen. */
  readonly label: string
  readonly about?: ReactNode
  readonly disabled?: boolean
}
export interface PickerProps<V extends string> {
  /** What is chosen here, for those who do not see where it stands. */
  readonly label: string
  readonly value: V
  readonly choices: readonly Choice<V>[]
  readonly onChange: (value: V) => void
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}
