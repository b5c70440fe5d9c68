import { CopyButton } from './copy-button.tsx'
import { Input } from './field.tsx'

/** One line to take away: it can be selected, and copied with a button. */
export function CopyLine({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div className="flex items-center gap-2">
      <Input readOnly aria-label={label} value={value} className="font-mono" onFocus={(event) => event.target.select()} />
      <CopyButton text={value} what={label} />
    </div>
  )
}
