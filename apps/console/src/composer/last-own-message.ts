import type { Message } from '@steward/contract/daemon'
import { call } from '../platform/daemon.ts'

/** The last message of the person that a run has taken up, or null. */
export async function lastOwnMessage(sessionId: string): Promise<Message | null> {
  for (let cursor: string | undefined; ;) {
    const page = await call('messages.list', { sessionId, limit: 50, ...(cursor === undefined ? {} : { cursor }) })
    const found = page.items.findLast(({ role, synthetic, status }) => role === 'user' && !synthetic && status !== 'queued')
    if (found) return found
    if (page.nextCursor === null) return null
    cursor = page.nextCursor
  }
}
