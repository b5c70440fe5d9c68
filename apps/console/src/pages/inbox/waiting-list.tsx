import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { ApprovalCard } from '../../decisions/approval-card.tsx'
import { QuestionCard } from '../../decisions/question-card.tsx'
import { useKeys } from '../../frame/keys.ts'
import type { ItemOf } from '../../platform/operations.ts'
import { inbox as words } from '../../text/inbox.ts'
import { Origin } from './origin.tsx'

export type Waiting = { readonly id: string; readonly at: string } & (
  | { readonly approval: ItemOf<'approvals.list'> }
  | { readonly question: ItemOf<'questions.list'> }
)

const cardOf = (list: HTMLElement | null, id: string) => list?.querySelector<HTMLElement>(`[data-approval="${id}"], [data-question="${id}"]`)

/** The cards of all that waits. J and K go from one to the next; after one is settled the next has the focus. */
export function WaitingList({ items, first }: { readonly items: readonly Waiting[]; readonly first?: string | undefined }) {
  const list = useRef<HTMLUListElement>(null)
  const navigate = useNavigate()
  const [wanted, setWanted] = useState(first)
  useEffect(() => {
    if (wanted === undefined) return
    const card = cardOf(list.current, wanted)
    card?.focus()
    card?.scrollIntoView({ block: 'nearest' })
  }, [wanted])
  const placeOfFocus = () => items.findIndex(({ id }) => cardOf(list.current, id)?.contains(document.activeElement))
  const go = (to: number) => {
    const item = items[Math.max(0, Math.min(to, items.length - 1))]
    if (item === undefined) return
    const card = cardOf(list.current, item.id)
    card?.focus()
    card?.scrollIntoView({ block: 'nearest' })
  }
  const enter = () => void (placeOfFocus() < 0 && go(0))
  useKeys({ j: () => go(placeOfFocus() + 1), k: () => go(placeOfFocus() - 1), a: enter, d: enter })
  const settled = (id: string) => {
    const place = items.findIndex((item) => item.id === id)
    setWanted((items[place + 1] ?? items[place - 1])?.id)
  }
  const open = (sessionId: string | null, executionId: string | null) => {
    if (sessionId !== null) void navigate({ to: '/sessions/$sessionId', params: { sessionId } })
    else if (executionId !== null) void navigate({ to: '/history/$executionId', params: { executionId } })
  }
  return (
    <ul ref={list} aria-label={words.list} className="flex flex-col gap-3">
      {items.map((item) => {
        const { sessionId, executionId } = 'approval' in item ? item.approval : { sessionId: item.question.sessionId, executionId: null }
        const shared = {
          from: <Origin sessionId={sessionId} executionId={executionId} />,
          onSettled: () => settled(item.id),
          onOpen: () => open(sessionId, executionId),
        }
        return (
          <li key={item.id}>
            {'approval' in item ? <ApprovalCard approval={item.approval} {...shared} /> : <QuestionCard question={item.question} {...shared} />}
          </li>
        )
      })}
    </ul>
  )
}
