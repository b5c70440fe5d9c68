import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '../../../parts/button.tsx'
import { Confirm } from '../../../parts/confirm.tsx'
import { Mark } from '../../../parts/mark.tsx'
import { Menu } from '../../../parts/menu.tsx'
import { More } from '../../../parts/more.tsx'
import { Failed, Loading } from '../../../parts/notes.tsx'
import { Page } from '../../../parts/page.tsx'
import { say, sayFault, sayUndo } from '../../../parts/toast.tsx'
import { call } from '../../../platform/daemon.ts'
import { useList, useWrite } from '../../../platform/operations.ts'
import { agents } from '../../../text/settings-agents.ts'
import { text } from '../../../text/index.ts'
import { settings } from '../../../text/settings.ts'
import type { Agent } from './agent-fields.ts'
import { useOpened } from '../use-opened.ts'
import { EditAgent } from './edit-agent.tsx'

/** The agents; which one is open is in the address. */
export function Agents() {
  const { opened, open } = useOpened('agents', 'agent')
  const list = useList('agents.list', { limit: 200 })
  const shown = list.items.find(({ id }) => id === opened)
  return (
    <Page
      title={settings.sections.agents}
      about={agents.about}
      actions={
        <Button kind="primary" onClick={() => open('new')}>
          {agents.create}
        </Button>
      }
    >
      {list.isPending && <Loading />}
      {list.error && <Failed error={list.error} retry={list.again} />}
      <ul className="divide-y border-y">
        {list.items.map((agent) => (
          <AgentRow key={agent.id} agent={agent} onEdit={() => open(agent.id)} />
        ))}
      </ul>
      <More list={list} />
      {opened === 'new' && <EditAgent onClose={() => open()} />}
      {shown && <EditAgent key={shown.id} agent={shown} onClose={() => open()} />}
    </Page>
  )
}
function AgentRow({ agent, onEdit }: { readonly agent: Agent; readonly onEdit: () => void }) {
  const { id, name, description, model, isDefault } = agent
  const [asks, setAsks] = useState(false)
  const remove = useWrite('agents.delete')
  const copy = async () => {
    const { id: _id, runtime: _runtime, isDefault: _default, createdAt: _created, updatedAt: _updated, ...fields } = agent
    const made = await call('agents.create', { ...fields, name: agents.copyOf(name).slice(0, 100) })
    sayUndo(agents.duplicated(made.name), () => void call('agents.delete', { id: made.id }).catch(sayFault))
  }
  const prefer = async () => {
    const { items } = await call('agents.list', { limit: 1 })
    await call('agents.update', { id, isDefault: true })
    const former = items[0]
    sayUndo(agents.isDefaultNow(name), () => void (former && call('agents.update', { id: former.id, isDefault: true }).catch(sayFault)))
  }
  return (
    <li className="flex min-h-10 flex-wrap items-center gap-x-4 gap-y-1 py-1.5">
      <div className="min-w-44 flex-1">
        <button type="button" className="min-h-6 text-left font-bold hover:underline" onClick={onEdit}>
          {name}
        </button>
        {description !== '' && <p className="break-words text-muted">{description}</p>}
      </div>
      {isDefault && <Mark tone="good">{agents.isDefault}</Mark>}
      <span className="font-mono text-muted">{model ?? agents.ofSettings}</span>
      <Menu
        trigger={
          <IconButton size="sm" label={settings.deeds(name)}>
            <Ellipsis size={14} />
          </IconButton>
        }
        items={[
          { label: settings.edit, onSelect: onEdit },
          { label: agents.duplicate, onSelect: () => void copy().catch(sayFault) },
          { label: agents.makeDefault, disabled: isDefault, onSelect: () => void prefer().catch(sayFault) },
          null,
          { label: text.common.delete, danger: true, disabled: isDefault, onSelect: () => setAsks(true) },
        ]}
      />
      <Confirm
        open={asks}
        title={agents.deleteTitle(name)}
        why={agents.deleteWhy}
        deed={text.common.delete}
        busy={remove.isPending}
        onClose={() => setAsks(false)}
        onConfirm={() => remove.mutate({ id }, { onSuccess: () => say(agents.deleted(name)), onError: sayFault })}
      />
    </li>
  )
}
