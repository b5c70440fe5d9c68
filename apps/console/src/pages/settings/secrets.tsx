import { useState, type FormEvent } from 'react'
import { Button } from '../../parts/button.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Time } from '../../parts/facts.tsx'
import { Field, Input } from '../../parts/field.tsx'
import { Empty, Failed, Loading } from '../../parts/notes.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { Table } from '../../parts/table.tsx'
import { say, sayFault } from '../../parts/toast.tsx'
import { useList, useWrite, type ItemOf } from '../../platform/operations.ts'
import { examples } from '../../text/common.ts'
import { secrets, settings } from '../../text/settings.ts'

/** The names of the secrets of apps. */
export function Secrets() {
  const list = useList('secrets.list', {})
  const remove = useWrite('secrets.remove')
  const [going, setGoing] = useState<string>()
  const [name, setName] = useState('')
  return (
    <Page title={settings.sections.secrets} about={secrets.about}>
      {list.isPending ? (
        <Loading />
      ) : list.error ? (
        <Failed error={list.error} retry={list.again} />
      ) : (
        <Table<ItemOf<'secrets.list'>>
          label={settings.sections.secrets}
          rows={list.items}
          rowKey={(secret) => secret.name}
          hasMore={list.hasMore}
          isMore={list.isMore}
          more={list.more}
          empty={<Empty title={secrets.none}>{secrets.noneAbout}</Empty>}
          columns={[
            { id: 'name', header: secrets.name, cell: (secret) => <span className="font-mono">{secret.name}</span> },
            { id: 'changed', header: secrets.changed, width: '120px', cell: ({ updatedAt }) => <Time at={updatedAt} /> },
            {
              id: 'deeds',
              header: '',
              width: '170px',
              align: 'end',
              cell: (secret) => (
                <span className="flex gap-1">
                  <Button size="sm" aria-label={`${secrets.replace}: ${secret.name}`} onClick={() => setName(secret.name)}>
                    {secrets.replace}
                  </Button>
                  <Button size="sm" kind="danger" aria-label={`${settings.remove}: ${secret.name}`} onClick={() => setGoing(secret.name)}>
                    {settings.remove}
                  </Button>
                </span>
              ),
            },
          ]}
        />
      )}
      <Section title={secrets.set}>
        <SetSecret name={name} onName={setName} />
      </Section>
      <Confirm
        open={going !== undefined}
        title={secrets.removeTitle(going ?? '')}
        why={secrets.removeWhy}
        deed={settings.remove}
        busy={remove.isPending}
        onClose={() => setGoing(undefined)}
        onConfirm={() =>
          remove.mutate(
            { name: going ?? '' },
            {
              onSuccess: () => say(secrets.removed(going ?? '')),
              onError: sayFault,
              onSettled: () => setGoing(undefined),
            },
          )
        }
      />
    </Page>
  )
}
function SetSecret({ name, onName }: { readonly name: string; readonly onName: (name: string) => void }) {
  const [value, setValue] = useState('')
  const set = useWrite('secrets.set')
  const keep = (event: FormEvent) => {
    event.preventDefault()
    set.mutate(
      { name: name.trim(), value },
      {
        onSuccess() {
          say(secrets.kept(name.trim()))
          setValue('')
          onName('')
        },
      },
    )
  }
  return (
    <form className="flex flex-wrap items-start gap-3" onSubmit={keep}>
      <Field label={secrets.name} hint={secrets.nameHint} error={set.error?.message} className="min-w-44 flex-1">
        {(described) => (
          <Input {...described} value={name} spellCheck={false} placeholder={examples.secret} onChange={(event) => onName(event.target.value)} />
        )}
      </Field>
      <Field label={secrets.value} className="min-w-44 flex-1">
        {(described) => (
          <Input {...described} type="password" autoComplete="new-password" value={value} onChange={(event) => setValue(event.target.value)} />
        )}
      </Field>
      <Button kind="primary" type="submit" className="mt-[22px]" busy={set.isPending} disabled={name.trim() === '' || value === ''}>
        {secrets.setDeed}
      </Button>
    </form>
  )
}
