import { setImmediate as turn } from 'node:timers/promises'
import type { Keep, Reason } from './keep.ts'
import type { MemoryPorts } from './ports.ts'
import type { MemoryStore } from './store.ts'

const batch = 100
const dayMs = 86_400_000

/** Forgets what has expired, what was not touched for `memory.days`, and what belongs to an agent or a session that is gone. In small commits. */
export function createPrune(store: MemoryStore, keep: Keep, ports: MemoryPorts) {
  const drop = async (due: () => { seq: number; id: string }[], reason: Reason) => {
    for (let found = due(); found.length > 0; found = due()) {
      ports.commit((emit) => {
        for (const one of found) keep.forget(emit, one, reason)
      })
      await turn()
    }
  }
  return async (now = Date.now()): Promise<void> => {
    await drop(() => store.expired(new Date(now).toISOString(), batch), 'expired')
    const days = ports.days()
    if (days > 0) await drop(() => store.untouchedSince(new Date(now - days * dayMs).toISOString(), batch), 'retention')
    for (let after = 1; ; await turn()) {
      const page = store.scopes(after, batch)
      const last = page.at(-1)
      if (!last) return
      after = last.number
      for (const { number, agentId, sessionId } of page) {
        if ((!agentId || ports.agentExists(agentId)) && (!sessionId || ports.sessionExists(sessionId))) continue
        await drop(() => store.ofScope(number, batch), 'orphaned')
        ports.commit(() => store.dropScope(number))
      }
    }
  }
}
