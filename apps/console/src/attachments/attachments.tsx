import type { Attachment } from '@steward/contract/daemon'
import { Download, FileText } from 'lucide-react'
import { bytes } from '../parts/format.ts'
import { attachments as text } from '../text/attachments.ts'

/** Where the bytes of a file are. */
export const fileAddress = (fileId: string): string => `/v1/files/${encodeURIComponent(fileId)}`
/** What a browser shows as a picture without running anything in it. */
export const isPicture = (mediaType: string): boolean => /^image\/(png|jpeg|gif|webp|avif|bmp|svg\+xml)$/.test(mediaType)

/** The files that were sent with a message: pictures as pictures, each with its name, its size and a way to download it. */
export function Attachments({ items }: { readonly items: readonly Attachment[] }) {
  if (items.length === 0) return null
  return (
    <ul aria-label={text.label} className="flex flex-wrap gap-2">
      {items.map((item) => (
        <li key={item.fileId} className="max-w-full">
          <a
            href={fileAddress(item.fileId)}
            download={item.name}
            title={text.download(item.name)}
            className="flex max-w-64 flex-col overflow-hidden rounded-sm border bg-raised hover:border-line-strong"
          >
            {isPicture(item.mediaType) && (
              <img src={fileAddress(item.fileId)} alt={item.name} loading="lazy" className="max-h-48 min-h-12 w-full bg-panel object-contain" />
            )}
            <span className="flex min-h-8 items-center gap-2 px-2">
              {!isPicture(item.mediaType) && <FileText aria-hidden size={14} className="shrink-0 text-muted" />}
              <bdi className="min-w-0 flex-1 truncate">{item.name}</bdi>
              <span className="shrink-0 text-xs text-muted">{bytes(item.size)}</span>
              <Download aria-hidden size={14} className="shrink-0 text-muted" />
              <span className="sr-only">{text.downloads}</span>
            </span>
          </a>
        </li>
      ))}
    </ul>
  )
}
