import type { ReactNode } from 'react'

/** A form that runs something: by its button, and by Ctrl or ⌘ and Enter in any of its fields. */
export function RunForm({ onRun, className, children }: { readonly onRun: () => void; readonly className: string; readonly children: ReactNode }) {
  return (
    <form
      className={`flex min-w-0 flex-col ${className}`}
      onSubmit={(event) => {
        event.preventDefault()
        onRun()
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
        event.preventDefault()
        onRun()
      }}
    >
      {children}
    </form>
  )
}
