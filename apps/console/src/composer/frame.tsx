import { Paperclip } from 'lucide-react'
import { useRef, type ReactNode } from 'react'
import { IconButton } from '../parts/button.tsx'
import { bytes } from '../parts/format.ts'
import { composer as text } from '../text/composer.ts'
import type { Attaching } from './use-attach.ts'

export interface FrameProps {
  readonly attaching: Attaching
  /** The text and its files. */
  readonly children: ReactNode
  /** How it will work, at the left of the foot. */
  readonly pickers: ReactNode
  /** Buttons that send and stop, at the right. */
  readonly actions: ReactNode
}
/** What is around a message that is being written. A file may be dropped anywhere on the page. */
export function Frame({ attaching, children, pickers, actions }: FrameProps) {
  const chooser = useRef<HTMLInputElement>(null)
  const size = bytes(attaching.maxBytes)
  return (
    <div className="rounded-sm border border-line-strong bg-raised focus-within:border-accent">
      {children}
      <div className="flex flex-wrap items-center gap-1 p-1.5">
        <IconButton size="sm" label={text.attach} title={text.attachLimit(size)} onClick={() => chooser.current?.click()}>
          <Paperclip aria-hidden size={14} />
        </IconButton>
        <input
          ref={chooser}
          type="file"
          multiple
          hidden
          aria-label={text.attach}
          onChange={(event) => {
            attaching.add([...(event.target.files ?? [])])
            event.target.value = ''
          }}
        />
        {pickers}
        <div className="ml-auto flex items-center gap-1">{actions}</div>
      </div>
      {attaching.isDragging && (
        <div className="pointer-events-none fixed inset-0 z-50 flex items-center justify-center bg-shade p-8">
          <p className="rounded-sm border-2 border-dashed border-accent bg-raised px-6 py-4 text-md">{text.dropHere(size)}</p>
        </div>
      )}
    </div>
  )
}
