import { useSearch } from '@tanstack/react-router'
import { Button } from '../../parts/button.tsx'
import { Empty, Failed, Loading } from '../../parts/notes.tsx'
import { Page } from '../../parts/page.tsx'
import { useList } from '../../platform/operations.ts'
import { narrow, useMedia } from '../../parts/use-media.ts'
import { common } from '../../text/common.ts'
import { inbox as words } from '../../text/inbox.ts'
import { useNewSession } from '../../sessions/new-session.ts'
import { NotifyButton } from '../../decisions/notify-button.tsx'
import { SettledList } from './settled-list.tsx'
import { WaitingList, type Waiting } from './waiting-list.tsx'

/** All that waits for a person, in one place: approvals and questions of every session and execution. */
export function InboxPage() {
  const begin = useNewSession()
  const isPhone = useMedia(narrow)
  const { at } = useSearch({ strict: false }) as { at?: string }
  const approvals = useList('approvals.list', { limit: 200 })
  const questions = useList('questions.list', { limit: 200 })
  const items: Waiting[] = [
    ...approvals.items.map((approval) => ({ id: approval.id, at: approval.createdAt, approval })),
    ...questions.items.map((question) => ({ id: question.id, at: question.createdAt, question })),
  ].toSorted((one, other) => (one.at < other.at ? -1 : 1))
  const error = approvals.error ?? questions.error
  const more = () => {
    if (approvals.hasMore) approvals.more()
    if (questions.hasMore) questions.more()
  }
  const again = () => {
    approvals.again()
    questions.again()
  }
  return (
    <Page title={words.title} about={isPhone ? words.aboutPhone : words.about} actions={<NotifyButton />}>
      {error !== null && <Failed error={error} retry={again} />}
      {error !== null ? null : approvals.isPending || questions.isPending ? (
        <Loading />
      ) : items.length === 0 ? (
        <Empty title={words.empty} action={<Button onClick={() => void begin({ title: words.tryTitle, text: words.tryText })}>{words.tryIt}</Button>}>
          {words.emptyAbout}
        </Empty>
      ) : (
        <WaitingList items={items} first={at} />
      )}
      {(approvals.hasMore || questions.hasMore) && <Button onClick={more}>{common.more}</Button>}
      <SettledList />
    </Page>
  )
}
