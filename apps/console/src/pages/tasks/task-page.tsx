import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Failed, Loading } from '../../parts/notes.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { Plain } from '../../parts/plain.tsx'
import { say } from '../../parts/toast.tsx'
import { useRead } from '../../platform/operations.ts'
import { useAddress } from '../../platform/use-address.ts'
import { text } from '../../text/index.ts'
import { tasks as words } from '../../text/tasks.ts'
import { FireTimes } from './preview.tsx'
import { RunsSection } from './runs-section.tsx'
import type { StoredTask } from './schedule-words.ts'
import { whenWords } from './schedule-words.ts'
import { TaskState } from './states.tsx'
import { TargetSection } from './target-section.tsx'
import { TaskActions } from './task-actions.tsx'
import { TaskForm } from './task-form.tsx'
import { TaskHow } from './task-how.tsx'
import { UnderWay } from './under-way.tsx'
import { WebhookSection } from './webhook-section.tsx'

/** One stored task. */
export function TaskPage() {
  const { taskId = '' } = useParams({ strict: false }) as { readonly taskId?: string }
  const task = useRead('tasks.get', { id: taskId })
  if (task.data?.kind === 'stored') return <Stored task={task.data} />
  return (
    <Page title={text.frame.tasks} wide>
      {task.error ? (
        <Failed error={task.error} retry={() => void task.refetch()} />
      ) : task.data?.kind === 'session' ? (
        <Link to="/sessions/$sessionId" params={{ sessionId: taskId }} className="text-accent underline">
          <Plain text={task.data.title} />
        </Link>
      ) : (
        <Loading rows={8} />
      )}
    </Page>
  )
}
function Stored({ task }: { readonly task: StoredTask }) {
  const [address, set] = useAddress()
  const navigate = useNavigate()
  const { id, schedule, status, webhook } = task
  return (
    <Page
      title={<Plain text={task.name} />}
      wide
      about={
        <span className="inline-flex flex-wrap items-center gap-x-3">
          <Link to="/tasks" className="text-accent hover:underline">
            {words.back}
          </Link>
          <TaskState status={status} />
          <span>{whenWords(task)}</span>
        </span>
      }
      actions={<TaskActions task={task} onEdit={() => set({ edit: '1' })} onDeleted={() => void navigate({ to: '/tasks' })} />}
    >
      <UnderWay task={task} />
      <div className="grid gap-6 lg:grid-cols-2">
        <Section title={words.what}>
          <TargetSection target={task.target} />
        </Section>
        {schedule !== null && status === 'active' && (
          <Section title={words.preview}>
            <NextFires id={id} zone={schedule.kind === 'cron' ? schedule.zone : undefined} />
          </Section>
        )}
        {webhook !== null && (
          <Section title={words.webhookTitle}>
            <WebhookSection id={id} path={webhook.path} />
          </Section>
        )}
        <Section title={words.settingsTitle}>
          <TaskHow task={task} />
        </Section>
      </div>
      <RunsSection task={task} />
      {address['edit'] === '1' && (
        <TaskForm
          task={task}
          onClose={() => set({ edit: undefined })}
          onDone={() => {
            say(words.updated)
            set({ edit: undefined })
          }}
        />
      )}
    </Page>
  )
}
function NextFires({ id, zone }: { readonly id: string; readonly zone: string | undefined }) {
  const preview = useRead('tasks.preview', { id, count: 5 })
  if (preview.error) return <Failed error={preview.error} retry={() => void preview.refetch()} />
  return <FireTimes fires={preview.data?.fires} zone={zone} />
}
