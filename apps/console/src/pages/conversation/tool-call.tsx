import type { ToolCall as Call } from '@steward/contract/daemon'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { memo } from 'react'
import { Duration } from '../../parts/facts.tsx'
import { Plain } from '../../parts/plain.tsx'
import { oneLine } from '../../parts/signs.ts'
import { Status, type State } from '../../parts/status.tsx'
import { conversation as words } from '../../text/conversation.ts'
import { Elapsed } from './elapsed.tsx'
import { Decision } from './decision.tsx'
import { CallBody } from './tool-body.tsx'
import { toolLine } from './tool-line.ts'
import { useWatched } from './use-conversation.ts'
import { useKept } from './use-kept.ts'

const states = {
  asked: 'queued',
  waiting: 'waiting',
  approved: 'queued',
  started: 'running',
  completed: 'completed',
  failed: 'failed',
  denied: 'denied',
  unknown: 'interrupted',
  cancelled: 'cancelled',
} as const satisfies Record<Call['status'], State>
/** These open themselves: somebody wants to know why. */
const opensItself: ReadonlySet<Call['status']> = new Set(['failed', 'denied', 'unknown'])

/** One tool call: a line that says what is done, to what, and what came of it; opened, all of it. What waits for a person stands below. */
export const ToolCall = memo(function ToolCall({ call }: { readonly call: Call }) {
  const { approval, question } = useWatched(call.id, (store) => store.newsOf(call.id))
  const [isOpen, setOpen] = useKept(call.id, opensItself.has(call.status))
  const { verb, object, result } = toolLine(call)
  const Chevron = isOpen ? ChevronDown : ChevronRight
  const outcome = result || (opensItself.has(call.status) || call.status === 'cancelled' ? failureOf(call) : '')
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex min-h-7 w-full min-w-0 items-center gap-2 rounded-sm px-1 text-left hover:bg-accent-soft"
      >
        <Chevron aria-hidden size={13} className="shrink-0 text-muted" />
        <Status state={states[call.status]} dot />
        <span className="flex min-w-0 flex-1 gap-2 font-mono text-xs">
          <span className="shrink-0 font-bold">
            <Plain text={verb} />
          </span>
          <bdi className="min-w-0 truncate" title={oneLine(object).slice(0, 500)}>
            {oneLine(object.slice(0, 300))}
          </bdi>
        </span>
        <span className={`max-w-[40%] shrink-0 truncate text-xs ${call.status === 'failed' || call.status === 'denied' ? 'text-bad' : 'text-muted'}`}>
          {outcome}
        </span>
        <span className="shrink-0 text-right text-xs">
          {call.startedAt !== null && call.finishedAt !== null && (
            <Duration ms={Math.max(0, Date.parse(call.finishedAt) - Date.parse(call.startedAt))} />
          )}
          {call.status === 'started' && call.startedAt !== null && <Elapsed since={call.startedAt} />}
        </span>
      </button>
      {isOpen && <CallBody call={call} />}
      <Decision approval={approval} question={question} />
    </div>
  )
})
/** What became of a call that did not do what it should. */
function failureOf({ status, text }: Call): string {
  const code = /exit code (\d+)/.exec(text ?? '')?.[1]
  return status === 'failed' && code !== undefined ? `exit ${code}` : words.call[status]
}
