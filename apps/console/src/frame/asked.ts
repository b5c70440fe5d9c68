import type { StreamItem } from '@steward/contract'
import type { Approval, Question } from '@steward/contract/daemon'
import { inbox as words } from '../text/inbox.ts'

/** Something that began to wait; without a title it is a question. */
export interface Asked {
  readonly id: string
  readonly title: string | undefined
  readonly body: string
}
/** What an event says of what waits: that something began to, or has been settled. Undefined for any other. */
export function asked(item: StreamItem): Asked | { readonly settled: string } | undefined {
  if (!('event' in item)) return undefined
  const { name, data } = item.event
  if (name === 'approval.asked') {
    const { approval } = data as { readonly approval: Approval }
    return { id: approval.id, title: words.notifyTitle(approval.toolId), body: approval.reason }
  }
  if (name === 'question.asked') {
    const { question } = data as { readonly question: Question }
    return { id: question.id, title: undefined, body: question.items[0]?.question ?? '' }
  }
  if (name === 'approval.settled') return { settled: (data as { readonly approvalId: string }).approvalId }
  if (name === 'question.settled') return { settled: (data as { readonly questionId: string }).questionId }
  return undefined
}
