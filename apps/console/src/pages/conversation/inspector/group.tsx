import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'

/** A part of the inspector that folds away. */
export function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <details open className="group border-b py-2 last:border-b-0">
      <summary className="flex min-h-6 list-none items-center gap-1 rounded-sm font-bold select-none">
        <ChevronRight aria-hidden size={13} className="text-muted transition-transform group-open:rotate-90" />
        <h3>{title}</h3>
      </summary>
      <div className="flex flex-col gap-2 pt-1 pl-1">{children}</div>
    </details>
  )
}
/** A name and its value, on one line. */
export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-3">
      <dt className="shrink-0 text-muted">{name}</dt>
      <dd className="min-w-0 text-right break-words">{children}</dd>
    </div>
  )
}
