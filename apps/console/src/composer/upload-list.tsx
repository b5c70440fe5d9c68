import { lazy, Suspense } from 'react'
import type { Upload } from './draft-store.ts'

const UploadLines = lazy(async () => ({ default: (await import('./upload-lines.tsx')).UploadLines }))

export interface UploadListProps {
  readonly draftId: string
  readonly uploads: readonly Upload[]
  /** Absent: the session is not there yet, and the files wait for it. */
  readonly sessionId?: string | undefined
}
/** The files of a draft, each with how far it is. What shows them is loaded with the first; it has its place at once. */
export function UploadList(props: UploadListProps) {
  if (props.uploads.length === 0) return null
  return (
    <Suspense fallback={<div className="h-14.5" />}>
      <UploadLines {...props} />
    </Suspense>
  )
}
