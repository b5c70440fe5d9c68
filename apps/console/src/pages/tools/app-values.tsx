import { useState, type FormEvent } from 'react'
import { Button } from '../../parts/button.tsx'
import { Field, Input } from '../../parts/field.tsx'
import { Mark } from '../../parts/mark.tsx'
import { Section } from '../../parts/page.tsx'
import { useDraft } from '../../parts/use-draft.ts'
import { say, sayFault, sayUndo } from '../../parts/toast.tsx'
import { useWrite } from '../../platform/operations.ts'
import { tools as words } from '../../text/tools.ts'
import type { App } from './app-state.tsx'

/** What the manifest of an app lets people set. Each is kept when it is left. */
export function AppSettings({ app }: { readonly app: App }) {
  return (
    <Section title={words.settings}>
      {Object.entries(app.settings).map(([name, value]) => (
        <Setting key={name} id={app.id} name={name} value={value} />
      ))}
    </Section>
  )
}
function Setting({ id, name, value }: { readonly id: string; readonly name: string; readonly value: string }) {
  const [given, setGiven] = useDraft(value)
  const configure = useWrite('apps.configure', ['apps.get'])
  const keep = async () => {
    if (given === value) return
    const put = (next: string) => configure.mutateAsync({ id, settings: { [name]: next } }).catch(sayFault)
    if (await put(given)) sayUndo(words.saved(name), () => void put(value))
  }
  return (
    <Field label={name} className="max-w-[560px]">
      {(described) => (
        <Input
          {...described}
          value={given}
          onChange={(event) => setGiven(event.target.value)}
          onBlur={() => void keep()}
          onKeyDown={(event) => event.key === 'Enter' && void keep()}
        />
      )}
    </Field>
  )
}
/** The secrets that an app needs: which are set, and a field for each. */
export function AppSecrets({ app }: { readonly app: App }) {
  return (
    <Section title={words.secrets}>
      <p className="text-muted">{words.secretsAbout}</p>
      {app.secrets.map(({ name, isSet }) => (
        <Secret key={name} name={name} isSet={isSet} />
      ))}
    </Section>
  )
}
function Secret({ name, isSet }: { readonly name: string; readonly isSet: boolean }) {
  const [value, setValue] = useState('')
  const set = useWrite('secrets.set', ['apps.get', 'secrets.list'])
  const keep = (event: FormEvent) => {
    event.preventDefault()
    set.mutate(
      { name, value },
      {
        onSuccess() {
          setValue('')
          say(words.secretKept(name))
        },
        onError: sayFault,
      },
    )
  }
  return (
    <form className="flex max-w-[560px] flex-wrap items-center gap-2" onSubmit={keep}>
      <span className="w-44 font-mono break-all">{name}</span>
      <Mark tone={isSet ? 'good' : 'warn'}>{isSet ? words.secretSet : words.secretMissing}</Mark>
      <Input
        type="password"
        autoComplete="new-password"
        aria-label={words.secretValue(name)}
        className="min-w-32 flex-1"
        value={value}
        onChange={(event) => setValue(event.target.value)}
      />
      <Button type="submit" busy={set.isPending} disabled={value === ''}>
        {words.setSecret}
      </Button>
    </form>
  )
}
