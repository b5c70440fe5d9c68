import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

/** Checks one database file off the main thread; answers SQLite's verdict, `ok` for a whole one. */
function check(path: string): string {
  try {
    const db = new DatabaseSync(path, { readOnly: true })
    try {
      const rows = db.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[]
      return rows.map(({ integrity_check: verdict }) => verdict).join('; ')
    } finally {
      db.close()
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
parentPort?.postMessage(check(workerData as string), [])
