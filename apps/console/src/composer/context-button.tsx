import type { Session } from '@steward/contract/daemon'
import { PanelRight } from 'lucide-react'
import { Button } from '../parts/button.tsx'
import { count, money } from '../parts/format.ts'
import { inspector as text } from '../text/inspector.ts'
import { useContextSize } from './use-context-size.ts'
import { useInspector } from './use-inspector.ts'

/** How much the model reads and what the session has cost; a press shows more. */
export function ContextButton({ session }: { readonly session: Session }) {
  const { isOpen, toggle } = useInspector()
  const { used, max } = useContextSize(session)
  const label = isOpen ? text.close : text.open
  return (
    <Button kind="quiet" size="sm" aria-expanded={isOpen} title={label} onClick={toggle} className="text-muted">
      {used > 0 && (
        <span>
          {count(used)}
          {max > 0 && <span className="max-sm:hidden"> / {count(max)}</span>}
        </span>
      )}
      <span>{money(session.usage.costUsd)}</span>
      <PanelRight aria-hidden size={14} />
      <span className="sr-only">{label}</span>
    </Button>
  )
}
