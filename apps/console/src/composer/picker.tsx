import { lazy, Suspense, useState, type ReactNode } from 'react'
import { PickerFace } from './picker-face.tsx'
import type { PickerList as List } from './picker-list.tsx'

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
const load = () => import('./picker-list.tsx')
const PickerList = lazy(async () => ({ default: (await load()).PickerList })) as unknown as typeof List

/** One of several, each with a sentence; small at rest, a list with a filter when open. The list is loaded when a person comes near. */
export function Picker<V extends string>(props: PickerProps<V>) {
  const { label, value, choices, open, onOpenChange } = props
  const [isAsked, setAsked] = useState(open)
  if (open && !isAsked) setAsked(true)
  const near = () => void load()
  const closed = (
    <PickerFace
      label={label}
      chosen={choices.find((choice) => choice.value === value)?.label ?? value}
      aria-haspopup="dialog"
      aria-expanded={false}
      onClick={() => onOpenChange(true)}
      onPointerEnter={near}
      onFocus={near}
    />
  )
  if (!isAsked) return closed
  return (
    <Suspense fallback={closed}>
      <PickerList {...props} />
    </Suspense>
  )
}
