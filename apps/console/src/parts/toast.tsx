import { Suspense, useState, type ReactNode } from 'react'
import { late } from './late.ts'
import { tell, useWaiting } from './toast-queue.ts'

/** Says something that needs no answer. */
export const say = (words: string): void => tell({ words })
/** Says what went wrong; stays until it is closed. */
export const sayFault = (error: unknown): void => tell({ words: error instanceof Error ? error.message : String(error), isFault: true })
/**
 * Says what was done and offers to undo it, for eight seconds; longer while the pointer or the focus is there, where F6 leads. Ctrl or ⌘ with Z undoes what was done last.
 * `kept` is called when the words have gone and nobody has.
 */
export const sayUndo = (words: string, undo: () => void, kept?: () => void): void => tell({ words, undo, ...(kept ? { kept } : {}) })

const ToastList = late(async () => (await import('./toast-list.tsx')).ToastList)
/** Where toasts appear. One stands around everything. What shows them is loaded with the first. */
export function Toasts({ children }: { readonly children: ReactNode }) {
  const isWaiting = useWaiting().length > 0
  const [isNeeded, setIsNeeded] = useState(false)
  if (isWaiting && !isNeeded) setIsNeeded(true)
  return (
    <>
      {children}
      {isNeeded && (
        <Suspense fallback={null}>
          <ToastList />
        </Suspense>
      )}
    </>
  )
}
