import { History, Shrink } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import { Time } from '../../parts/facts.tsx'
import { count } from '../../parts/format.ts'
import { Markdown } from '../../parts/markdown.tsx'
import { Plain } from '../../parts/plain.tsx'
import { conversation as words } from '../../text/conversation.ts'
import type { Mark } from './state.ts'
import { useTalk } from './use-conversation.ts'
import { useKept } from './use-kept.ts'

/** Something that happened between messages: a line across. */
export const MarkRow = memo(function MarkRow({ id }: { readonly id: string }) {
  const mark = useTalk().store.mark(id)
  if (mark === undefined) return null
  return mark.kind === 'compacted' ? <Compacted mark={mark} /> : <Rewound mark={mark} />
})
const Line = ({ icon, at, children }: { readonly icon: ReactNode; readonly at: string; readonly children: ReactNode }) => (
  <div className="my-2 flex flex-col gap-2 border-y px-3 py-2 text-xs text-muted">
    <div className="flex flex-wrap items-center gap-2">
      {icon}
      {children}
      <Time at={at} />
    </div>
  </div>
)
function Compacted({ mark }: { readonly mark: Extract<Mark, { kind: 'compacted' }> }) {
  const [isOpen, setOpen] = useKept(mark.id, false)
  return (
    <>
      <Line icon={<Shrink aria-hidden size={13} />} at={mark.at}>
        <span>{words.compacted(count(mark.beforeTokens), count(mark.afterTokens))}</span>
        <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)} className="min-h-6 text-accent underline">
          {words.compactedSummary}
        </button>
      </Line>
      {isOpen && (
        <div className="px-3 pb-3 text-muted">
          <Markdown text={mark.summary} />
        </div>
      )}
    </>
  )
}
const Rewound = ({ mark }: { readonly mark: Extract<Mark, { kind: 'rewound' }> }) => (
  <Line icon={<History aria-hidden size={13} />} at={mark.at}>
    <span>{words.rewound(mark.removedMessages, mark.restoredFiles.length)}</span>
    {mark.restoredFiles.length > 0 && (
      <span className="font-mono">
        <Plain text={mark.restoredFiles.slice(0, 5).join(', ')} />
      </span>
    )}
  </Line>
)
