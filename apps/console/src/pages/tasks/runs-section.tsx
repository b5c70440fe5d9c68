import { Dialog } from '../../parts/dialog.tsx'
import { Duration, Time } from '../../parts/facts.tsx'
import { Json } from '../../parts/json.tsx'
import { Empty, Failed, Loading } from '../../parts/notes.tsx'
import { Section } from '../../parts/page.tsx'
import { Plain } from '../../parts/plain.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { useList } from '../../platform/operations.ts'
import { useAddress } from '../../platform/use-address.ts'
import { tasks as words } from '../../text/tasks.ts'
import { timeIn, zoneHere, type StoredTask } from './schedule-words.ts'
import { FireState, type Fire } from './states.tsx'
import { FireLinks } from './under-way.tsx'

const tookMs = ({ startedAt, finishedAt }: Fire) =>
  startedAt === null || finishedAt === null ? null : Date.parse(finishedAt) - Date.parse(startedAt)
const columns: readonly Column<Fire>[] = [
  { id: 'at', header: words.runAt, cell: ({ at }) => timeIn(at, zoneHere(), true), width: 210 },
  { id: 'state', header: words.state, cell: ({ status }) => <FireState status={status} />, width: 130 },
  { id: 'outcome', header: words.outcome, cell: (fire) => <Outcome fire={fire} />, width: '1fr' },
  { id: 'cause', header: words.cause, cell: ({ cause }) => words.causes[cause], width: 80, hideBelow: 'lg' },
  {
    id: 'took',
    header: words.took,
    cell: (fire) => {
      const ms = tookMs(fire)
      return ms === null ? null : <Duration ms={ms} />
    },
    width: 90,
    align: 'end',
  },
  {
    id: 'leads',
    header: words.leadsTo,
    cell: ({ sessionId, executionId }) => <FireLinks sessionId={sessionId} executionId={executionId} />,
    width: 90,
  },
]
/** What a fire has come to, in words; of missed ones how many and from when until when. */
function Outcome({ fire: { status, count, at, until, error, retryAt, attempt } }: { readonly fire: Fire }) {
  if (status === 'missed')
    return count > 1 && until !== null ? words.missedMany(count, timeIn(at, zoneHere(), true), timeIn(until, zoneHere(), true)) : words.missedOne
  if (status === 'skipped') return words.skippedOne
  if (error !== null) return <Plain text={error.message.slice(0, 300)} className="whitespace-pre!" />
  if (retryAt !== null)
    return (
      <>
        {words.tries(attempt)}, <Time at={retryAt} />
      </>
    )
  return attempt > 1 ? words.tries(attempt) : null
}
/** When a task has fired and what came of it, newest first. */
export function RunsSection({ task: { id } }: { readonly task: StoredTask }) {
  const [address, set] = useAddress()
  const runs = useList('tasks.runs', { id, limit: 50 })
  const open = runs.items.find((fire) => fire.id === address['fire'])
  return (
    <Section title={words.runs}>
      {runs.error && runs.items.length === 0 ? (
        <Failed error={runs.error} retry={runs.more} />
      ) : runs.isPending ? (
        <Loading rows={5} />
      ) : (
        <Table
          label={words.runsTable}
          columns={columns}
          rows={runs.items}
          rowKey={(fire) => fire.id}
          onOpen={(fire) => set({ fire: fire.id })}
          hasMore={runs.hasMore}
          isMore={runs.isMore}
          more={runs.more}
          empty={<Empty title={words.noRuns} />}
        />
      )}
      <Dialog open={open !== undefined} onClose={() => set({ fire: undefined })} title={words.fireTitle} shape="side">
        {open && <FireDetail fire={open} />}
      </Dialog>
    </Section>
  )
}
function FireDetail({ fire }: { readonly fire: Fire }) {
  const { status, at, error, input, sessionId, executionId } = fire
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <FireState status={status} />
        <time dateTime={at}>{timeIn(at, zoneHere(), true)}</time>
        <span className="text-muted">{words.causes[fire.cause]}</span>
        <FireLinks sessionId={sessionId} executionId={executionId} />
      </div>
      {error === null ? <Outcome fire={fire} /> : <Plain text={error.message} className="text-bad" />}
      {input !== null && (
        <>
          <h3 className="font-bold">{words.fireInput}</h3>
          <Json value={input} />
        </>
      )}
    </div>
  )
}
