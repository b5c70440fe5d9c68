import { Suspense, useState } from 'react'
import { late } from '../parts/late.ts'
import { PickerFace } from './picker-face.tsx'
import type { PickerList as List } from './picker-list.tsx'
import type { PickerProps } from './picker-props.ts'

const load = () => import('./picker-list.tsx')
const PickerList = late(async () => (await load()).PickerList) as unknown as typeof List

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
