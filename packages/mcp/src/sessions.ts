import { Fault } from '@steward/contract'

/** One session of a client that keeps one (protocol revisions up to 2025-11-25). */
export interface Session {
  readonly id: string
  /** Whose it is: nobody else may speak in it. */
  readonly callerId: string
  close(): Promise<void>
}
export interface SessionLimits {
  /** A session in which nothing has been asked and nothing is open for so long ends. */
  readonly idleMs: number
  readonly perCaller: number
  readonly inAll: number
}
export const sessionLimits: SessionLimits = { idleMs: 30 * 60_000, perCaller: 16, inAll: 128 }
interface Kept<S extends Session> {
  readonly session: S
  open: number
  usedAt: number
}

/** Keeps sessions, a bounded number of them: the one that has rested longest makes room for a new one. */
export function createSessions<S extends Session>(limits: SessionLimits, report: (error: unknown) => void) {
  const kept = new Map<string, Kept<S>>()
  const end = async (id: string): Promise<void> => {
    const found = kept.get(id)
    if (!kept.delete(id)) return
    await found?.session.close()
  }
  const sweep = setInterval(
    () => {
      const before = performance.now() - limits.idleMs
      for (const [id, { open, usedAt }] of kept) if (open === 0 && usedAt <= before) end(id).catch(report)
    },
    Math.min(limits.idleMs, 60_000),
  )
  sweep.unref()
  /** Throws Fault `too_many` where every session of these is in use. */
  const makeRoom = async (among: readonly Kept<S>[], most: number): Promise<void> => {
    if (among.length < most) return
    const [rested] = among.filter(({ open }) => open === 0).toSorted((one, other) => one.usedAt - other.usedAt)
    if (!rested) throw new Fault('too_many', `${most} MCP sessions are open already; end one first.`)
    await end(rested.session.id)
  }
  return {
    /** Throws Fault `too_many`. */
    async room(callerId: string): Promise<void> {
      const all = [...kept.values()]
      await makeRoom(
        all.filter(({ session }) => session.callerId === callerId),
        limits.perCaller,
      )
      await makeRoom([...kept.values()], limits.inAll)
    },
    add: (session: S): void => void kept.set(session.id, { session, open: 0, usedAt: performance.now() }),
    /** Uses a session of this caller for one exchange; undefined where there is none, or it is another's. Call what it answers when the exchange is over. */
    use(id: string, callerId: string): { readonly session: S; done(): void } | undefined {
      const found = kept.get(id)
      if (found?.session.callerId !== callerId) return undefined
      found.open++
      return {
        session: found.session,
        done() {
          found.open--
          found.usedAt = performance.now()
        },
      }
    },
    end,
    all: (): readonly S[] => [...kept.values()].map(({ session }) => session),
    async close(): Promise<void> {
      clearInterval(sweep)
      await Promise.all([...kept.keys()].map(end))
    },
  }
}
