import type { ReactNode } from 'react'
import { sentence } from './format.ts'
import { text } from '../text/index.ts'
import { Button } from './button.tsx'

/** Says that there is nothing, what would be here, and offers one example that works when clicked. */
export function Empty({ title, children, action }: { readonly title: string; readonly children?: ReactNode; readonly action?: ReactNode }) {
  return (
    <div className="mx-auto flex max-w-[46ch] flex-col items-center gap-2 px-4 py-12 text-center">
      <p className="text-md font-bold">{title}</p>
      {children !== undefined && <div className="text-muted">{children}</div>}
      {action !== undefined && <div className="mt-2">{action}</div>}
    </div>
  )
}
/** Says what went wrong, in the daemon's own sentence, and offers to try again. */
export function Failed({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  return (
    <div role="alert" className="flex flex-wrap items-center gap-3 rounded-sm border border-bad bg-bad-soft px-3 py-2">
      <span className="min-w-0 flex-1 break-words">{sentence(error)}</span>
      {retry && (
        <Button size="sm" onClick={retry}>
          {text.common.retry}
        </Button>
      )}
    </div>
  )
}
/** Rows that hold the place of what is being read. They say so after a moment. */
export function Loading({ rows = 3 }: { readonly rows?: number }) {
  return (
    <div role="status" className="flex flex-col gap-2 p-3">
      <span className="sr-only">{text.common.loading}</span>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} aria-hidden className="h-4 rounded-sm bg-panel" style={{ width: `${85 - ((index * 17) % 40)}%` }} />
      ))}
    </div>
  )
}
