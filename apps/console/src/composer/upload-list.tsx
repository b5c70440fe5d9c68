import { Suspense } from 'react'
import { late } from '../parts/late.ts'
import type { UploadListProps } from './upload-list-props.ts'

const UploadLines = late(async () => (await import('./upload-lines.tsx')).UploadLines)

/** The files of a draft, each with how far it is. What shows them is loaded with the first; it has its place at once. */
export function UploadList(props: UploadListProps) {
  if (props.uploads.length === 0) return null
  return (
    <Suspense fallback={<div className="h-14.5" />}>
      <UploadLines {...props} />
    </Suspense>
  )
}
