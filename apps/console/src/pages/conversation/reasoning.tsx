import { Brain, ChevronDown, ChevronRight } from 'lucide-react'
import { Markdown } from '../../parts/markdown.tsx'
import { conversation as words } from '../../text/conversation.ts'
import { useKept } from './use-kept.ts'

export interface ReasoningProps {
  readonly messageId: string
  readonly text: string
  /** It is being thought. */
  readonly isNow: boolean
}
/** What the model thought before it spoke, folded. */
export function Reasoning({ messageId, text, isNow }: ReasoningProps) {
  const [isOpen, setOpen] = useKept(`${messageId} reasoning`, false)
  const Chevron = isOpen ? ChevronDown : ChevronRight
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex min-h-7 w-fit items-center gap-2 rounded-sm px-1 text-xs text-muted hover:bg-accent-soft"
      >
        <Chevron aria-hidden size={13} />
        <Brain aria-hidden size={13} />
        {isNow ? words.reasoningNow : words.reasoning}
      </button>
      {isOpen && (
        <div className="ml-2 border-l pl-3 text-muted">
          <Markdown text={text} streaming={isNow} />
        </div>
      )}
    </div>
  )
}
