import { useNavigate } from '@tanstack/react-router'
import { Dialog } from '../../parts/dialog.tsx'
import { Money, Time } from '../../parts/facts.tsx'
import { count } from '../../parts/format.ts'
import { Empty, Failed, Loading } from '../../parts/notes.tsx'
import { Plain } from '../../parts/plain.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { useList, useRead, type ItemOf } from '../../platform/operations.ts'
import { usage as words } from '../../text/usage.ts'
import { tokensOf, type Stretch } from './sums.ts'
import type { Grouping } from './use-totals.ts'

type Run = ItemOf<'usage.runs'>
const dayMs = 86_400_000
const columns: readonly Column<Run>[] = [
  { id: 'session', header: words.session, cell: ({ sessionId }) => <SessionTitle id={sessionId} />, width: '1fr' },
  { id: 'model', header: words.model, cell: ({ model }) => <Plain text={model} className="whitespace-pre!" />, width: '1fr', hideBelow: 'sm' },
  { id: 'cost', header: words.cost, cell: ({ costUsd }) => <Money usd={costUsd} />, width: 90, align: 'end' },
  { id: 'tokens', header: words.tokens, cell: (run) => count(tokensOf(run)), width: 80, align: 'end' },
  { id: 'ended', header: words.ended, cell: ({ at }) => <Time at={at} />, width: 110, align: 'end' },
]
function SessionTitle({ id }: { readonly id: string }) {
  const session = useRead('sessions.get', { id })
  return <Plain text={session.data?.title ?? id} className="whitespace-pre!" />
}
export interface RunsBehindProps {
  readonly by: Grouping
  /** The day, model, agent or task. */
  readonly of: string
  readonly name: string
  readonly stretch: Stretch
  readonly onClose: () => void
}
function filterOf(by: Grouping, of: string, { since, until }: Stretch) {
  if (by === 'day') return { since: `${of}T00:00:00.000Z`, until: new Date(Date.parse(of) + dayMs).toISOString() }
  const during = { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) }
  if (by === 'model') return { ...during, model: of }
  return { ...during, ...(by === 'agent' ? { agentId: of } : { taskId: of }) }
}
/** The runs behind a figure, each leading to its session. */
export function RunsBehind({ by, of, name, stretch, onClose }: RunsBehindProps) {
  const runs = useList('usage.runs', { ...filterOf(by, of, stretch), limit: 50 })
  const navigate = useNavigate()
  return (
    <Dialog open onClose={onClose} title={words.sessionsOf(name)} shape="wide">
      {runs.error && runs.items.length === 0 ? (
        <Failed error={runs.error} retry={runs.more} />
      ) : runs.isPending ? (
        <Loading rows={5} />
      ) : (
        <>
          <Table
            label={words.sessionRuns}
            columns={columns}
            rows={runs.items}
            rowKey={({ runId, model }) => `${runId} ${model}`}
            href={({ sessionId }) => `/app/sessions/${sessionId}`}
            onOpen={({ sessionId }) => void navigate({ to: '/sessions/$sessionId', params: { sessionId } })}
            hasMore={runs.hasMore}
            isMore={runs.isMore}
            more={runs.more}
            empty={<Empty title={words.noRuns} />}
          />
          <p className="pt-2 text-xs text-muted">{words.partly}</p>
        </>
      )}
    </Dialog>
  )
}
