/**
 * Runs work under a name on at most one node at a time. Answers false where the work was not run because another has the lock, or because it cannot be known
 * whether another has. `signal` is aborted when the lock is lost while the work runs. What the work throws is thrown.
 */
export type WithLock = (name: string, ttlMs: number, work: (signal: AbortSignal) => Promise<void>) => Promise<boolean>
