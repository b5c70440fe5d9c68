import { Toast as Base } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import { useEffect } from 'react'
import { text } from '../text/index.ts'
import { Button, IconButton } from './button.tsx'
import { takeWaiting, undoMs, useWaiting } from './toast-queue.ts'

/** The toasts that are shown. */
export function ToastList() {
  return (
    <Base.Provider limit={4}>
      <Base.Portal>
        {/* Above the buttons at the foot of what stands at the side. */}
        <Base.Viewport
          aria-label={text.common.notices}
          className="fixed right-4 bottom-4 in-[body:has([data-shape=side])]:bottom-18 z-50 flex w-[min(400px,calc(100vw-24px))] flex-col gap-2 max-sm:right-3 max-sm:bottom-[calc(68px+env(safe-area-inset-bottom))]"
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
  const { toasts, add, close } = Base.useToastManager<{ readonly undo?: () => void }>()
  const waiting = useWaiting()
  useEffect(() => {
    for (const { words, isFault = false, undo, kept } of takeWaiting()) {
      if (!undo) add({ title: words, ...(isFault ? { type: 'fault', timeout: 0, priority: 'high' } : { timeout: 5_000 }) })
      else offer(words, undo, kept)
    }
    function offer(words: string, undo: () => void, kept: (() => void) | undefined) {
      let isUndone = false
      const deed = () => {
        isUndone = true
        close(id)
        undo()
      }
      const id: string = add({
        title: words,
        timeout: undoMs,
        onClose: () => isUndone || kept?.(),
        data: { undo: deed },
        actionProps: { children: text.common.undo, onClick: deed },
      })
    }
  }, [waiting, add, close])
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
