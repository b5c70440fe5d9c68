import { useState } from 'react'
import { Button } from '../../parts/button.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Time } from '../../parts/facts.tsx'
import { bytes } from '../../parts/format.ts'
import { Mark } from '../../parts/mark.tsx'
import { Empty, Failed, Loading } from '../../parts/notes.tsx'
import { Page } from '../../parts/page.tsx'
import { say, sayFault } from '../../parts/toast.tsx'
import { useList, useRead, useWrite, type ItemOf } from '../../platform/operations.ts'
import { text } from '../../text/index.ts'
import { backups, settings } from '../../text/settings.ts'

/** Copies of all data: made, checked, deleted. */
export function Backups() {
  const list = useList('backups.list', {})
  const create = useWrite('backups.create')
  const remove = useWrite('backups.delete')
  const [going, setGoing] = useState<string>()
  const make = (
    <Button
      kind="primary"
      busy={create.isPending}
      onClick={() => create.mutate({}, { onSuccess: ({ name }) => say(backups.created(name)), onError: sayFault })}
    >
      {create.isPending ? backups.creating : backups.create}
    </Button>
  )
  return (
    <Page title={settings.sections.backups} about={backups.about} actions={list.items.length > 0 ? make : undefined}>
      {list.isPending && <Loading />}
      {list.error && <Failed error={list.error} retry={list.again} />}
      {!list.isPending && !list.error && list.items.length === 0 && <Empty title={backups.none} action={make} />}
      {list.items.length > 0 && (
        <>
          <ul className="divide-y border-y">
            {list.items.map((backup) => (
              <Copy key={backup.name} backup={backup} onDelete={() => setGoing(backup.name)} />
            ))}
          </ul>
          <p className="text-muted">{backups.restore}</p>
        </>
      )}
      <Confirm
        open={going !== undefined}
        title={backups.deleteTitle(going ?? '')}
        why={backups.deleteWhy}
        deed={backups.deleteOf(going ?? '')}
        busy={remove.isPending}
        onClose={() => setGoing(undefined)}
        onConfirm={() =>
          remove.mutate(
            { name: going ?? '' },
            { onSuccess: () => say(backups.deleted(going ?? '')), onError: sayFault, onSettled: () => setGoing(undefined) },
          )
        }
      />
    </Page>
  )
}
function Copy({
  backup: { name, path, createdAt, bytes: size },
  onDelete,
}: {
  readonly backup: ItemOf<'backups.list'>
  readonly onDelete: () => void
}) {
  const [asked, setAsked] = useState(false)
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
      <div className="min-w-0 flex-1">
        <div className="font-bold">{name}</div>
        <div className="font-mono text-xs break-all text-muted">{path}</div>
      </div>
      <Time at={createdAt} />
      <span className="text-muted">{bytes(size)}</span>
      <Button size="sm" aria-label={backups.verifyOf(name)} onClick={() => setAsked(true)}>
        {backups.verify}
      </Button>
      <Button size="sm" kind="danger" aria-label={backups.deleteOf(name)} onClick={onDelete}>
        {text.common.delete}
      </Button>
      {asked && <Verdict path={path} />}
    </li>
  )
}
function Verdict({ path }: { readonly path: string }) {
  const check = useRead('backups.verify', { path })
  if (check.isPending)
    return (
      <p role="status" className="w-full text-muted">
        {backups.verifying}
      </p>
    )
  if (check.error)
    return (
      <div className="w-full">
        <Failed error={check.error} retry={() => void check.refetch()} />
      </div>
    )
  const { intact, faults, databases, files } = check.data
  return (
    <div role="status" className="w-full">
      <Mark tone={intact ? 'good' : 'bad'}>{intact ? backups.intact(databases, files) : backups.broken}</Mark>
      {faults.map((fault) => (
        <p key={fault} className="break-words text-muted">
          {fault}
        </p>
      ))}
    </div>
  )
}
