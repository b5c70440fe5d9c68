import { useNavigate } from '@tanstack/react-router'
import { Archive, ArchiveRestore, Ellipsis, GitFork, Pencil, Trash2 } from 'lucide-react'
import { IconButton } from '../../parts/button.tsx'
import { Menu } from '../../parts/menu.tsx'
import { oneLine } from '../../parts/signs.ts'
import { archiveSession, forkSession, type Session } from '../../sessions/deeds.ts'
import { deleteSession } from '../../sessions/leaving.ts'
import { sessions as words } from '../../text/sessions.ts'

/** What can be done with a session of the list. */
export function DeedsMenu({ session, onRename }: { readonly session: Session; readonly onRename: () => void }) {
  const navigate = useNavigate()
  const title = oneLine(session.title)
  const fork = async () => {
    const sessionId = await forkSession(session)
    if (sessionId !== undefined) await navigate({ to: '/sessions/$sessionId', params: { sessionId } })
  }
  return (
    <Menu
      trigger={
        <IconButton size="sm" label={words.deeds(title)}>
          <Ellipsis aria-hidden size={15} />
        </IconButton>
      }
      items={[
        { label: words.rename, icon: <Pencil aria-hidden size={14} />, onSelect: onRename },
        { label: words.fork, icon: <GitFork aria-hidden size={14} />, onSelect: () => void fork() },
        session.archived
          ? { label: words.bringBack, icon: <ArchiveRestore aria-hidden size={14} />, onSelect: () => archiveSession(session) }
          : { label: words.archive, icon: <Archive aria-hidden size={14} />, onSelect: () => archiveSession(session) },
        null,
        { label: words.delete, icon: <Trash2 aria-hidden size={14} />, danger: true, onSelect: () => deleteSession(session.id, title) },
      ]}
    />
  )
}
