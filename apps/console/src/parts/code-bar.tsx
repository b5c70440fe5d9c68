import type { ReactNode } from 'react'

/** What stands above a code: its title and its buttons. */
export const CodeBar = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <figcaption className="flex min-h-8 flex-wrap items-center gap-1 border-b py-0.5 pr-1 pl-3 text-xs text-muted">
    <bdi className="min-w-0 flex-1 truncate" title={title}>
      {title}
    </bdi>
    {children}
  </figcaption>
)
