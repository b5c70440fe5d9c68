import { useState, type FormEvent } from 'react'
import { Button } from '../parts/button.tsx'
import { Field, Input, Select } from '../parts/field.tsx'
import { call } from '../platform/daemon.ts'
import { sentence } from '../parts/format.ts'
import { useRead } from '../platform/operations.ts'
import { keys, providerName } from '../text/keys.ts'

export interface AddKeyProps {
  /** Which provider stands there first. */
  readonly provider?: string
  /** Called with the provider when its key works, or is kept without a test. */
  readonly onAdded: (provider: string) => void
}
/** A key that was taken and then refused by its provider, or not tested. */
interface Doubt {
  readonly id: string
  readonly words: string
}
/** Gives a provider a key and tests it at once. A key that the provider refuses is taken back, and its own words are shown. */
export function AddKey({ provider: first = 'anthropic', onAdded }: AddKeyProps) {
  const providers = useRead('providers.list', { limit: 200 })
  const [provider, setProvider] = useState(first)
  const [key, setKey] = useState('')
  const [name, setName] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string>()
  const [doubt, setDoubt] = useState<Doubt>()
  const add = async (event: FormEvent) => {
    event.preventDefault()
    if (key.trim() === '') return setError(keys.keyNeeded)
    setBusy(true)
    setError(undefined)
    setDoubt(undefined)
    try {
      const { id } = await call('auth.add', { provider, key: key.trim(), ...(name.trim() === '' ? {} : { name: name.trim() }) })
      const { works, status, message } = await call('auth.test', { id })
      if (works) {
        setKey('')
        onAdded(provider)
      } else if (status === 401 || status === 403) {
        await call('auth.remove', { id })
        setError(keys.refused(message))
      } else setDoubt({ id, words: keys.unreached(message) })
    } catch (fault) {
      setError(sentence(fault))
    } finally {
      setBusy(false)
    }
  }
  const options = (providers.data?.items ?? []).map(({ id }) => ({ value: id, label: providerName(id) }))
  return (
    <form className="flex flex-col gap-3" onSubmit={(event) => void add(event)} noValidate>
      <div className="flex flex-wrap gap-3">
        <Field label={keys.provider} className="w-40 max-sm:w-full">
          {(described) => <Select {...described} value={provider} onChange={setProvider} options={options} />}
        </Field>
        <Field label={keys.name} className="min-w-40 flex-1" hint={keys.nameHint}>
          {(described) => <Input {...described} value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />}
        </Field>
      </div>
      <Field label={keys.key} hint={keys.keyHint} error={error}>
        {(described) => (
          <Input
            {...described}
            type="password"
            autoComplete="new-password"
            spellCheck={false}
            value={key}
            onChange={(event) => setKey(event.target.value)}
          />
        )}
      </Field>
      {doubt && (
        <div role="alert" className="flex flex-wrap items-center gap-2 rounded-sm border border-warn bg-warn-soft px-3 py-2">
          <span className="min-w-0 flex-1 break-words">{doubt.words}</span>
          <Button size="sm" onClick={() => onAdded(provider)}>
            {keys.keep}
          </Button>
        </div>
      )}
      <div className="flex items-center gap-3">
        <Button kind="primary" type="submit" busy={busy}>
          {keys.add}
        </Button>
        <span role="status" className="text-muted">
          {busy ? keys.adding : ''}
        </span>
      </div>
    </form>
  )
}
