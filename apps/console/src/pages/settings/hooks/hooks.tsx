import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '../../../parts/button.tsx'
import { Confirm } from '../../../parts/confirm.tsx'
import { CopyLine } from '../../../parts/copy-line.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { Mark } from '../../../parts/mark.tsx'
import { Menu } from '../../../parts/menu.tsx'
import { More } from '../../../parts/more.tsx'
import { Empty, Failed, Loading } from '../../../parts/notes.tsx'
import { Page } from '../../../parts/page.tsx'
import { Plain } from '../../../parts/plain.tsx'
import { say, sayFault, sayUndo } from '../../../parts/toast.tsx'
import { useList, useWrite } from '../../../platform/operations.ts'
import { hooks } from '../../../text/settings-agents.ts'
import { text } from '../../../text/index.ts'
import { settings } from '../../../text/settings.ts'
import { Deliveries } from './deliveries.tsx'
import { EditHook } from './edit-hook.tsx'
import { useOpened } from '../use-opened.ts'
import { targetOf, type Hook } from './hook-fields.ts'

/** The hooks and what they have sent; which one is open is in the address. */
export function Hooks() {
  const { opened, open } = useOpened('hooks', 'hook')
  const list = useList('hooks.list', { limit: 200 })
  const shown = list.items.find(({ id }) => id === opened)
  const isNew = opened === 'new' || opened === 'example'
  return (
    <Page
      title={settings.sections.hooks}
      about={hooks.about}
      actions={
        <Button kind="primary" onClick={() => open('new')}>
          {hooks.create}
        </Button>
      }
    >
      {list.isPending && <Loading />}
      {list.error && <Failed error={list.error} retry={list.again} />}
      {!list.isPending && !list.error && list.items.length === 0 && (
        <Empty title={hooks.none} action={<Button onClick={() => open('example')}>{hooks.example}</Button>}>
          {hooks.noneAbout}
        </Empty>
      )}
      {list.items.length > 0 && (
        <ul className="divide-y border-y">
          {list.items.map((hook) => (
            <HookRow key={hook.id} hook={hook} onEdit={() => open(hook.id)} />
          ))}
        </ul>
      )}
      <More list={list} />
      {isNew && <EditHook key={opened} example={opened === 'example'} onClose={() => open()} />}
      {shown && <EditHook key={shown.id} hook={shown} onClose={() => open()} />}
    </Page>
  )
}
function HookRow({ hook, onEdit }: { readonly hook: Hook; readonly onEdit: () => void }) {
  const { id, name, on, active } = hook
  const [opened, setOpened] = useState<'delete' | 'deliveries'>()
  const update = useWrite('hooks.update')
  const test = useWrite('hooks.test', ['hooks.deliveries'])
  const rotate = useWrite('hooks.rotateSecret')
  const remove = useWrite('hooks.delete')
  const turn = (to: boolean) => update.mutateAsync({ id, active: to }).catch(sayFault)
  const toggle = async () => {
    if (await turn(!active)) sayUndo(active ? hooks.turnedOff(name) : hooks.turnedOn(name), () => void turn(active))
  }
  const sendTest = () =>
    test.mutate(
      { id },
      {
        onSuccess() {
          say(hooks.tested)
          setOpened('deliveries')
        },
        onError: sayFault,
      },
    )
  return (
    <li className="flex min-h-10 flex-wrap items-center gap-x-4 gap-y-1 py-1.5">
      <div className="min-w-44 flex-1">
        <button type="button" className="min-h-6 text-left font-bold hover:underline" onClick={onEdit}>
          {name}
        </button>
        <div className="break-words text-muted">
          <span className="font-mono">{on.events.join(', ')}</span> → {hooks.actions[hook.action.kind]}{' '}
          <span className="font-mono break-all">
            <Plain text={targetOf(hook.action)} />
          </span>
        </div>
      </div>
      <Mark tone={active ? 'good' : 'none'}>{active ? hooks.onState : hooks.off}</Mark>
      <Button size="sm" aria-expanded={opened === 'deliveries'} onClick={() => setOpened(opened === 'deliveries' ? undefined : 'deliveries')}>
        {hooks.deliveries}
      </Button>
      <Button size="sm" aria-label={`${hooks.test}: ${name}`} busy={test.isPending} onClick={sendTest}>
        {hooks.test}
      </Button>
      <Menu
        trigger={
          <IconButton size="sm" label={settings.deeds(name)}>
            <Ellipsis size={14} />
          </IconButton>
        }
        items={[
          { label: settings.edit, onSelect: onEdit },
          { label: active ? hooks.turnOff : hooks.turnOn, onSelect: () => void toggle() },
          { label: hooks.secret, disabled: hook.action.kind !== 'webhook', onSelect: () => rotate.mutate({ id }, { onError: sayFault }) },
          null,
          { label: text.common.delete, danger: true, onSelect: () => setOpened('delete') },
        ]}
      />
      {opened === 'deliveries' && <Deliveries id={id} />}
      {rotate.data && (
        <Dialog open onClose={rotate.reset} title={hooks.secretTitle}>
          <p className="mb-2 max-w-[60ch]">{hooks.secretAbout}</p>
          <CopyLine label={hooks.secretTitle} value={rotate.data.secret} />
        </Dialog>
      )}
      <Confirm
        open={opened === 'delete'}
        title={hooks.deleteTitle(name)}
        why={hooks.deleteWhy}
        deed={text.common.delete}
        busy={remove.isPending}
        onClose={() => setOpened(undefined)}
        onConfirm={() => remove.mutate({ id }, { onSuccess: () => say(hooks.deleted(name)), onError: sayFault })}
      />
    </li>
  )
}
