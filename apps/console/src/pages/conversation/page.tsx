import { useLocation, useParams } from '@tanstack/react-router'
import type { Message } from '@steward/contract/daemon'
import { useMemo } from 'react'
import { Composer } from '../../composer/composer.tsx'
import { useDraft } from '../../composer/draft.ts'
import { Empty, Failed, Loading } from '../../parts/notes.tsx'
import { useRead } from '../../platform/operations.ts'
import { conversation as words } from '../../text/conversation.ts'
import { Header } from './header.tsx'
import { Inspector } from './inspector/inspector.tsx'
import { keptPlace } from './place.ts'
import { RewindProvider, useRewind } from './rewind.tsx'
import { Stream } from './stream.tsx'
import { TalkProvider, useConversation } from './use-conversation.ts'

/** One session: its conversation, where it is written, and what is known of it. */
export function ConversationPage() {
  const { sessionId } = useParams({ from: '/sessions/$sessionId' })
  return <Session key={sessionId} id={sessionId} />
}
const isMessage = (hash: string) => /^msg_[0-9a-z]+$/.test(hash)

function Session({ id }: { readonly id: string }) {
  const hash = useLocation({ select: (location) => location.hash })
  const target = isMessage(hash) ? hash : undefined
  const place = useMemo(() => keptPlace(id), [id])
  const session = useRead('sessions.get', { id })
  const { talk, state, error, again } = useConversation(id, target ?? (place && isMessage(place.key) ? place.key : undefined))
  const draft = useDraft(id)
  /** What was being written stays, below the words that came back. */
  const edit = (message: Message) => {
    draft.setText(draft.text === '' ? message.text : `${message.text}\n\n${draft.text}`)
    draft.setAttachments(message.attachments)
    draft.focus()
  }
  if (session.error?.code === 'not_found') return <Empty title={words.gone} />
  return (
    <RewindProvider onEdit={edit}>
      <div className="flex h-full">
        <div className="flex min-w-0 flex-1 flex-col">
          {talk !== null && (
            <TalkProvider value={talk}>
              {session.data && <Header session={session.data} />}
              <Stream target={target} place={target === undefined ? place : null} />
            </TalkProvider>
          )}
          {state === 'opening' && (
            <div className="mx-auto w-full max-w-[860px] p-4">
              <Loading rows={6} />
            </div>
          )}
          {state === 'failed' && (
            <div className="p-4">
              <Failed error={error} retry={again} />
            </div>
          )}
          {talk !== null && <Writing id={id} />}
        </div>
        <Inspector sessionId={id} />
      </div>
    </RewindProvider>
  )
}
/** Where one writes; going back from there brings the message back to be written anew. */
function Writing({ id }: { readonly id: string }) {
  const rewind = useRewind()
  return <Composer sessionId={id} onRewind={(message) => rewind({ message, edits: true })} />
}
