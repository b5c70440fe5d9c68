import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { executions as words } from '../text/executions.ts'
import type { ChainStep } from './chain.ts'
import { Line } from './line.tsx'

export interface StepLine {
  readonly step: ChainStep
  /** What `open` and `selected` know it by: its id, unless ids may be the same for a while. */
  readonly key?: string
  /** Its state, a decision, a time: at the right end. */
  readonly marks?: ReactNode
  /** What stands below when it is open. */
  readonly detail: ReactNode
  /** Something is wrong with it, or waits for a person. */
  readonly calls?: boolean
}
export interface StepRowsProps {
  readonly label: string
  readonly lines: readonly StepLine[]
  readonly open: ReadonlySet<string>
  readonly onToggle: (id: string) => void
  /** The step under the cursor or focus. */
  readonly selected?: string | undefined
  readonly onSelect?: (id: string) => void
}
/** The first thing that a step is given, on one line. */
function summaryOf({ inputs }: ChainStep): string {
  const [first] = Object.values(inputs ?? {})
  if (first === undefined) return ''
  return (typeof first === 'string' ? first : JSON.stringify(first)).slice(0, 400)
}
/** What bounds a step besides its inputs, in words. */
function conditionsOf({ forEach, if: condition }: ChainStep): string[] {
  return [...(forEach ? [words.each(forEach.in)] : []), ...(condition === undefined ? [] : [words.ifTrue(condition)])]
}
/** The steps of a plan, a workflow or an execution: each one line until it is opened. */
export function StepRows({ label, lines, open, onToggle, selected, onSelect }: StepRowsProps) {
  return (
    <ol aria-label={label} className="min-w-0 border-y">
      {lines.map(({ step, key = step.id, marks, detail, calls = false }, index) => {
        const isOpen = open.has(key)
        return (
          <li
            key={key}
            className={`border-b last:border-b-0 ${selected === key ? 'bg-accent-soft' : ''} ${calls ? 'shadow-[inset_2px_0_0_var(--warn)]' : ''}`}
            onPointerEnter={() => onSelect?.(key)}
            onFocus={() => onSelect?.(key)}
          >
            <button
              type="button"
              aria-expanded={isOpen}
              onClick={() => onToggle(key)}
              className="flex min-h-8 w-full flex-wrap items-center gap-x-2 gap-y-0.5 px-2 py-1 text-left"
            >
              <ChevronRight aria-hidden size={14} className={`shrink-0 text-muted ${isOpen ? 'rotate-90' : ''}`} />
              {lines.length > 1 && <span className="w-5 shrink-0 text-right text-muted tabular-nums">{index + 1}</span>}
              <span className="font-bold">{step.toolId ?? `${words.workflowInside} ${step.workflowId ?? step.id}`}</span>
              {lines.length > 1 && <span className="text-muted">{step.id}</span>}
              <span className="order-last w-full min-w-0 truncate pl-9 font-mono text-xs text-muted sm:order-none sm:w-auto sm:flex-1 sm:pl-0">
                <Line text={[summaryOf(step), ...conditionsOf(step)].filter((part) => part !== '').join(' · ')} />
              </span>
              <span className="ml-auto flex items-center gap-3">{marks}</span>
            </button>
            {isOpen && <div className="flex min-w-0 flex-col gap-3 px-2 pt-1 pb-3 sm:pl-11">{detail}</div>}
          </li>
        )
      })}
    </ol>
  )
}
