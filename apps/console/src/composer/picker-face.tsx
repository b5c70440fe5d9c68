import { ChevronDown } from 'lucide-react'
import type { ComponentProps } from 'react'

export interface PickerFaceProps extends ComponentProps<'button'> {
  /** What is chosen here. */
  readonly label: string
  /** What is chosen now. */
  readonly chosen: string
}
/** The button of a picker. */
export const PickerFace = ({ label, chosen, ...button }: PickerFaceProps) => (
  <button
    type="button"
    aria-label={`${label}: ${chosen}`}
    {...button}
    className="flex h-6 max-w-52 min-w-0 items-center gap-1 rounded-sm px-1.5 text-xs text-muted hover:bg-accent-soft hover:text-ink"
  >
    <span className="truncate">{chosen}</span>
    <ChevronDown aria-hidden size={12} className="shrink-0" />
  </button>
)
