import type { Sender } from '@steward/client'
import { Fault } from '@steward/contract'
import type { Approval } from '@steward/contract/daemon'
import type { Asker } from '../talk/asker.ts'
import { askApproval } from '../talk/decisions.ts'
import type { Screen } from '../talk/screen.ts'

/** Shows a waiting call and has the person decide. False when the person left without a word; true too when it was settled elsewhere meanwhile. */
export async function decide(sender: Sender, approvalId: string, asker: Asker, screen: Screen): Promise<boolean> {
  const approval = (await sender.call('approvals.get', { id: approvalId })) as Approval
  if (approval.status !== 'waiting') return true
  const [over, settled] = [new AbortController(), new AbortController()]
  const watching = watch(sender, approvalId, over.signal, () => settled.abort())
  try {
    const decision = await screen.hold((write) => askApproval(asker, write, approval, screen.style, settled.signal))
    if (decision) {
      const answer = (await sender.call('approvals.settle', { id: approvalId, ...decision })) as { settled: boolean }
      if (!answer.settled) screen.note('It had been decided elsewhere before.')
    } else if (settled.signal.aborted) screen.note('It has been decided elsewhere.')
    return decision !== undefined || settled.signal.aborted
  } finally {
    over.abort()
    await watching
  }
}
/** Calls `settled` when the approval is settled from another door. Whoever may not read events is not told. */
async function watch(sender: Sender, approvalId: string, signal: AbortSignal, settled: () => void): Promise<void> {
  try {
    for await (const item of sender.events({ names: ['approval.settled'] }, signal))
      if ('event' in item && (item.event.data as { approvalId?: unknown }).approvalId === approvalId) return settled()
  } catch (error) {
    if (!(error instanceof Fault) && !signal.aborted) throw error
  }
}
