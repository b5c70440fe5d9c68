import { Fault } from '@steward/contract'
import type { Transaction } from 'kysely'
import { inTx, outage, type Database } from '../platform/database.ts'
import type { Schema } from '../schema.ts'
import { append, type Change, type Numbered } from './log.ts'
import { countColumns, createCount, type Counted, type Quotas } from './quotas.ts'

/** What work on an account is done with. All it does is one transaction with the changes it tells of. */
export interface AccountTx {
  readonly db: Transaction<Schema>
  readonly accountId: string
  /** Milliseconds since 1970, the same for the whole batch. */
  readonly now: number
  /** Tells of a change: it gets the account's next number in this transaction. */
  emit(change: Change): void
  /**
   * Counts what the account holds by so much more, or less, in this transaction. Throws Fault `too_large` or `too_many`, with a sentence on what to do, where it
   * would be more than the account may hold.
   */
  count(what: Counted, by: number): void
}
/** Work on many inputs at once, answering in their order: equal work that waits together becomes a few statements. It may run again, so it only queries and emits. */
export type Batch<I, O> = (tx: AccountTx, inputs: readonly I[]) => Promise<readonly O[]>

interface Waiting {
  readonly batch: Batch<unknown, unknown>
  readonly input: unknown
  readonly weight: number
  done(value: unknown): void
  fail(error: unknown): void
}
export interface Lanes {
  /** Runs work in the account's lane; resolves when it is durable and its changes have been told of. `weight`: how many rows it writes, about. */
  run<I, O>(accountId: string, batch: Batch<I, O>, input: I, weight?: number): Promise<O>
  /** Runs one piece of work in the account's lane. */
  write<T>(accountId: string, work: (tx: AccountTx) => Promise<T>): Promise<T>
  /** Resolves when nothing is queued. */
  idle(): Promise<void>
}
/** So many queued pieces, and rows, become one transaction. */
const most = { pieces: 200, rows: 2_000 }
/** An account that has so much queued is told to wait. */
const queueLimit = 2_000

const alone: Batch<(tx: AccountTx) => Promise<unknown>, unknown> = async (tx, works) => {
  const values: unknown[] = []
  for (const work of works) values.push(await work(tx))
  return values
}
/**
 * One lane for each account: one transaction in flight, which takes all that waits. It locks the account's row first, so that nodes take turns and numbers
 * have no gaps. `committed` is called with the numbered changes when they are durable, before the callers are answered.
 */
export function createLanes(database: Database, quotas: Quotas, committed: (accountId: string, changes: readonly Numbered[]) => void): Lanes {
  const lanes = new Map<string, { queue: Waiting[]; running: Promise<void> }>()

  const transact = async (accountId: string, taken: readonly Waiting[]): Promise<unknown[]> => {
    const now = Date.now()
    let worked = false
    const { values, changes } = await inTx(database, 'read committed', async (db) => {
      worked = false
      const emitted: Change[] = []
      const count = createCount(await lockAccount(database, db, accountId), quotas)
      const tx: AccountTx = { db, accountId, now, emit: (change) => void emitted.push(change), count: count.count }
      const answers: unknown[] = []
      for (let from = 0; from < taken.length;) {
        const batch = taken[from]?.batch
        if (batch === undefined) break
        let to = from
        while (to < taken.length && taken[to]?.batch === batch) to++
        answers.push(
          ...(await batch(
            tx,
            taken.slice(from, to).map(({ input }) => input),
          )),
        )
        from = to
      }
      const counted = count.changed()
      const numbered = emitted.length === 0 && counted.length === 0 ? [] : await append(db, accountId, emitted, now, counted)
      worked = true
      return { values: answers, changes: numbered }
    }).catch((error: unknown) => {
      throw worked ? new Unsure(error) : error
    })
    await database.durable()
    if (changes.length > 0) committed(accountId, changes)
    return values
  }
  const serve = async (accountId: string, queue: Waiting[]): Promise<void> => {
    // What has come in the same turn of the event loop goes together, over however many connections.
    await new Promise((resolve) => setImmediate(resolve))
    while (queue.length > 0) {
      const taken = take(queue)
      try {
        const values = await transact(accountId, taken)
        taken.forEach((one, at) => one.done(values[at]))
      } catch (error) {
        // One of many was refused: each has its own transaction now, so that it alone is. What may have been kept is never run again.
        if (taken.length === 1 || error instanceof Unsure || outage(error)) for (const one of taken) one.fail(said(error))
        else
          for (const one of taken)
            await transact(accountId, [one]).then(
              ([value]) => one.done(value),
              (reason: unknown) => one.fail(said(reason)),
            )
      }
    }
    lanes.delete(accountId)
  }
  const run: Lanes['run'] = <I, O>(accountId: string, batch: Batch<I, O>, input: I, weight = 1) =>
    new Promise<O>((done, fail) => {
      const waiting = { batch: batch as Batch<unknown, unknown>, input, weight, done: done as (value: unknown) => void, fail }
      const lane = lanes.get(accountId)
      if (lane === undefined) {
        const queue: Waiting[] = [waiting]
        lanes.set(accountId, { queue, running: serve(accountId, queue) })
        return
      }
      if (lane.queue.length >= queueLimit) return fail(new Fault('too_many', 'This account has too much under way; ask again in a moment.'))
      lane.queue.push(waiting)
    })
  return {
    run,
    write: (accountId, work) => run(accountId, alone as Batch<typeof work, Awaited<ReturnType<typeof work>>>, work),
    async idle() {
      while (lanes.size > 0) await Promise.all([...lanes.values()].map(({ running }) => running))
    },
  }
}
/** The commit itself failed: whether it was kept is not known. */
class Unsure extends Error {
  constructor(cause: unknown) {
    super('The commit failed.', { cause })
  }
}
const said = (error: unknown): unknown =>
  error instanceof Unsure || outage(error)
    ? new Fault('unavailable', 'The database did not answer, so it is not known whether this was kept; ask again in a moment.', undefined, {
        cause: error,
      })
    : error
function take(queue: Waiting[]): Waiting[] {
  let rows = 0
  let count = 0
  for (const { weight } of queue) {
    if (count > 0 && (count >= most.pieces || rows + weight > most.rows)) break
    rows += weight
    count++
  }
  return queue.splice(0, count)
}
/** The account's row is the first lock of every transaction that writes for it; with it comes what it holds. Throws Fault `unauthenticated` when the account is gone. */
async function lockAccount({ kind }: Database, db: Transaction<Schema>, accountId: string) {
  const row = db.selectFrom('accounts').select(countColumns).where('id', '=', accountId).where('closed_at', 'is', null)
  const found = await (kind === 'postgres' ? row.forUpdate() : row).executeTakeFirst()
  if (!found) throw new Fault('unauthenticated', 'Invalid token')
  return found
}
