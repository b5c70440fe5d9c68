import { useRef, useState } from 'react'
import { text } from '../text/index.ts'
import { Button } from './button.tsx'
import { Input } from './field.tsx'

/** One line to take away: it can be selected, and copied with a button. Where the browser lets no page copy, the button selects it. */
export function CopyLine({ label, value }: { readonly label: string; readonly value: string }) {
  const field = useRef<HTMLInputElement>(null)
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    field.current?.select()
    // Over plain http from another machine there is no clipboard.
    if (!('clipboard' in navigator)) return
    await navigator.clipboard.writeText(value).then(
      () => setCopied(true),
      () => undefined,
    )
  }
  return (
    <div className="flex gap-2">
      <Input ref={field} readOnly aria-label={label} value={value} className="font-mono" onFocus={(event) => event.target.select()} />
      <Button onClick={() => void copy()}>{copied ? text.common.copied : text.common.copy}</Button>
    </div>
  )
}
