import type { Fault } from '@steward/contract'
import type { GatewayTerms } from '@steward/contract/daemon'
import { anyChange, type Change } from '@steward/mcp/news'
import type { Delegate } from '@steward/client/node'

/** Until a daemon has said more: nothing but loopback names, and what is too large is left to the daemon. */
const unsaid: GatewayTerms = { hosts: [], origins: [], maxBodyBytes: 4_000_000, maxUploadBytes: Number.MAX_SAFE_INTEGER, news: 0 }

/** Keeps what the daemon wants of a gateway. `refused` hears from a daemon that will not say it. */
export function createTerms(delegate: Delegate, refused: (fault: Fault) => void) {
  let terms: GatewayTerms = unsaid
  let changes = 0
  const waiting = new Set<() => void>()
  const ring = () => {
    for (const wake of waiting) wake()
  }
  let closed = false
  delegate.terms(
    (said, fresh) => {
      const before = terms
      terms = said as GatewayTerms
      // What happened while the daemon was away is not known.
      if (fresh || before.news !== terms.news) changes += 1
      ring()
    },
    (fault) => {
      if (!closed) refused(fault)
    },
  )
  const rung = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const wake = () => {
        waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      waiting.add(wake)
      signal.addEventListener('abort', wake, { once: true })
      if (signal.aborted) wake()
    })
  return {
    now: () => terms,
    /** Resolves when the daemon has spoken, or the time is up. */
    async first(limitMs: number): Promise<void> {
      if (changes === 0) await rung(AbortSignal.timeout(limitMs))
    },
    /** Yields whenever something has happened that MCP hosts are told of, or may have; what it was is not known here. */
    async *changes(signal: AbortSignal): AsyncGenerator<Change> {
      for (let seen = changes; !signal.aborted; await rung(signal)) {
        if (changes === seen) continue
        seen = changes
        yield { name: anyChange, data: null }
      }
    },
    close: () => void (closed = true),
  }
}
