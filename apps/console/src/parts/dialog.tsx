import { Suspense, useState } from 'react'
import { late } from './late.ts'
import { useOpener } from './use-opener.ts'
import type { BoxProps } from './dialog-box.tsx'

export type DialogProps = Omit<BoxProps, 'opener'>
const DialogBox = late(async () => (await import('./dialog-box.tsx')).DialogBox)

/** A dialog. Focus goes to its first field, else to its first button, and returns where it was; Esc closes. What shows it is loaded with the first that opens. */
export function Dialog(props: DialogProps) {
  const opener = useOpener(props.open)
  const [wasOpen, setWasOpen] = useState(props.open)
  if (props.open && !wasOpen) setWasOpen(true)
  if (!wasOpen) return null
  return (
    <Suspense fallback={null}>
      <DialogBox {...props} opener={opener} />
    </Suspense>
  )
}
