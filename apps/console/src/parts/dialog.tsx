import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { text } from '../text/index.ts'
import { IconButton } from './button.tsx'

export interface DialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  readonly children: ReactNode
  /** Buttons at its foot. */
  readonly actions?: ReactNode
  /** `wide` for tables and diffs; `side` stands at the right edge. On a phone each is a sheet from below. */
  readonly shape?: 'plain' | 'wide' | 'side'
}
const shapes = {
  plain: 'sm:top-[12vh] sm:left-1/2 sm:w-[440px] sm:-translate-x-1/2',
  wide: 'sm:top-[8vh] sm:left-1/2 sm:w-[min(880px,92vw)] sm:-translate-x-1/2',
  side: 'sm:inset-y-0 sm:right-0 sm:left-auto sm:h-full sm:max-h-full! sm:w-[min(560px,92vw)] sm:rounded-none',
}
/** A dialog. Focus goes into it and returns where it was; Esc closes. */
export function Dialog({ open, onClose, title, children, actions, shape = 'plain' }: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={(isOpen) => isOpen || onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-shade transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          className={`fixed z-40 flex max-h-[84dvh] flex-col rounded-sm border bg-ground shadow-lifted outline-none max-sm:inset-x-0 max-sm:bottom-0 max-sm:rounded-b-none ${shapes[shape]}`}
        >
          <div className="flex items-center gap-2 border-b py-1.5 pr-1.5 pl-4">
            <Base.Title className="flex-1 text-md font-bold">{title}</Base.Title>
            <Base.Close
              render={
                <IconButton label={text.common.close}>
                  <X size={16} />
                </IconButton>
              }
            />
          </div>
          <div className="min-h-0 flex-1 overflow-auto p-4">{children}</div>
          {actions !== undefined && <div className="flex flex-wrap justify-end gap-2 border-t px-4 py-3">{actions}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
