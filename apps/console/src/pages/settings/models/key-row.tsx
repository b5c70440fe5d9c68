import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '../../../parts/button.tsx'
import { Confirm } from '../../../parts/confirm.tsx'
import { Time } from '../../../parts/facts.tsx'
import { duration } from '../../../parts/format.ts'
import { Mark, type Tone } from '../../../parts/mark.tsx'
import { Menu } from '../../../parts/menu.tsx'
import { say, sayFault, sayUndo } from '../../../parts/toast.tsx'
import { call } from '../../../platform/daemon.ts'
import { useWrite } from '../../../platform/operations.ts'
import { providerName } from '../../../text/keys.ts'
import { models } from '../../../text/settings-access.ts'
import { settings } from '../../../text/settings.ts'
import { EditKey } from './edit-key.tsx'
import type { Profile } from './types.ts'

const tones = { untested: 'none', ok: 'good', cooling: 'warn', failed: 'bad', expired: 'bad' } as const satisfies Record<Profile['health'], Tone>

/** One key: whose it is, how it does and why, and what can be done with it. */
export function KeyRow({ profile }: { readonly profile: Profile }) {
  const { id, provider, name, health, enabled, tail, source, where, why, coolingUntil, lastUsedAt, priority } = profile
  const [opened, setOpened] = useState<'edit' | 'remove'>()
  const test = useWrite('auth.test', ['auth.list'])
  const update = useWrite('auth.update')
  const title = `${providerName(provider)} ${name}`
  const turn = (on: boolean) => update.mutateAsync({ id, enabled: on }).catch(sayFault)
  const toggle = async () => {
    if (await turn(!enabled)) sayUndo(enabled ? models.switchedOff(title) : models.switchedOn(title), () => void turn(enabled))
  }
  const close = () => setOpened(undefined)
  const remove = useRemoval(profile, title, close)
  const isOurs = source !== 'environment'
  const items = [
    { label: settings.edit, onSelect: () => setOpened('edit') },
    { label: enabled ? models.switchOff : models.switchOn, onSelect: () => void toggle() },
    null,
    { label: settings.remove, danger: true, onSelect: () => (source === 'file' ? void remove() : setOpened('remove')) },
  ]
  return (
    <li className="flex min-h-10 flex-wrap items-center gap-x-4 gap-y-1 py-1.5">
      <div className="min-w-44 flex-1">
        <span className="font-bold">{providerName(provider)}</span> <span>{name}</span>{' '}
        <span className="text-muted">
          {tail !== null && `…${tail} `}
          {where !== null && models.from(where)}
        </span>
      </div>
      <span className="w-32">{enabled ? <Mark tone={tones[health]}>{models.health[health]}</Mark> : <Mark tone="none">{models.off}</Mark>}</span>
      {coolingUntil !== null && (
        <span className="text-muted">
          {models.until} <Time at={coolingUntil} />
        </span>
      )}
      <span className="w-20 text-muted max-sm:hidden">
        {models.priority} {priority}
      </span>
      <span className="w-24 text-muted max-sm:hidden">{lastUsedAt === null ? models.unused : <Time at={lastUsedAt} />}</span>
      <Button size="sm" aria-label={models.testOf(title)} busy={test.isPending} onClick={() => test.mutate({ id }, { onError: sayFault })}>
        {test.isPending ? models.testing : models.test}
      </Button>
      {isOurs ? (
        <Menu
          trigger={
            <IconButton size="sm" label={settings.deeds(title)}>
              <Ellipsis size={14} />
            </IconButton>
          }
          items={items}
        />
      ) : (
        <span className="w-6" />
      )}
      {(test.data ?? why) !== null && (
        <p role="status" className="w-full max-w-[72ch] break-words text-muted">
          {test.data ? (test.data.works ? models.tested(duration(test.data.latencyMs)) : test.data.message) : why}
        </p>
      )}
      {opened === 'edit' && <EditKey profile={profile} title={title} onClose={close} />}
      <Confirm
        open={opened === 'remove'}
        title={models.removeKey(title)}
        why={models.removeKeyWhy}
        deed={settings.remove}
        onClose={close}
        onConfirm={() => void remove()}
      />
    </li>
  )
}
/** Forgets a key. One that is read from the file of another tool can be used again from there. */
function useRemoval({ id, provider, source, where }: Profile, title: string, close: () => void): () => Promise<void> {
  const again = async () => {
    const { items } = await call('auth.discover', {})
    const found = items.find((one) => one.provider === provider && one.where === where && one.profileId === null && one.usable)
    if (found) await call('auth.adopt', { id: found.id })
  }
  return async () => {
    close()
    try {
      await call('auth.remove', { id })
      if (source === 'file') sayUndo(models.keyRemoved(title), () => void again().catch(sayFault))
      else say(models.keyRemoved(title))
    } catch (error) {
      sayFault(error)
    }
  }
}
