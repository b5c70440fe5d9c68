import type { Message } from '@steward/contract/daemon'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useId, useState } from 'react'
import { say, sayFault } from '../parts/toast.tsx'
import { useRead } from '../platform/operations.ts'
import { commandSays, composer as text } from '../text/composer.ts'
import { Area } from './area.tsx'
import { readCommand, runCommand, type CommandContext } from './commands.ts'
import { ContextButton } from './context-button.tsx'
import type { Delivery } from './draft-store.ts'
import { outbox, uploads, useDraft } from './draft.ts'
import { Frame } from './frame.tsx'
import { OutgoingList } from './outgoing-list.tsx'
import { Pickers, type PickerName } from './pickers.tsx'
import { SendButtons } from './send-buttons.tsx'
import { UploadList } from './upload-list.tsx'
import { attachmentOf } from './uploads.ts'
import { useAttach } from './use-attach.ts'
import { useSettings } from './use-settings.ts'
import { lastOwnMessage } from './last-own-message.ts'
import { useUnderWay } from './use-under-way.ts'
import { useKeys } from '../frame/keys.ts'

export interface ComposerProps {
  readonly sessionId: string
  /** Takes the session back to before a message of the person, after asking. */
  readonly onRewind: (message: Message) => void
}
/** What is open in front of the page takes Escape for itself; a toast, a dialog too by its role, does not. */
const isCovered = () => document.querySelector('[role=dialog]:not([aria-modal=false]), [role=alertdialog], [role=menu], [role=listbox]') !== null

/** Where a message to a session is written and sent, and how the session works is chosen. */
export function Composer({ sessionId, onRewind }: ComposerProps) {
  const navigate = useNavigate()
  const noteId = useId()
  const { data: session } = useRead('sessions.get', { id: sessionId })
  const draft = useDraft(sessionId)
  const underWay = useUnderWay(sessionId)
  const attaching = useAttach(sessionId, sessionId)
  useKeys(underWay.run === undefined ? {} : { Escape: () => !isCovered() && underWay.stop() })
  const change = useSettings(session)
  const [picker, openPicker] = useState<PickerName | null>(null)
  const [held, hold] = useState<Delivery | null>(null)
  const [note, setNote] = useState<{ readonly for: string; readonly words: string } | null>(null)
  const { text: written, attachments } = draft
  const isUploading = attachments.some(({ state }) => state === 'sending' || state === 'waiting')
  const isBroken = attachments.some(({ state }) => state === 'failed')

  useEffect(() => void outbox.resume(sessionId), [sessionId])
  const post = (delivery: Delivery) => {
    hold(null)
    void outbox.post(sessionId, { text: written, attachments: attachments.flatMap(attachmentOf), delivery })
  }
  const release = useEffectEvent((delivery: Delivery) => {
    if (isBroken || written.trim() === '') hold(null)
    else post(delivery)
  })
  useEffect(() => {
    if (held !== null && !isUploading) release(held)
  }, [held, isUploading])
  const context = session && {
    session,
    go: (to: Parameters<CommandContext['go']>[0]) =>
      void (to === '/sessions' ? navigate({ to }) : navigate({ to: '/sessions/$sessionId', params: to })),
    setText: draft.setText,
    openPicker,
    stop() {
      underWay.stop()
      return underWay.run !== undefined
    },
    rewind: () => lastOwnMessage(sessionId).then((found) => (found ? onRewind(found) : say(commandSays.nothingToRewind)), sayFault),
    setBudget: (budgetUsd: number | null, words: string) => change({ budgetUsd }, words),
  }
  const submit = (delivery: Delivery) => {
    const read = readCommand(written)
    if (read?.command && context) return runCommand(read.command, read.rest, context)
    if (read && note?.for !== written) return setNote({ for: written, words: text.unknownCommand(read.name) })
    if (written.trim() === '') {
      if (attachments.length > 0) setNote({ for: written, words: text.needsWords })
      return
    }
    if (isBroken) return setNote({ for: written, words: text.brokenFiles })
    if (isUploading || uploads.isBusy(sessionId)) return hold(delivery)
    post(delivery)
  }
  const words = held === null ? (note?.for === written ? note.words : undefined) : text.sendsWhenUploaded
  return (
    <section aria-label={text.section} className="mx-auto w-full max-w-[820px] px-4 pb-3">
      <OutgoingList sessionId={sessionId} draft={draft} underWay={underWay} />
      <Frame
        attaching={attaching}
        pickers={session && <Pickers chosen={session} onChange={change} open={picker} onOpen={openPicker} />}
        actions={
          <>
            {session && <ContextButton session={session} />}
            <SendButtons
              underWay={underWay}
              canSend={written.trim() !== ''}
              isHeld={held !== null}
              onSend={(delivery) => {
                submit(delivery)
                draft.focus()
              }}
            />
          </>
        }
      >
        <UploadList draftId={sessionId} sessionId={sessionId} uploads={attachments} />
        <Area
          draftId={sessionId}
          sessionId={sessionId}
          value={written}
          onChange={draft.setText}
          onPaste={attaching.onPaste}
          onSubmit={(steer) => submit(steer && underWay.run !== undefined ? 'steer' : 'queue')}
          onCommand={(name) => {
            const read = readCommand(name)
            if (read?.command && context) runCommand(read.command, '', context)
          }}
          describedBy={words === undefined ? undefined : noteId}
        />
        {words !== undefined && (
          <p id={noteId} role="status" className="px-3 pb-1 text-warn">
            {words}
          </p>
        )}
      </Frame>
    </section>
  )
}
