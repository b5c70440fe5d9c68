import { FileText, RotateCcw, X } from 'lucide-react'
import { fileAddress, isPicture } from '../attachments/attachments.tsx'
import { IconButton } from '../parts/button.tsx'
import { bytes } from '../parts/format.ts'
import { composer as text } from '../text/composer.ts'
import type { Upload } from './draft-store.ts'
import type { UploadListProps } from './upload-list-props.ts'
import { uploads as transfers } from './draft.ts'

function state({ state: now, size, sent, error }: Upload): string {
  if (now === 'failed') return error ?? ''
  if (now === 'sending') return `${bytes(sent)} / ${bytes(size)}`
  return bytes(size)
}
/** The lines of the files of a draft. */
export function UploadLines({ draftId, uploads, sessionId }: UploadListProps) {
  return (
    <ul aria-label={text.uploads} className="flex flex-wrap gap-2 px-3 pt-3">
      {uploads.map((upload) => (
        <li
          key={upload.id}
          className={`flex max-w-full items-center gap-2 rounded-sm border bg-ground p-1 pl-1.5 ${upload.state === 'failed' ? 'border-bad' : ''}`}
        >
          {isPicture(upload.mediaType) ? (
            <img src={upload.preview ?? fileAddress(upload.fileId ?? '')} alt="" className="size-9 shrink-0 rounded-sm object-cover" />
          ) : (
            <FileText aria-hidden size={16} className="m-1.5 shrink-0 text-muted" />
          )}
          <span className="flex max-w-52 min-w-0 flex-col">
            <bdi className="truncate">{upload.name}</bdi>
            <span
              className={`text-xs break-words ${upload.state === 'failed' ? 'text-bad' : 'text-muted'}`}
              role={upload.state === 'failed' ? 'alert' : undefined}
            >
              {state(upload)}
              {upload.state === 'waiting' && sessionId === undefined && <span className="sr-only"> {text.waitsForSession}</span>}
            </span>
            {upload.state === 'sending' && (
              <progress aria-label={text.uploading(upload.name)} max={upload.size} value={upload.sent} className="h-1 w-full accent-(--accent)" />
            )}
          </span>
          {upload.state === 'failed' && transfers.canRetry(upload.id) && (
            <IconButton size="sm" label={text.retryUpload(upload.name)} onClick={() => transfers.retry(draftId, upload.id, sessionId)}>
              <RotateCcw aria-hidden size={13} />
            </IconButton>
          )}
          <IconButton
            size="sm"
            label={upload.state === 'sending' ? text.cancelUpload(upload.name) : text.remove(upload.name)}
            onClick={() => transfers.drop(draftId, upload)}
          >
            <X aria-hidden size={13} />
          </IconButton>
        </li>
      ))}
    </ul>
  )
}
