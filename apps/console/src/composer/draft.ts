import type { Attachment } from '@steward/contract/daemon'
import { useMemo, useSyncExternalStore } from 'react'
import { sayFault } from '../parts/toast.tsx'
import { call, connectionState, watchConnection } from '../platform/daemon.ts'
import { focusArea } from './areas.ts'
import { createDrafts, type Draft } from './draft-store.ts'
import { createOutbox } from './outbox.ts'
import { upload } from './upload.ts'
import { createUploads, uploadOf } from './uploads.ts'

export const drafts = createDrafts(localStorage)
/** Resolves when the daemon can be asked (again). */
export const whenConnected = () =>
  new Promise<void>((resolve) => {
    const soon = () => {
      if (!connectionState().connected) return
      stop()
      resolve()
    }
    const stop = watchConnection(soon)
    // A socket that is there and a daemon that is busy: ask again after a while.
    if (connectionState().connected) setTimeout(soon, 1_000)
  })
export const outbox = createOutbox({
  drafts,
  connected: whenConnected,
  send: (sessionId, { key, text, attachments, delivery }) =>
    call(
      'messages.send',
      { sessionId, text, delivery, ...(attachments.length > 0 ? { attachments: attachments.map(({ fileId }) => fileId) } : {}) },
      { key },
    ),
})
export const uploads = createUploads({ drafts, upload, remove: (id) => void call('files.delete', { id }).catch(sayFault) })

export interface DraftHandle {
  readonly text: string
  readonly attachments: Draft['uploads']
  /** Sent and not confirmed yet. */
  readonly outgoing: Draft['outgoing']
  setText(text: string): void
  /** Files of an earlier message, in place of those that are there. */
  setAttachments(attachments: readonly Attachment[]): void
  /** Puts the cursor at the end of the text. */
  focus(): void
}
/** What is written for a session, kept in this browser until the daemon has it. */
export function useDraft(sessionId: string): DraftHandle {
  const draft = useSyncExternalStore(drafts.watch, () => drafts.get(sessionId))
  return useMemo(
    () => ({
      text: draft.text,
      attachments: draft.uploads,
      outgoing: draft.outgoing,
      setText: (text) => drafts.update(sessionId, () => ({ text })),
      setAttachments: (attachments) => drafts.update(sessionId, () => ({ uploads: attachments.map(uploadOf) })),
      focus: () => requestAnimationFrame(() => focusArea(sessionId)),
    }),
    [draft, sessionId],
  )
}
