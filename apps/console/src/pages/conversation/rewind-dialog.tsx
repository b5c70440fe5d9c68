import { useState } from 'react'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Check } from '../../parts/field.tsx'
import { Failed } from '../../parts/notes.tsx'
import { Plain } from '../../parts/plain.tsx'
import { say, sayFault } from '../../parts/toast.tsx'
import { call } from '../../platform/daemon.ts'
import { useRead } from '../../platform/operations.ts'
import { text } from '../../text/index.ts'
import { conversation as words } from '../../text/conversation.ts'
import type { OnEdit, Wanted } from './rewind-wanted.ts'

/** So many file names are listed. */
const mostNames = 12

export interface RewindDialogProps {
  readonly wanted: Wanted
  readonly onEdit: OnEdit
  readonly onClose: () => void
}
/** Says what goes, asks, and rewinds. */
export function RewindDialog({ wanted: { message, edits }, onEdit, onClose }: RewindDialogProps) {
  const { id: messageId, sessionId: id } = message
  const preview = useRead('sessions.rewindPreview', { id, messageId })
  const [files, setFiles] = useState(true)
  const [busy, setBusy] = useState(false)
  const changed = preview.data?.files ?? []
  const rewind = async () => {
    setBusy(true)
    try {
      const { removedMessages, restoredFiles } = await call('sessions.rewind', { id, messageId, files: files && changed.length > 0 })
      say(words.rewoundSay(removedMessages, restoredFiles.length))
      if (edits) onEdit(message)
      onClose()
    } catch (error) {
      setBusy(false)
      sayFault(error)
    }
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={edits ? words.editTitle : words.rewindTitle}
      actions={
        <>
          <Button onClick={onClose}>{text.common.cancel}</Button>
          <Button kind="danger" busy={busy} disabled={preview.isPending} onClick={() => void rewind()}>
            {edits ? words.editDo : words.rewindDo}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {preview.isPending && <p role="status">{words.rewindReading}</p>}
        {preview.error && <Failed error={preview.error} retry={() => void preview.refetch()} />}
        {preview.data && <p>{words.rewindAbout(words.rewindMessages(preview.data.messages))}</p>}
        {changed.length > 0 && (
          <>
            <Check label={words.rewindFiles} checked={files} onChange={setFiles} />
            {files && (
              <div>
                <p className="text-muted">{words.rewindFilesAbout(changed.length)}</p>
                <ul className="ml-4 list-disc font-mono text-xs">
                  {changed.slice(0, mostNames).map((name) => (
                    <li key={name}>
                      <Plain text={name} />
                    </li>
                  ))}
                </ul>
                {changed.length > mostNames && <p className="text-muted">{words.rewindMoreFiles(changed.length - mostNames)}</p>}
              </div>
            )}
          </>
        )}
        {preview.data && changed.length === 0 && (
          <p className="text-muted">{preview.data.unreadable === null ? words.rewindNoFiles : preview.data.unreadable}</p>
        )}
      </div>
    </Dialog>
  )
}
