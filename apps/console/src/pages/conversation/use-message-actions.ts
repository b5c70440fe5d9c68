import type { Message } from '@steward/contract/daemon'
import { useNavigate } from '@tanstack/react-router'
import { copyText } from '../../parts/clipboard.ts'
import { say, sayFault } from '../../parts/toast.tsx'
import { call } from '../../platform/daemon.ts'
import { conversation as words } from '../../text/conversation.ts'
import type { MessageAction } from './message-menu.tsx'
import { useRewind } from './rewind.tsx'

/** What a person can do with this message. */
export function useMessageActions(message: Message): readonly MessageAction[] {
  const navigate = useNavigate()
  const rewind = useRewind()
  const { id, sessionId, text, role, status, synthetic } = message
  const isOwn = role === 'user' && !synthetic
  const isDone = status === 'final' || status === 'interrupted'
  const copy = async (what: string, done: string) => {
    await copyText(what)
    say(done)
  }
  const fork = async () => {
    const forked = await call('sessions.fork', { id: sessionId, messageId: id })
    await navigate({ to: '/sessions/$sessionId', params: { sessionId: forked.id } })
    say(words.forked)
  }
  return [
    { label: words.copyText, keys: 'c', isPossible: text !== '', run: () => void copy(text, words.textCopied).catch(sayFault) },
    {
      label: words.copyLink,
      keys: 'l',
      isPossible: true,
      run: () => void copy(`${location.origin}/app/sessions/${sessionId}#${id}`, words.linkCopied).catch(sayFault),
    },
    { label: words.edit, keys: 'e', isPossible: isOwn && isDone, run: () => rewind({ message, edits: true }) },
    { label: words.rewind, keys: 'r', isPossible: isOwn && isDone, run: () => rewind({ message, edits: false }) },
    { label: words.fork, keys: 'f', isPossible: isDone, run: () => void fork().catch(sayFault) },
  ]
}
