import type { ReactNode } from 'react'
import { forms as words } from '../../text/forms.ts'

const Optional = () => <span className="text-xs text-muted">{words.optional}</span>
const Kind = ({ name, required }: { readonly name: string; readonly required: boolean }) => (
  <span className="text-xs text-muted">
    {name}
    {!required && `, ${words.optional}`}
  </span>
)
/** Small words beside the name of a field. */
export const Label = { Optional, Kind }

export interface GroupProps {
  readonly label: string
  readonly note?: ReactNode
  readonly hint: string | undefined
  readonly error: string | undefined
  readonly hiddenLabel: boolean
  readonly children: ReactNode
}
/** Fields that belong together, under one name, set in by a line. */
export function Group({ label, note, hint, error, hiddenLabel, children }: GroupProps) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className={hiddenLabel ? 'sr-only' : 'font-bold'}>{label}</legend>
      {(note !== undefined || hint !== undefined) && (
        <div className="-mt-1 flex flex-wrap gap-x-2 text-xs text-muted">
          {note}
          {hint !== undefined && <span>{hint}</span>}
        </div>
      )}
      {error !== undefined && (
        <div role="alert" className="text-xs text-bad">
          {error}
        </div>
      )}
      <div className="flex min-w-0 flex-col gap-3 border-l-2 pl-3">{children}</div>
    </fieldset>
  )
}
