import { useRef, useState, type KeyboardEvent } from 'react'
import { Input } from '../../parts/field.tsx'
import { renameSession, type Session } from '../../sessions/deeds.ts'
import { sessions as words } from '../../text/sessions.ts'

/** The title of a session while it is written anew, in its place: Enter or leaving it keeps, Esc does not. */
export function RenameField({ session, onDone }: { readonly session: Session; readonly onDone: () => void }) {
  const [title, setTitle] = useState(session.title)
  const isOver = useRef(false)
  const end = (isKept: boolean) => {
    if (isOver.current) return
    isOver.current = true
    const wanted = title.trim()
    if (isKept && wanted !== '' && wanted !== session.title) renameSession(session, wanted)
    onDone()
  }
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    end(event.key === 'Enter')
  }
  return (
    <Input
      aria-label={words.newTitle}
      autoFocus
      maxLength={200}
      className="h-7!"
      value={title}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setTitle(event.target.value)}
      onKeyDown={pressed}
      onBlur={() => end(true)}
    />
  )
}
