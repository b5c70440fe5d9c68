import type { ReactNode } from 'react'
import { text } from '../text/index.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

export interface ConfirmProps {
  readonly open: boolean
  readonly title: string
  /** Why it is asked: what cannot be taken back. */
  readonly why: ReactNode
  /** The verb on the button. */
  readonly deed: string
  readonly busy?: boolean
  readonly onConfirm: () => void
  readonly onClose: () => void
}
/** Asks before something that cannot be undone, and says why. Whatever can be undone is done at once and offers that instead. */
export function Confirm({ open, title, why, deed, busy = false, onConfirm, onClose }: ConfirmProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      actions={
        <>
          <Button onClick={onClose}>{text.common.cancel}</Button>
          <Button kind="danger" busy={busy} onClick={onConfirm}>
            {deed}
          </Button>
        </>
      }
    >
      <div className="max-w-[60ch]">{why}</div>
    </Dialog>
  )
}
