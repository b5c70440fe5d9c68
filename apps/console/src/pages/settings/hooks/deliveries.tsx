import { Time } from '../../../parts/facts.tsx'
import { Mark, type Tone } from '../../../parts/mark.tsx'
import { More } from '../../../parts/more.tsx'
import { Failed, Loading } from '../../../parts/notes.tsx'
import { Plain } from '../../../parts/plain.tsx'
import { useList, type ItemOf } from '../../../platform/operations.ts'
import { hooks } from '../../../text/settings-agents.ts'

const tones = { waiting: 'busy', delivered: 'good', failed: 'bad', cancelled: 'none' } as const satisfies Record<
  ItemOf<'hooks.deliveries'>['status'],
  Tone
>

/** What a hook has sent and has still to send, with its tries. */
export function Deliveries({ id }: { readonly id: string }) {
  // That one has arrived is told by no event: it could be what another hook waits for.
  const list = useList('hooks.deliveries', { id, limit: 20 }, { againMs: (items) => items.some(({ status }) => status === 'waiting') && 1_000 })
  if (list.isPending) return <Loading />
  if (list.error) return <Failed error={list.error} retry={list.again} />
  if (list.items.length === 0) return <p className="w-full text-muted">{hooks.noDeliveries}</p>
  return (
    <div className="flex w-full flex-col gap-2 pl-4">
      <ul aria-label={hooks.deliveries} className="divide-y border-y">
        {list.items.map(({ id: delivery, event, status, attempts, error, nextAt, createdAt }) => (
          <li key={delivery} className="flex min-h-8 flex-wrap items-center gap-x-4 py-1">
            <Mark tone={tones[status]}>{hooks.delivery[status]}</Mark>
            <span className="font-mono">{event.name}</span>
            <span className="text-muted">{hooks.attempts(attempts)}</span>
            {nextAt !== null && status === 'waiting' && (
              <span className="text-muted">
                {hooks.next} <Time at={nextAt} />
              </span>
            )}
            <span className="ml-auto">
              <Time at={createdAt} />
            </span>
            {error !== null && (
              <p className="w-full break-words text-muted">
                <Plain text={error} />
              </p>
            )}
          </li>
        ))}
      </ul>
      <More list={list} />
    </div>
  )
}
