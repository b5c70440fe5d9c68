import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { reading as words } from '../text/reading.ts'
import { Button } from './button.tsx'
import { copyText } from './clipboard.ts'
import { sayFault } from './toast.tsx'

export interface CopyButtonProps {
  readonly text: string
  /** What is copied, for those who do not see where the button stands. */
  readonly what?: string
}
/** Copies a text and says so. */
export function CopyButton({ text, what }: CopyButtonProps) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2_000)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <Button
      kind="quiet"
      size="sm"
      aria-label={what === undefined || copied ? undefined : words.copyWhat(what)}
      onClick={() => void copyText(text).then(() => setCopied(true), sayFault)}
    >
      {copied ? <Check aria-hidden size={13} /> : <Copy aria-hidden size={13} />}
      <span aria-live="polite">{copied ? words.copied : words.copy}</span>
    </Button>
  )
}
