import { Check, TimerOff, X } from 'lucide-react'
import { outcomeOf } from '../../decisions/settle.ts'
import { Time } from '../../parts/facts.tsx'
import { Section } from '../../parts/page.tsx'
import { Plain } from '../../parts/plain.tsx'
import { useRead, type ItemOf } from '../../platform/operations.ts'
import { inbox as words } from '../../text/inbox.ts'
import { Origin } from './origin.tsx'

const dayMs = 86_400_000
const shapes = {
  approved: <Check aria-hidden size={14} className="text-good" />,
  rejected: <X aria-hidden size={14} className="text-bad" />,
  expired: <TimerOff aria-hidden size={14} className="text-muted" />,
} as const
const endOf = ({ settledAt, createdAt }: ItemOf<'approvals.list'>) => settledAt ?? createdAt

/** What was settled in the last day, last first. */
export function SettledList() {
  const whoami = useRead('tokens.whoami', {})
  const approved = useRead('approvals.list', { status: 'approved', order: 'newest', limit: 50 })
  const rejected = useRead('approvals.list', { status: 'rejected', order: 'newest', limit: 50 })
  const expired = useRead('approvals.list', { status: 'expired', order: 'newest', limit: 50 })
  const since = new Date(Date.now() - dayMs).toISOString()
  const items = [approved, rejected, expired]
    .flatMap(({ data }) => data?.items ?? [])
    .filter((item) => endOf(item) > since)
    .toSorted((one, other) => (endOf(one) > endOf(other) ? -1 : 1))
  if (items.length === 0) return null
  return (
    <Section title={words.settled}>
      <ul aria-label={words.settled} className="flex flex-col">
        {items.map((item) => (
          <li key={item.id} className="flex flex-wrap items-center gap-x-3 gap-y-0.5 border-b py-1.5">
            {shapes[item.status as keyof typeof shapes]}
            <Plain text={item.toolId} className="font-bold" />
            <span className="text-muted">{outcomeOf(item, whoami.data?.id)}</span>
            {item.note !== null && <Plain text={item.note} />}
            <span className="ml-auto flex min-w-0 gap-3">
              <Origin sessionId={item.sessionId} executionId={item.executionId} />
              <Time at={endOf(item)} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
