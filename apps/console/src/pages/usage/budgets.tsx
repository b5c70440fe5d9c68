import { useState, type ReactNode } from 'react'
import { sentAmount } from '../../parts/amount.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field, Input } from '../../parts/field.tsx'
import { money } from '../../parts/format.ts'
import { Meter } from '../../parts/meter.tsx'
import { Failed } from '../../parts/notes.tsx'
import { Section } from '../../parts/page.tsx'
import { Plain } from '../../parts/plain.tsx'
import { sayFault, sayUndo } from '../../parts/toast.tsx'
import { call, type AnswerOf } from '../../platform/daemon.ts'
import { useRead } from '../../platform/operations.ts'
import { text } from '../../text/index.ts'
import { usage as words } from '../../text/usage.ts'

type Task = AnswerOf<'tasks.get'>
const budgetOf = (task: Task) => (task.kind === 'stored' ? task.budgetUsd : task.settings.budgetUsd)
const nameOf = (task: Task) => (task.kind === 'stored' ? task.name : task.title)
const setBudget = (task: Task, budgetUsd: number | null) =>
  call('tasks.update', { id: task.id, ...(task.kind === 'stored' ? { budgetUsd } : { settings: { budgetUsd } }) })

/** The caps of runs: the setting for all of them, and those of tasks and sessions that have their own. */
export function Budgets() {
  const setting = useRead('settings.get', { key: 'runs.budgetUsd' })
  const stored = useRead('tasks.list', { kind: 'stored', limit: 200 })
  const sessions = useRead('tasks.list', { kind: 'session', limit: 200 })
  const capped = (tasks: readonly Task[] | undefined) => (tasks ?? []).filter((task) => budgetOf(task) !== null)
  const [tasks, ofSessions] = [capped(stored.data?.items), capped(sessions.data?.items)]
  const value = typeof setting.data?.value === 'number' ? setting.data.value : null
  const source = setting.data?.source
  const isFixed = source === 'environment' || source === 'flag'
  const put = (budgetUsd: number | null) => call('settings.set', { key: 'runs.budgetUsd', value: budgetUsd })
  return (
    <Section title={words.budgets}>
      <p className="max-w-[72ch] text-muted">{words.budgetsAbout}</p>
      <ul className="flex flex-col border-t">
        <Row
          name={words.everyRun}
          value={value}
          {...(isFixed ? { fixed: words.fixed(setting.data?.place ?? source) } : {})}
          save={put}
          undo={() => (source === 'stored' ? put(value) : call('settings.reset', { key: 'runs.budgetUsd' }))}
        />
        {[...tasks, ...ofSessions].map((task) => (
          <Row
            key={task.id}
            name={nameOf(task)}
            value={budgetOf(task)}
            save={(budgetUsd) => setBudget(task, budgetUsd)}
            undo={() => setBudget(task, budgetOf(task))}
          >
            <LastRun {...(task.kind === 'session' ? { sessionId: task.id } : { taskId: task.id })} max={budgetOf(task) ?? 0} />
          </Row>
        ))}
      </ul>
      {stored.data && sessions.data && tasks.length + ofSessions.length === 0 && <p className="text-muted">{words.noSessionBudgets}</p>}
    </Section>
  )
}
/** What the newest run has used of its budget. */
function LastRun({ max, ...of }: { readonly taskId?: string; readonly sessionId?: string; readonly max: number }) {
  const runs = useRead('usage.runs', { ...of, limit: 10 })
  const items = runs.data?.items ?? []
  const [newest] = items
  if (!newest) return null
  // A run that used several models has a line for each.
  const spent = items.filter(({ runId }) => runId === newest.runId).reduce((sum, { costUsd }) => sum + costUsd, 0)
  return <Meter label={words.spentLast} value={spent} max={max} format={money} />
}
interface RowProps {
  readonly name: string
  readonly value: number | null
  /** Why it cannot be changed here. */
  readonly fixed?: string
  readonly save: (budgetUsd: number | null) => Promise<unknown>
  readonly undo: () => Promise<unknown>
  readonly children?: ReactNode
}
function Row({ name, value, fixed, save, undo, children }: RowProps) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <li className="flex min-h-10 flex-wrap items-center gap-x-4 gap-y-1 border-b py-1">
      <span className="min-w-40 flex-1 truncate">
        <Plain text={name} />
      </span>
      {children !== undefined && <div className="w-56 max-sm:w-full">{children}</div>}
      <span className="w-20 text-right">{value === null ? <span className="text-muted">{words.noBudget}</span> : money(value)}</span>
      {fixed === undefined ? (
        <Button size="sm" aria-label={words.editOf(name)} onClick={() => setIsOpen(true)}>
          {words.edit}
        </Button>
      ) : (
        <span className="text-xs text-muted">{fixed}</span>
      )}
      {isOpen && <Editor name={name} value={value} save={save} undo={undo} onClose={() => setIsOpen(false)} />}
    </li>
  )
}
function Editor({ name, value, save, undo, onClose }: Omit<RowProps, 'fixed' | 'children'> & { readonly onClose: () => void }) {
  const [written, setWritten] = useState(value === null ? '' : String(value))
  const [error, setError] = useState<unknown>()
  const [isBusy, setIsBusy] = useState(false)
  const submit = async () => {
    setIsBusy(true)
    try {
      await save(sentAmount(written))
      sayUndo(words.changed, () => void undo().catch(sayFault))
      onClose()
    } catch (fault) {
      setError(fault)
      setIsBusy(false)
    }
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.editTitle}
      actions={
        <Button kind="primary" type="submit" form="budget" busy={isBusy}>
          {text.common.save}
        </Button>
      }
    >
      <form
        id="budget"
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <p>
          <Plain text={name} />
        </p>
        <Field label={words.budgetUsd} hint={words.budgetHint}>
          {(described) => <Input {...described} inputMode="decimal" value={written} onChange={(event) => setWritten(event.target.value)} />}
        </Field>
        {error !== undefined && <Failed error={error} />}
      </form>
    </Dialog>
  )
}
