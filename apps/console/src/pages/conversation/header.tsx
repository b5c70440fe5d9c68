import { useNavigate } from '@tanstack/react-router'
import { useQueryClient } from '@tanstack/react-query'
import { Archive, Download, Ellipsis, GitFork, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Menu } from '../../parts/menu.tsx'
import { Plain } from '../../parts/plain.tsx'
import { Status } from '../../parts/status.tsx'
import { say, sayFault, sayUndo } from '../../parts/toast.tsx'
import { call, type AnswerOf } from '../../platform/daemon.ts'
import { known } from '../../platform/operations.ts'
import { text } from '../../text/index.ts'
import { conversation as words } from '../../text/conversation.ts'
import { TitleField } from './title-field.tsx'

type Session = AnswerOf<'sessions.get'>
export interface HeaderProps {
  readonly session: Session
}
/** The session's title and state, and what can be done with it. */
export function Header({ session }: HeaderProps) {
  const { id, title, archived } = session
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [isNaming, setNaming] = useState(false)
  const [asksDelete, setAsksDelete] = useState(false)
  /** Shows a change at once; what the daemon refuses is taken back. */
  const change = async (next: Partial<Session>, write: () => Promise<Session>): Promise<boolean> => {
    known(queries, 'sessions.get', { id }, { ...session, ...next })
    try {
      known(queries, 'sessions.get', { id }, await write())
      return true
    } catch (error) {
      known(queries, 'sessions.get', { id }, session)
      sayFault(error)
      return false
    }
  }
  const rename = async (next: string) => {
    setNaming(false)
    if (next === title || next === '') return
    const done = await change({ title: next }, () => call('sessions.rename', { id, title: next }))
    if (done) sayUndo(words.header.renamed(next), () => void change({ title }, () => call('sessions.rename', { id, title })))
  }
  const archive = async (next: boolean) => {
    const done = await change({ archived: next }, () => call('sessions.archive', { id, archived: next }))
    if (done && next) sayUndo(words.header.archived, () => void change({ archived: false }, () => call('sessions.archive', { id, archived: false })))
  }
  const fork = async () => {
    const forked = await call('sessions.fork', { id })
    await navigate({ to: '/sessions/$sessionId', params: { sessionId: forked.id } })
    say(words.forked)
  }
  const remove = async () => {
    setAsksDelete(false)
    await call('sessions.delete', { id })
    say(words.header.deleted)
    await navigate({ to: '/sessions' })
  }
  return (
    <header className="flex min-h-12 items-center gap-2 border-b px-3 sm:px-4">
      {isNaming ? (
        <TitleField title={title} onDone={(next) => void rename(next)} onCancel={() => setNaming(false)} />
      ) : (
        <h1 className="min-w-0 flex-1 text-md font-bold">
          <button
            type="button"
            title={words.header.rename}
            onClick={() => setNaming(true)}
            className="block max-w-full truncate rounded-sm px-1 py-1 text-left hover:bg-accent-soft"
          >
            <Plain text={title} className="whitespace-nowrap!" />
          </button>
        </h1>
      )}
      <Status state={session.status} />
      <Menu
        trigger={
          <IconButton label={words.header.menu}>
            <Ellipsis aria-hidden size={16} />
          </IconButton>
        }
        items={[
          { label: words.header.rename, icon: <Pencil aria-hidden size={14} />, onSelect: () => setNaming(true) },
          { label: words.header.fork, icon: <GitFork aria-hidden size={14} />, onSelect: () => void fork().catch(sayFault) },
          {
            label: archived ? words.header.unarchive : words.header.archive,
            icon: <Archive aria-hidden size={14} />,
            onSelect: () => void archive(!archived),
          },
          null,
          { label: words.header.exportJson, icon: <Download aria-hidden size={14} />, onSelect: () => download(id, 'json') },
          { label: words.header.exportMarkdown, icon: <Download aria-hidden size={14} />, onSelect: () => download(id, 'markdown') },
          null,
          { label: words.header.delete, icon: <Trash2 aria-hidden size={14} />, danger: true, onSelect: () => setAsksDelete(true) },
        ]}
      />
      <Dialog
        open={asksDelete}
        onClose={() => setAsksDelete(false)}
        title={words.header.deleteTitle}
        actions={
          <>
            <Button onClick={() => setAsksDelete(false)}>{text.common.cancel}</Button>
            <Button kind="danger" onClick={() => void remove().catch(sayFault)}>
              {text.common.delete}
            </Button>
          </>
        }
      >
        {words.header.deleteAbout}
      </Dialog>
    </header>
  )
}
/** The browser fetches it itself: an export may be longer than what a page should hold. */
function download(id: string, format: 'json' | 'markdown'): void {
  const link = document.createElement('a')
  link.href = `/v1/sessions/${encodeURIComponent(id)}/export?format=${format}`
  link.download = ''
  link.click()
}
