import { Toast as Base } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { text } from '../text/index.ts'
import { Button, IconButton } from './button.tsx'

const manager = Base.createToastManager()
/** So long a deed can be undone. */
export const undoMs = 8_000

/** Says something that needs no answer. */
export const say = (words: string): void => void manager.add({ title: words, timeout: 5_000 })
/** Says what went wrong; stays until it is closed. */
export const sayFault = (error: unknown): void =>
  void manager.add({ title: error instanceof Error ? error.message : String(error), type: 'fault', timeout: 0, priority: 'high' })
/** Says what was done and offers to undo it, for eight seconds. */
export function sayUndo(words: string, undo: () => void): void {
  const id = manager.add({
    title: words,
    timeout: undoMs,
    actionProps: {
      children: text.common.undo,
      onClick() {
        manager.close(id)
        undo()
      },
    },
  })
}
/** Where toasts appear. One stands around everything. */
export function Toasts({ children }: { readonly children: ReactNode }) {
  return (
    <Base.Provider toastManager={manager} limit={4}>
      {children}
      <Base.Portal>
        <Base.Viewport className="fixed right-4 bottom-4 z-50 flex w-[min(400px,calc(100vw-32px))] flex-col gap-2 max-sm:bottom-20">
          <List />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  )
}
function List() {
  const { toasts } = Base.useToastManager()
  return toasts.map((toast) => (
    <Base.Root
      key={toast.id}
      toast={toast}
      className={`flex items-center gap-2 rounded-sm border bg-raised py-1.5 pr-1.5 pl-3 shadow-lifted ${toast.type === 'fault' ? 'border-bad' : ''}`}
    >
      <Base.Title className="min-w-0 flex-1 break-words" />
      {toast.actionProps !== undefined && <Base.Action render={<Button size="sm" />} />}
      <Base.Close
        render={
          <IconButton size="sm" label={text.common.close}>
            <X size={14} />
          </IconButton>
        }
      />
    </Base.Root>
  ))
}
