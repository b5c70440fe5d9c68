import { PanelRight } from 'lucide-react'
import { useInspector } from '../../../composer/use-inspector.ts'
import { IconButton } from '../../../parts/button.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { Failed, Loading } from '../../../parts/notes.tsx'
import { sayFault } from '../../../parts/toast.tsx'
import { call } from '../../../platform/daemon.ts'
import { useList, useRead } from '../../../platform/operations.ts'
import { inspector as text } from '../../../text/inspector.ts'
import { useRewind } from '../rewind.tsx'
import { ChangedFiles } from './changed-files.tsx'
import { Checkpoints, Rules, SessionFiles, Todos } from './lists.tsx'
import { RunFacts } from './run-facts.tsx'
import { Limits, PastRuns } from './runs.tsx'
import { Spending } from './spending.tsx'

const nothing = { todos: [], checkpoints: [], steps: [], changes: [] }

function Content({ sessionId }: { readonly sessionId: string }) {
  const session = useRead('sessions.get', { id: sessionId })
  const overview = useRead('sessions.overview', { id: sessionId })
  const runs = useList('runs.list', { sessionId, limit: 50 })
  const rewind = useRewind()
  const restore = (messageId: string) => call('messages.get', { id: messageId }).then((message) => rewind({ message, edits: false }), sayFault)
  if (session.isPending) return <Loading rows={6} />
  if (session.error) return <Failed error={session.error} retry={() => void session.refetch()} />
  const { todos, checkpoints, steps, changes } = overview.data ?? nothing
  const newest = runs.items.find(({ status }) => status === 'running' || status === 'waiting') ?? runs.items[0]
  return (
    <>
      <RunFacts run={newest} session={session.data} />
      <Spending session={session.data} steps={steps} />
      {overview.error && <Failed error={overview.error} retry={() => void overview.refetch()} />}
      <Todos todos={todos} />
      <ChangedFiles changes={changes} />
      <Checkpoints checkpoints={checkpoints} onRestore={(messageId) => void restore(messageId)} />
      <SessionFiles sessionId={sessionId} />
      <Rules sessionId={sessionId} />
      {newest && <Limits session={session.data} run={newest} />}
      <PastRuns runs={runs} shown={newest} />
    </>
  )
}
/** What stands behind a conversation: its run, its cost, its files, and the ways back. Beside it where there is room, else a sheet. */
export function Inspector({ sessionId }: { readonly sessionId: string }) {
  const { isOpen, isSheet, toggle } = useInspector()
  if (isSheet)
    return (
      <Dialog open={isOpen} onClose={toggle} title={text.label} shape="side">
        {isOpen && <Content sessionId={sessionId} />}
      </Dialog>
    )
  if (!isOpen) return null
  return (
    <aside aria-label={text.label} className="flex w-72 shrink-0 flex-col overflow-y-auto border-l bg-panel px-3 py-2">
      <div className="flex items-center">
        <h2 className="flex-1 font-bold">{text.label}</h2>
        <IconButton size="sm" label={text.close} onClick={toggle}>
          <PanelRight aria-hidden size={14} />
        </IconButton>
      </div>
      <Content sessionId={sessionId} />
    </aside>
  )
}
