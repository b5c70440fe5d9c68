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
    <fieldset className="flex min-w-0 flex-col">
      <legend className={hiddenLabel ? 'sr-only' : 'mb-1'}>
        <span className="mr-2 font-bold">{label}</span>
        {note}
      </legend>
      {hint !== undefined && <div className="mb-1 text-xs text-muted">{hint}</div>}
      {error !== undefined && (
        <div role="alert" className="mb-1 text-xs text-bad">
          {error}
        </div>
      )}
      <div className={`flex min-w-0 flex-col gap-3 ${hiddenLabel ? '' : 'border-l-2 pl-3'}`}>{children}</div>
    </fieldset>
  )
}
