import { Toast as Base } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import { useEffect, type ReactNode } from 'react'
import { text } from '../text/index.ts'
import { Button, IconButton } from './button.tsx'

const manager = Base.createToastManager<{ readonly undo?: () => void }>()
/** So long a deed can be undone. */
const undoMs = 8_000

/** Says something that needs no answer. */
export const say = (words: string): void => void manager.add({ title: words, timeout: 5_000 })
/** Says what went wrong; stays until it is closed. */
export const sayFault = (error: unknown): void =>
  void manager.add({ title: error instanceof Error ? error.message : String(error), type: 'fault', timeout: 0, priority: 'high' })
/**
 * Says what was done and offers to undo it, for eight seconds; longer while the pointer or the focus is there, where F6 leads. Ctrl or ⌘ with Z undoes what was done last.
 * `kept` is called when the words have gone and nobody has.
 */
export function sayUndo(words: string, undo: () => void, kept?: () => void): void {
  let isUndone = false
  const deed = () => {
    isUndone = true
    manager.close(id)
    undo()
  }
  const id: string = manager.add({
    title: words,
    timeout: undoMs,
    onClose: () => isUndone || kept?.(),
    data: { undo: deed },
    actionProps: { children: text.common.undo, onClick: deed },
  })
}
/** Where toasts appear. One stands around everything. */
export function Toasts({ children }: { readonly children: ReactNode }) {
  return (
    <Base.Provider toastManager={manager} limit={4}>
      {children}
      <Base.Portal>
        <Base.Viewport
          aria-label={text.common.notices}
          className="fixed right-4 bottom-4 z-50 flex w-[min(400px,calc(100vw-24px))] flex-col gap-2 max-sm:right-3 max-sm:bottom-[calc(68px+env(safe-area-inset-bottom))]"
        >
          <List />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  )
}
/** Where one writes, that key undoes what was written. */
const writes = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA)$/.test(target.tagName))

function List() {
  const { toasts } = Base.useToastManager<{ readonly undo?: () => void }>()
  const undo = toasts.find(({ data, transitionStatus }) => data?.undo && transitionStatus !== 'ending')?.data?.undo
  useEffect(() => {
    if (!undo) return
    const pressed = (event: KeyboardEvent) => {
      const isUndo = event.key.toLowerCase() === 'z' && (event.metaKey || event.ctrlKey) && !event.shiftKey
      if (!isUndo || event.defaultPrevented || writes(event.target)) return
      event.preventDefault()
      undo()
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  }, [undo])
  return toasts.map((toast) => (
    <Base.Root
      key={toast.id}
      toast={toast}
      className={`flex items-center gap-2 rounded-sm border bg-raised py-1.5 pr-1.5 pl-3 shadow-lifted transition-opacity data-ending-style:opacity-0 data-limited:hidden data-starting-style:opacity-0 ${toast.type === 'fault' ? 'border-bad' : ''}`}
    >
      <Base.Title className="min-w-0 flex-1 break-words" />
      {toast.actionProps !== undefined && <Base.Action render={<Button size="sm" />} />}
      <Base.Close
        render={
          <IconButton size="sm" label={text.common.close}>
            <X aria-hidden size={14} />
          </IconButton>
        }
      />
    </Base.Root>
  ))
}
