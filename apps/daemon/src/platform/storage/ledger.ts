import type { Fault } from '@steward/contract'
import type { CallFacts, Ledger } from '@steward/kernel'
import type { Commit, Emit } from './event-log.ts'
import type { DatabaseName, Store } from './store.ts'

export interface CommitContext {
  /**
   * Writes rows and the events that tell of them in one transaction on the operation's database. With an idempotency key, what `write`
   * returns is kept as the answer a twin gets: return the operation's answer from its first commit.
   */
  readonly commit: Commit
  /** Replaces the answer that a twin of this call gets, once more is known than at its commit. */
  keep(answer: unknown): void
}
interface Refusals {
  refused(facts: CallFacts, fault: Fault): void
  wasRead(facts: CallFacts): void
}
const keptMs = 24 * 3_600_000

/** The kernel's ledger over the three databases: the caller's fact, the idempotency key and the effect share one transaction. */
export function createLedger(stores: Readonly<Record<DatabaseName, Store>>, refusals: Refusals): Ledger<CommitContext> {
  const statements = Object.fromEntries(
    Object.values(stores).map(({ name, db }) => [
      name,
      {
        find: db.prepare('SELECT digest, answer FROM idempotency WHERE caller = ? AND operation = ? AND key = ? AND created_at > ?'),
        clear: db.prepare('DELETE FROM idempotency WHERE (caller = ? AND operation = ? AND key = ?) OR created_at <= ?'),
        insert: db.prepare('INSERT INTO idempotency (caller, operation, key, digest, answer, created_at) VALUES (?, ?, ?, ?, ?, ?)'),
        keep: db.prepare('UPDATE idempotency SET answer = ? WHERE caller = ? AND operation = ? AND key = ?'),
      },
    ]),
  )
  const of = (database: string | undefined) => {
    const store = stores[database as DatabaseName]
    const prepared = statements[database ?? '']
    if (!store || !prepared) throw new TypeError(`The operation names no database, yet it commits.`)
    return { store, prepared }
  }
  const oldest = () => new Date(Date.now() - keptMs).toISOString()
  return {
    begin(facts, op) {
      let first = true
      let touched = false
      const commit: Commit = (write) => {
        const { store, prepared } = of(facts.database)
        touched = true
        return store.log.commit((emit) => {
          const value = write(emit)
          if (first) {
            first = false
            emitFact(emit, facts)
            if (facts.key !== undefined) {
              prepared.clear.run(facts.caller.id, facts.operation, facts.key, oldest())
              prepared.insert.run(
                facts.caller.id,
                facts.operation,
                facts.key,
                facts.digest,
                op.secret ? null : JSON.stringify(value ?? null),
                new Date().toISOString(),
              )
            }
          }
          return value
        })
      }
      const keep = (answer: unknown) => {
        const { key } = facts
        if (key === undefined || first) return
        const { store, prepared } = of(facts.database)
        store.log.commit(() => void prepared.keep.run(JSON.stringify(answer), facts.caller.id, facts.operation, key))
      }
      return {
        context: { commit, keep },
        async durable() {
          if (touched || facts.key !== undefined) await of(facts.database).store.log.durable()
        },
      }
    },
    recall(facts) {
      const row = of(facts.database).prepared.find.get(facts.caller.id, facts.operation, facts.key ?? '', oldest()) as
        | { digest: string; answer: string | null }
        | undefined
      return row && { digest: row.digest, answer: row.answer === null ? null : (JSON.parse(row.answer) as unknown) }
    },
    refused: refusals.refused,
    wasRead: refusals.wasRead,
  }
}
function emitFact(emit: Emit, facts: CallFacts): void {
  emit('call.committed', {
    operation: facts.operation,
    caller: facts.caller.id,
    door: facts.caller.door,
    requestId: facts.requestId,
    digest: facts.digest,
    subject: facts.subject,
  })
}
