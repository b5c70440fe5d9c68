import { useId, useState, type FormEvent } from 'react'
import { Button } from '../../../parts/button.tsx'
import { Confirm } from '../../../parts/confirm.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { Field, Input, Select, TextArea } from '../../../parts/field.tsx'
import { Failed } from '../../../parts/notes.tsx'
import { say, sayFault, sayUndo } from '../../../parts/toast.tsx'
import { call } from '../../../platform/daemon.ts'
import { useWrite } from '../../../platform/operations.ts'
import { text } from '../../../text/index.ts'
import { providerName } from '../../../text/keys.ts'
import { models } from '../../../text/settings-access.ts'
import { settings } from '../../../text/settings.ts'
import type { Provider } from './types.ts'

const kinds = ['openai-compatible', 'openai', 'anthropic', 'google'] as const
const apis = ['chat', 'responses'] as const

/** Sets a provider up, or changes its address, interface and models. */
export function EditProvider({ provider, onClose }: { readonly provider?: Provider; readonly onClose: () => void }) {
  const form = useId()
  const [id, setId] = useState(provider?.id ?? '')
  const [kind, setKind] = useState<Provider['kind']>(provider?.kind ?? 'openai-compatible')
  const [baseUrl, setBaseUrl] = useState(provider?.baseUrl ?? '')
  const [api, setApi] = useState<Provider['api']>(provider?.api ?? 'chat')
  const [list, setList] = useState(provider?.models.join('\n') ?? '')
  const [asks, setAsks] = useState(false)
  const set = useWrite('providers.set', ['auth.list'])
  const remove = useWrite('providers.remove', ['auth.list'])
  const save = (event: FormEvent) => {
    event.preventDefault()
    const named = list
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
    // An address that stands there unchanged is the vendor's own or the environment's: it is not stored.
    const address = baseUrl.trim() === (provider?.baseUrl ?? '') && provider?.updatedAt === null ? {} : { baseUrl: baseUrl.trim() || null }
    set.mutate(
      { id: id.trim(), models: named, api, ...address, ...(provider === undefined ? { kind } : {}) },
      {
        onSuccess(now) {
          say(models.providerSaved(providerName(now.id)))
          onClose()
        },
      },
    )
  }
  const forget = () => {
    if (!provider) return
    const { hasKey, keySource, updatedAt: _at, ...kept } = provider
    remove.mutate(
      { id: provider.id },
      {
        onSuccess() {
          onClose()
          const words = models.providerRemoved(providerName(provider.id))
          if (hasKey && keySource !== 'environment') say(words)
          else sayUndo(words, () => void call('providers.set', { ...kept, models: [...kept.models] }).catch(sayFault))
        },
        onError: sayFault,
      },
    )
  }
  const hasStoredKey = provider?.hasKey === true && provider.keySource !== 'environment'
  return (
    <Dialog
      open
      onClose={onClose}
      title={provider ? models.editProvider(providerName(provider.id)) : models.addProvider}
      actions={
        <>
          {provider && (provider.updatedAt !== null || hasStoredKey) && (
            <Button kind="danger" className="mr-auto" busy={remove.isPending} onClick={() => (hasStoredKey ? setAsks(true) : forget())}>
              {settings.remove}
            </Button>
          )}
          <Button kind="primary" type="submit" form={form} busy={set.isPending}>
            {text.common.save}
          </Button>
        </>
      }
    >
      <form id={form} className="flex flex-col gap-3" onSubmit={save} noValidate>
        {set.error && <Failed error={set.error} />}
        {!provider && (
          <>
            <Field label={models.id} hint={models.idHint}>
              {(described) => <Input {...described} value={id} spellCheck={false} onChange={(event) => setId(event.target.value)} />}
            </Field>
            <Field label={models.kind}>
              {(described) => (
                <Select {...described} value={kind} onChange={setKind} options={kinds.map((value) => ({ value, label: models.kinds[value] }))} />
              )}
            </Field>
          </>
        )}
        <Field label={models.baseUrl} hint={models.baseUrlHint}>
          {(described) => <Input {...described} type="url" spellCheck={false} value={baseUrl} onChange={(event) => setBaseUrl(event.target.value)} />}
        </Field>
        <Field label={models.api}>
          {(described) => (
            <Select {...described} value={api} onChange={setApi} options={apis.map((value) => ({ value, label: models.apis[value] }))} />
          )}
        </Field>
        <Field label={models.list} hint={models.listHint}>
          {(described) => (
            <TextArea {...described} className="font-mono" spellCheck={false} value={list} onChange={(event) => setList(event.target.value)} />
          )}
        </Field>
      </form>
      <Confirm
        open={asks}
        title={models.removeProvider(providerName(provider?.id ?? ''))}
        why={models.removeProviderWhy}
        deed={settings.remove}
        busy={remove.isPending}
        onClose={() => setAsks(false)}
        onConfirm={forget}
      />
    </Dialog>
  )
}
