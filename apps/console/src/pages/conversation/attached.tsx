import type { Attachment } from '@steward/contract/daemon'
import { Paperclip } from 'lucide-react'
import { bytes } from '../../parts/format.ts'
import { Plain } from '../../parts/plain.tsx'
import { conversation as words } from '../../text/conversation.ts'

/** Files that went with a message. */
export function Attached({ attachments }: { readonly attachments: readonly Attachment[] }) {
  if (attachments.length === 0) return null
  return (
    <ul aria-label={words.attachments} className="flex flex-wrap gap-2">
      {attachments.map(({ fileId, name, size }) => (
        <li key={fileId}>
          <a href={`/v1/files/${fileId}`} download className="inline-flex min-h-6 items-center gap-1 rounded-sm border bg-raised px-2 text-xs">
            <Paperclip aria-hidden size={12} />
            <Plain text={name} />
            <span className="text-muted">{bytes(size)}</span>
          </a>
        </li>
      ))}
    </ul>
  )
}
