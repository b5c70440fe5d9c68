import { Empty, Failed, Loading } from '../../../parts/notes.tsx'
import { useList } from '../../../platform/operations.ts'
import { models } from '../../../text/settings-access.ts'
import { KeyRow } from './key-row.tsx'

/** The keys of all providers and how they do. */
export function Keys() {
  const list = useList('auth.list', { limit: 200 })
  if (list.isPending) return <Loading />
  if (list.error) return <Failed error={list.error} retry={list.again} />
  if (list.items.length === 0) return <Empty title={models.keysNone}>{models.keysNoneAbout}</Empty>
  return (
    <ul className="divide-y border-y">
      {list.items.map((profile) => (
        <KeyRow key={profile.id} profile={profile} />
      ))}
    </ul>
  )
}
