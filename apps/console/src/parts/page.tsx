import type { ReactNode } from 'react'

export interface PageProps {
  readonly title: ReactNode
  /** Buttons beside the title. */
  readonly actions?: ReactNode
  /** A sentence below the title. */
  readonly about?: ReactNode
  /** `wide` for tables, graphs and the like; otherwise prose and forms keep a readable width. */
  readonly wide?: boolean
  readonly children: ReactNode
}
/** A page: its title, what can be done, and what is on it. */
export function Page({ title, actions, about, wide = false, children }: PageProps) {
  return (
    <div className="h-full overflow-auto">
      <div className={`mx-auto flex flex-col gap-4 p-4 lg:px-8 lg:py-6 ${wide ? 'max-w-[1180px]' : 'max-w-[820px]'}`}>
        <header className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <div className="min-w-0 flex-[1_1_220px]">
            <h1 className="truncate text-lg font-bold">{title}</h1>
            {about !== undefined && <p className="max-w-[72ch] text-muted">{about}</p>}
          </div>
          {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
        </header>
        {children}
      </div>
    </div>
  )
}
/** A part of a page under its own heading. */
export function Section({ title, actions, children }: { readonly title: string; readonly actions?: ReactNode; readonly children: ReactNode }) {
  return (
    <section className="flex flex-col gap-2">
      <header className="flex min-h-8 items-center gap-2">
        <h2 className="flex-1 text-md font-bold">{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  )
}
