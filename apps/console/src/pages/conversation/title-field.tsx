import { useEffect, useRef, useState } from 'react'
import { Input } from '../../parts/field.tsx'
import { conversation as words } from '../../text/conversation.ts'

export interface TitleFieldProps {
  readonly title: string
  readonly onDone: (title: string) => void
  readonly onCancel: () => void
}
/** The title, being written: Enter or going elsewhere takes it, Escape leaves it as it was. */
export function TitleField({ title, onDone, onCancel }: TitleFieldProps) {
  const [value, setValue] = useState(title)
  const field = useRef<HTMLInputElement>(null)
  const isOver = useRef(false)
  useEffect(() => field.current?.select(), [])
  const end = (deed: () => void) => {
    if (isOver.current) return
    isOver.current = true
    deed()
  }
  return (
    <Input
      ref={field}
      autoFocus
      aria-label={words.header.title}
      className="flex-1 text-md font-bold"
      maxLength={200}
      value={value}
      onChange={({ target }) => setValue(target.value)}
      onBlur={() => end(() => onDone(value.trim()))}
      onKeyDown={(event) => {
        if (event.key === 'Enter') end(() => onDone(value.trim()))
        else if (event.key === 'Escape') end(onCancel)
        else return
        event.preventDefault()
      }}
    />
  )
}
