import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { CompiledQuery, type DatabaseConnection, type Driver, type QueryResult } from 'kysely'

/** So many compiled statements are kept; statements of many rows come in many lengths. */
const keptStatements = 400

interface Prepared {
  readonly statement: StatementSync
  readonly reads: boolean
}
/**
 * Kysely's driver over `node:sqlite`: one connection, statements compiled once. Transactions take the write lock at once, so that none fails in its middle because
 * another process (a command on the same file) wrote meanwhile. `committed` hears of every commit.
 */
export function createSqliteDriver(database: DatabaseSync, committed: () => void): Driver {
  const kept = new Map<string, Prepared>()
  const prepare = (sql: string): Prepared => {
    const known = kept.get(sql)
    if (known) return known
    const statement = database.prepare(sql)
    const prepared = { statement, reads: statement.columns().length > 0 }
    const [oldest] = kept.size >= keptStatements ? kept.keys() : []
    if (oldest !== undefined) kept.delete(oldest)
    kept.set(sql, prepared)
    return prepared
  }
  const connection: DatabaseConnection = {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      const { statement, reads } = prepare(sql)
      const values = parameters as SQLInputValue[]
      if (reads) {
        const rows = statement.all(...values) as R[]
        if (!database.isTransaction && !/^select/i.test(sql)) committed()
        return { rows }
      }
      const { changes } = statement.run(...values)
      if (!database.isTransaction) committed()
      return { rows: [], numAffectedRows: BigInt(changes) }
    },
    // oxlint-disable-next-line require-yield
    async *streamQuery() {
      throw new Error('Lists are read by pages: a cursor would keep the connection from everyone else.')
    },
  }
  const run = (sql: string) => connection.executeQuery(CompiledQuery.raw(sql))
  return {
    async init() {},
    acquireConnection: async () => connection,
    async beginTransaction() {
      await run('BEGIN IMMEDIATE')
    },
    async commitTransaction() {
      await run('COMMIT')
    },
    async rollbackTransaction() {
      // SQLite itself has rolled back after some errors, such as a full disk.
      if (database.isTransaction) database.exec('ROLLBACK')
    },
    async releaseConnection() {},
    async destroy() {
      kept.clear()
      database.close()
    },
  }
}
