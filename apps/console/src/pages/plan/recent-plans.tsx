import { Line } from '../../executions/line.tsx'
import { Time } from '../../parts/facts.tsx'
import { Failed, Loading } from '../../parts/notes.tsx'
import { Section } from '../../parts/page.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { useList, type ItemOf } from '../../platform/operations.ts'
import { plan as words } from '../../text/plan.ts'

type Plan = ItemOf<'plans.list'>
const stateOf = ({ executionId, expiresAt }: Plan): string =>
  executionId !== null ? words.states.executed : Date.parse(expiresAt) <= Date.now() ? words.states.expired : words.states.ready

const columns: readonly Column<Plan>[] = [
  { id: 'request', header: words.columns.request, cell: ({ text }) => <Line text={text} /> },
  { id: 'steps', header: words.columns.steps, align: 'end', width: '72px', cell: ({ steps }) => steps.length },
  { id: 'state', header: words.columns.state, width: '110px', cell: (plan) => stateOf(plan) },
  { id: 'made', header: words.columns.made, width: '110px', align: 'end', cell: ({ createdAt }) => <Time at={createdAt} /> },
]
/** The plans that the person made before, newest first. */
export function RecentPlans({ onOpen }: { readonly onOpen: (plan: Plan) => void }) {
  const { items, isPending, error, hasMore, isMore, more } = useList('plans.list', { limit: 20 })
  return (
    <Section title={words.recent}>
      {error ? (
        <Failed error={error} />
      ) : isPending ? (
        <Loading />
      ) : (
        <Table
          label={words.recent}
          rows={items}
          rowKey={({ id }) => id}
          onOpen={onOpen}
          href={({ id, executionId, text }) =>
            `/app/plan?${new URLSearchParams({ text, plan: id, ...(executionId === null ? {} : { execution: executionId }) }).toString()}`
          }
          hasMore={hasMore}
          isMore={isMore}
          more={more}
          empty={<p className="text-muted">{words.noRecent}</p>}
          columns={columns}
        />
      )}
    </Section>
  )
}
