import { useNavigate } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { Button } from '../../parts/button.tsx'
import { Page } from '../../parts/page.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { say } from '../../parts/toast.tsx'
import { useAddress } from '../../platform/use-address.ts'
import { text } from '../../text/index.ts'
import { tasks as words } from '../../text/tasks.ts'
import { CalendarTab } from './calendar-tab.tsx'
import { SessionTasks } from './session-tasks.tsx'
import { TaskForm } from './task-form.tsx'
import { TaskList } from './task-list.tsx'

const tabs = ['list', 'calendar', 'sessions'] as const
/** What Steward does by itself. */
export function TasksPage() {
  const [address, set] = useAddress()
  const navigate = useNavigate()
  const tab = tabs.find((one) => one === address['tab']) ?? 'list'
  return (
    <Page
      title={text.frame.tasks}
      about={words.about}
      wide
      actions={
        <Button kind="primary" onClick={() => set({ new: '1' })}>
          <Plus aria-hidden size={14} />
          {words.add}
        </Button>
      }
    >
      <Tabs
        label={words.tabs}
        value={tab}
        onChange={(value) => set({ tab: value === 'list' ? undefined : value })}
        tabs={[
          { value: 'list', label: words.tab.list, content: <TaskList /> },
          { value: 'calendar', label: words.tab.calendar, content: <CalendarTab /> },
          { value: 'sessions', label: words.tab.sessions, content: <SessionTasks /> },
        ]}
      />
      {address['new'] === '1' && (
        <TaskForm
          onClose={() => set({ new: undefined })}
          onDone={({ id, name }) => {
            say(words.created(name))
            void navigate({ to: '/tasks/$taskId', params: { taskId: id } })
          }}
        />
      )}
    </Page>
  )
}
