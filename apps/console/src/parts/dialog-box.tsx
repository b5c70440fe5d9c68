import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { useRef, type ReactNode } from 'react'
import { text } from '../text/index.ts'
import { IconButton } from './button.tsx'

export interface BoxProps {
  readonly open: boolean
  readonly onClose: () => void
  /** Where the focus goes when it closes. */
  readonly opener: (closed: HTMLElement | null) => HTMLElement | boolean
  readonly title: string
  readonly children: ReactNode
  /** Buttons at its foot; on a phone they share its width, where a thumb reaches them. */
  readonly actions?: ReactNode
  /** `wide` for tables and diffs; `side` stands at the right edge. On a phone each is a sheet from below. */
  readonly shape?: 'plain' | 'wide' | 'side'
}
const shapes = {
  plain: 'sm:top-[12vh] sm:left-1/2 sm:w-[440px] sm:-translate-x-1/2',
  wide: 'sm:top-[8vh] sm:left-1/2 sm:w-[min(880px,92vw)] sm:-translate-x-1/2',
  side: 'sm:inset-y-0 sm:right-0 sm:left-auto sm:h-full sm:max-h-full! sm:w-[min(560px,92vw)] sm:rounded-none sm:border-y-0 sm:border-r-0',
}
const fades = 'transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0'
const enterable = 'input:not([type=hidden], :disabled), textarea:not(:disabled), select:not(:disabled), [role=combobox]'

/** A dialog. Focus goes to its first field, else to its first button, and returns where it was; Esc closes. */
export function DialogBox({ open, onClose, opener, title, children, actions, shape = 'plain' }: BoxProps) {
  const popup = useRef<HTMLDivElement>(null)
  const foot = useRef<HTMLDivElement>(null)
  return (
    <Base.Root open={open} onOpenChange={(isOpen) => isOpen || onClose()}>
      <Base.Portal>
        <Base.Backdrop className={`fixed inset-0 z-40 bg-shade ${fades}`} />
        <Base.Popup
          ref={popup}
          data-shape={shape}
          finalFocus={() => opener(popup.current)}
          // A finger that opened it gets no keyboard over it.
          initialFocus={(opened) =>
            opened === 'touch'
              ? popup.current
              : (popup.current?.querySelector<HTMLElement>(enterable) ?? foot.current?.querySelector('button') ?? true)
          }
          className={`fixed z-40 flex max-h-[84dvh] flex-col rounded-sm border bg-ground shadow-lifted outline-none max-sm:inset-x-0 max-sm:bottom-0 max-sm:rounded-b-none max-sm:border-x-0 max-sm:border-b-0 max-sm:pb-[env(safe-area-inset-bottom)] ${fades} ${shapes[shape]}`}
        >
          <div className="flex items-center gap-2 border-b py-1.5 pr-1.5 pl-4">
            <Base.Title className="min-w-0 flex-1 text-md font-bold break-words">{title}</Base.Title>
            <Base.Close
              render={
                <IconButton label={text.common.close}>
                  <X aria-hidden size={16} />
                </IconButton>
              }
            />
          </div>
          <div className="min-h-0 flex-1 overflow-auto p-4">{children}</div>
          {actions !== undefined && (
            <div ref={foot} className="flex flex-wrap justify-end gap-2 border-t px-4 py-3 max-sm:[&>button]:h-11 max-sm:[&>button]:flex-1">
              {actions}
            </div>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
