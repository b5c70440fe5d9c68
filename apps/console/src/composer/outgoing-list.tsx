import { Clock, LoaderCircle, Pencil, RotateCcw, TriangleAlert, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../parts/button.tsx'
import { Plain } from '../parts/plain.tsx'
import { say, sayFault } from '../parts/toast.tsx'
import { call } from '../platform/daemon.ts'
import { composer as text } from '../text/composer.ts'
import type { Outgoing } from './draft-store.ts'
import { drafts, outbox, type DraftHandle } from './draft.ts'
import { uploadOf } from './uploads.ts'
import { useQueuedMessages, type UnderWay } from './use-under-way.ts'

function Line({
  icon,
  words,
  state,
  children,
}: {
  readonly icon: ReactNode
  readonly words: string
  readonly state: string
  readonly children?: ReactNode
}) {
  return (
    <li className="flex min-h-8 flex-wrap items-center gap-x-2 border-b px-3 last:border-b-0">
      <span aria-hidden className="shrink-0 text-muted">
        {icon}
      </span>
      <span className="line-clamp-1 min-w-0 flex-1 basis-24 break-all">
        <Plain text={words.slice(0, 300)} />
      </span>
      <span className="min-w-0 text-xs text-muted">{state}</span>
      <span className="flex gap-1">{children}</span>
    </li>
  )
}
export interface OutgoingListProps {
  readonly sessionId: string
  readonly draft: DraftHandle
  readonly underWay: UnderWay
}
/** What was sent and is not at work yet: on its way, refused, or waiting for its turn. */
export function OutgoingList({ sessionId, draft, underWay }: OutgoingListProps) {
  const waiting = useQueuedMessages(sessionId, underWay.run !== undefined)
  const { run, queued } = underWay
  const shown = waiting.filter(({ runId }) => runId !== run?.id || run?.status !== 'queued')
  if (shown.length === 0 && draft.outgoing.length === 0) return null
  const edit = (message: Outgoing) => {
    drafts.update(sessionId, ({ text: written, uploads }) => ({
      text: written === '' ? message.text : `${message.text}\n\n${written}`,
      uploads: [...message.attachments.map(uploadOf), ...uploads],
    }))
    outbox.drop(sessionId, message.key)
    draft.focus()
  }
  const cancel = (runId: string) => call('runs.cancel', { id: runId }).then(() => say(text.cancelled), sayFault)
  return (
    <ul aria-label={text.queueLabel} className="rounded-t-sm border border-b-0 bg-panel">
      {shown.map(({ id, text: words, runId }) => {
        const own = queued.find((one) => one.id === runId)
        return (
          <Line key={id} icon={<Clock size={14} />} words={words} state={own ? text.queued : text.steering}>
            {own && (
              <Button size="sm" kind="quiet" onClick={() => void cancel(own.id)}>
                <X aria-hidden size={13} />
                <span className="max-sm:sr-only">{text.cancelQueued}</span>
              </Button>
            )}
          </Line>
        )
      })}
      {draft.outgoing.map((message) =>
        message.state === 'sending' ? (
          <Line key={message.key} icon={<LoaderCircle size={14} className="animate-spin" />} words={message.text} state={text.sending} />
        ) : (
          <li key={message.key} className="border-b last:border-b-0">
            <ul>
              <Line icon={<TriangleAlert size={14} className="text-bad" />} words={message.text} state={text.notSent}>
                <Button size="sm" kind="quiet" onClick={() => edit(message)}>
                  <Pencil aria-hidden size={13} />
                  {text.editAgain}
                </Button>
                <Button size="sm" kind="quiet" onClick={() => void outbox.retry(sessionId, message)}>
                  <RotateCcw aria-hidden size={13} />
                  {text.retry}
                </Button>
                <Button size="sm" kind="quiet" onClick={() => outbox.drop(sessionId, message.key)}>
                  {text.discard}
                </Button>
              </Line>
            </ul>
            <p role="alert" className="px-3 pb-2 text-xs break-words text-bad">
              {message.error}
            </p>
          </li>
        ),
      )}
    </ul>
  )
}
